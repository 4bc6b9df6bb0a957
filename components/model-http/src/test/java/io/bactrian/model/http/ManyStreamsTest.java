package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.testkit.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyStreamsTest {

    private static final int STREAMS = 1_000;
    private static final String PINNED = "jdk.VirtualThreadPinned";

    @TempDir
    Path folder;

    @Test
    @DisplayName("STR-11: a thousand streams at once, on virtual threads where there are any, none of them pinned")
    void readsAThousandStreamsAtOnce() throws Exception {
        try (Fixture fixture = new Fixture();
                EgressClient client = EgressClient.builder(
                                EgressPolicy.parse(List.of("127.0.0.1:" + fixture.server.port())))
                        .maxConnections(STREAMS, STREAMS)
                        .build();
                OpenAiDialect dialect = new OpenAiDialect(client, EgressLimits.DEFAULT, Clock.systemUTC());
                Recording recording = new Recording()) {
            fixture.server.handle(request -> Reply.sse(piece("one "), piece("two "), last("three"), "[DONE]"));
            // classes are initialized by one thread while others wait, which pins them: once, and before it counts
            try (ModelStream first = dialect.streamLlm(fixture.call(), Fixture.QUESTION)) {
                assertThat(first.collect().text()).isEqualTo("one two three");
            }
            recording.enable(PINNED).withThreshold(Duration.ofMillis(20));
            recording.start();
            CyclicBarrier allOpen = new CyclicBarrier(STREAMS);
            ExecutorService threads = threads();
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                answers.add(threads.submit(() -> answer(dialect, fixture, allOpen)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(2, TimeUnit.MINUTES)).isEqualTo("one two three");
            }
            threads.shutdownNow();
            assertThat(pinnings(recording)).isEmpty();
        }
    }

    private static String answer(OpenAiDialect dialect, Fixture fixture, CyclicBarrier allOpen) throws Exception {
        try (ModelStream stream = dialect.streamLlm(patient(fixture.call()), Fixture.QUESTION)) {
            LlmResultAccumulator whole = new LlmResultAccumulator();
            whole.add(stream.next());
            // nobody goes on before the last of them has its first piece
            allOpen.await(2, TimeUnit.MINUTES);
            stream.forEachRemaining(whole::add);
            LlmResult result = whole.result();
            return result.text();
        }
    }

    /** The call with a deadline that a busy machine keeps, too. */
    private static ModelCall patient(ModelCall call) {
        return new ModelCall(
                call.provider(),
                call.model(),
                call.wireModel(),
                call.credentials(),
                call.requestId(),
                Deadline.in(Duration.ofMinutes(2)));
    }

    private static ExecutorService threads() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newFixedThreadPool(STREAMS);
    }

    private List<RecordedEvent> pinnings(Recording recording) throws Exception {
        recording.stop();
        Path file = Files.createTempFile(folder, "streams", ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .toList();
    }

    private static String piece(String text) {
        return "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
    }

    private static String last(String text) {
        return "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":\"stop\"}]}";
    }
}
