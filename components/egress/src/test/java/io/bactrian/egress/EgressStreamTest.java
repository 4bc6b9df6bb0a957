package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EgressStreamTest {

    private static final String RECORDED =
            "data: {\"a\":\"gr\u00fc\u00df\"}\n\n: keep-alive\n\nevent: delta\r\ndata: one\r\ndata: two\r\n\r\ndata: [DONE]\n\n";
    private static final List<String> WHOLE = List.of("{\"a\":\"gr\u00fc\u00df\"}", "one\ntwo", "[DONE]");

    private final FaultServer server = FaultServer.start();
    private final EgressClient client = Net.client(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @DisplayName("STR-03: chunked at every size, the events are the same")
    @Test
    void readsAnyChunks() {
        byte[] body = RECORDED.getBytes(UTF_8);
        for (int size = 1; size <= body.length; size++) {
            server.enqueue(Reply.sseRaw(body).splitEvery(size));
            assertThat(events(Net.get(server).build()).read).isEqualTo(WHOLE);
        }
    }

    enum Break {
        FIN,
        RST,
        NO_TERMINATOR,
        LENGTH_TOO_LONG
    }

    @DisplayName("STR-01, STR-02: broken off after k bytes, for every k: a prefix, then truncated; never half an event")
    @ParameterizedTest
    @EnumSource(Break.class)
    void breaksOffAnywhere(Break how) {
        byte[] body = RECORDED.getBytes(UTF_8);
        for (int k = 0; k <= body.length; k++) {
            Reply whole = Reply.sseRaw(body).splitEvery(7);
            byte[] part = Arrays.copyOf(body, k);
            server.enqueue(
                    switch (how) {
                        case FIN -> whole.closeAfterBytes(k);
                        case RST -> whole.resetAfterBytes(k);
                        case NO_TERMINATOR ->
                            k == 0
                                    ? whole.closeAfterBytes(0)
                                    : Reply.sseRaw(part).splitEvery(5).withoutTerminator();
                        case LENGTH_TOO_LONG ->
                            Reply.body(200, "text/event-stream", part).contentLength(body.length + 1);
                    });

            Outcome outcome = events(Net.get(server).build());

            assertThat(WHOLE.subList(0, outcome.read.size()))
                    .as(how + " after " + k)
                    .isEqualTo(outcome.read);
            assertThat(outcome.code)
                    .as(how + " after " + k)
                    .isIn(ErrorCode.STREAM_TRUNCATED, ErrorCode.CONNECTION_LOST);
            if (how != Break.RST) {
                assertThat(outcome.code).isEqualTo(ErrorCode.STREAM_TRUNCATED);
            }
        }
    }

    @DisplayName("STR-02: a stream that ends with the connection may end within an event, which is discarded and told")
    @Test
    void tellsOfAnUnfinishedEvent() {
        server.enqueue(Reply.body(200, "text/event-stream", "data: a\n\ndata: b".getBytes(UTF_8))
                .untilClose());

        Outcome outcome = events(Net.get(server).build());

        assertThat(outcome.read).containsExactly("a");
        assertThat(outcome.truncated).isTrue();
    }

    @DisplayName("STR-02: a Content-Length that is too short ends the answer there")
    @Test
    void stopsAtTheLength() {
        server.enqueue(Reply.body(200, "text/event-stream", "data: a\n\ndata: b\n\n".getBytes(UTF_8))
                .contentLength(9));

        assertThat(events(Net.get(server).build()).read).containsExactly("a");
    }

    @DisplayName("STR-02: garbled chunks are a protocol error")
    @ParameterizedTest
    @ValueSource(strings = {"zz\r\ndata: a\n\n\r\n0\r\n\r\n", "-5\r\n", "9\r\ndata: a\n\nXX\r\n0\r\n\r\n"})
    void refusesGarbledChunks(String body) {
        byte[] raw = ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
                .getBytes(UTF_8);
        server.enqueue(Reply.bytes(raw).keepAlive());

        assertThat(events(Net.get(server).build()).code).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @DisplayName("STR-04: a line of 300 KiB, an event of 2 MiB, a million comments run into limits over the wire too")
    @Test
    void boundsWhatArrives() {
        byte[] kib = "x".repeat(1_024).getBytes(UTF_8);
        server.enqueue(
                Reply.repeating(200, "text/event-stream", kib, 1_000_000),
                Reply.repeating(
                        200, "text/event-stream", ("data: " + "x".repeat(1_000) + "\n").getBytes(UTF_8), 1_000_000),
                Reply.repeating(200, "text/event-stream", ":\n".getBytes(UTF_8), 1_000_000),
                Reply.repeating(
                        200, "text/event-stream", ("data: " + "x".repeat(1_000) + "\n\n").getBytes(UTF_8), 1_000_000));
        for (int i = 0; i < 4; i++) {
            assertThat(events(Net.get(server).build()).code).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
            assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        }
    }

    @DisplayName("STR-06: heartbeats do not stop the clock that waits for data")
    @Test
    void heartbeatsAreNoData() {
        byte[] beats = ("data: a\n\n" + ": beat\n\n".repeat(1_000)).getBytes(UTF_8);
        server.enqueue(Reply.sseRaw(beats).chunkSizes(9).splitEvery(8).delayBetweenChunks(Duration.ofMillis(50)));
        EgressRequest request = Net.get(server)
                .limits(EgressLimits.DEFAULT.withIdle(Duration.ofMillis(400)))
                .build();
        long started = System.nanoTime();

        Outcome outcome = events(request);

        assertThat(outcome.read).containsExactly("a");
        assertThat(outcome.code).isEqualTo(ErrorCode.TIMEOUT_IDLE);
        assertThat(since(started)).isBetween(Duration.ofMillis(350), Duration.ofSeconds(10));
        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
    }

    @DisplayName("STR-06: heartbeats before the first data do not stop the first-byte clock")
    @Test
    void heartbeatsAreNoFirstByte() {
        server.enqueue(Reply.sseRaw(": beat\n\n".repeat(1_000).getBytes(UTF_8))
                .splitEvery(8)
                .delayBetweenChunks(Duration.ofMillis(50)));
        EgressRequest request = Net.get(server)
                .limits(EgressLimits.DEFAULT.withFirstByte(Duration.ofMillis(400)))
                .build();

        assertThat(events(request).code).isEqualTo(ErrorCode.TIMEOUT_FIRST_BYTE);
    }

    @DisplayName("STR-06: a byte now and then for ever is cut at the deadline")
    @Test
    void cutsADribbleAtTheDeadline() {
        server.enqueue(Reply.sseRaw("data: x".repeat(1_000).getBytes(UTF_8))
                .splitEvery(1)
                .delayBetweenChunks(Duration.ofMillis(40)));
        long started = System.nanoTime();

        Outcome outcome = events(Net.get(server, Duration.ofSeconds(2)).build());

        assertThat(outcome.code).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(since(started)).isBetween(Duration.ofMillis(1_800), Net.SOON);
        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
    }

    @Test
    void silenceInTheBodyIsIdle() {
        server.enqueue(Reply.json(200, "{\"a\":1}").stallAfterBytes(3));
        EgressRequest request = Net.get(server)
                .limits(EgressLimits.DEFAULT.withIdle(Duration.ofMillis(300)))
                .build();

        try (EgressResponse response = client.send(request)) {
            Failing.with(ErrorCode.TIMEOUT_IDLE, response::readAll);
            Failing.with(ErrorCode.PROTOCOL_ERROR, response::readAll);
        }
    }

    @DisplayName("A reader that took its time finds what has arrived, and is not timed out")
    @Test
    void aSlowReaderIsNotIdle() {
        CountDownLatch gate = new CountDownLatch(1);
        server.enqueue(Reply.sse("a", "b", "c").gateAfterBytes(18, gate));
        EgressRequest request = Net.get(server)
                .limits(EgressLimits.DEFAULT.withIdle(Duration.ofMillis(300)).withFirstByte(Duration.ofMillis(300)))
                .build();

        try (EgressResponse response = client.send(request)) {
            SseReader events = response.events();
            Awaitility.await().pollDelay(Duration.ofMillis(600)).until(() -> true);
            assertThat(events.next()).isTrue();
            Awaitility.await().pollDelay(Duration.ofMillis(600)).until(() -> true);
            assertThat(events.next()).isTrue();
            gate.countDown();
            assertThat(events.next()).isTrue();
            assertThat(events.next()).isFalse();
        }
    }

    @DisplayName("STR-07: a reader that stops reading stops the sender, and is cut at the deadline")
    @Test
    void aReaderThatStopsStopsTheSender() {
        byte[] event = ("data: " + "x".repeat(8_000) + "\n\n").getBytes(UTF_8);
        server.enqueue(Reply.repeating(200, "text/event-stream", event, 1_000_000));

        try (EgressResponse response =
                client.send(Net.get(server, Duration.ofSeconds(3)).build())) {
            SseReader events = response.events();
            assertThat(events.next()).isTrue();
            long[] sent = {-1};
            Awaitility.await().pollInterval(Duration.ofMillis(300)).until(() -> {
                long before = sent[0];
                sent[0] = server.bodyBytesSent();
                return before == sent[0];
            });
            assertThat(sent[0]).as("what the sockets' buffers hold").isLessThan(32L << 20);

            // nobody reads, nobody closes: the watchdog does
            assertThat(server.awaitClientClosed(Net.LONG)).isTrue();
            Failing.with(ErrorCode.DEADLINE_EXCEEDED, () -> readOn(events));
        }
    }

    private static void readOn(SseReader events) {
        while (events.next()) {
            // what had arrived
        }
    }

    @DisplayName(
            "STR-08: cancelled at event n, from another thread or by closing: the upstream socket is closed within 1 s")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelsAtAnEvent(boolean byClosing) {
        server.enqueue(Reply.repeating(200, "text/event-stream", "data: x\n\n".getBytes(UTF_8), 100_000_000L)
                .delayBetweenChunks(Duration.ofMillis(5)));
        EgressResponse response = client.send(Net.get(server).build());
        SseReader events = response.events();
        for (int i = 0; i < 5; i++) {
            assertThat(events.next()).isTrue();
        }
        if (byClosing) {
            response.close();
        } else {
            new Thread(response::cancel).start();
        }

        // the answer would go on for days
        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        Failing.with(ErrorCode.CANCELLED, () -> readOn(events));
        response.close();
        response.cancel();
    }

    @DisplayName("STR-10: compressed, of another type, without content, or switching protocols: a typed error")
    @Test
    void refusesWhatIsNoEventStream() {
        server.enqueue(
                Reply.gzip(200, "text/event-stream", new byte[1 << 20], 100),
                Reply.body(200, "text/html", "<html>".getBytes(UTF_8)),
                Reply.json(200, "{}"),
                Reply.status(204),
                Reply.status(101).header("Upgrade", "websocket").header("Connection", "Upgrade"));
        for (int i = 0; i < 5; i++) {
            assertThat(events(Net.get(server).build()).code).as("answer " + i).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        }
    }

    @DisplayName("STR-10: a compressed body is refused however it is read")
    @Test
    void refusesCompression() {
        server.otherwise(Reply.gzip(200, "application/json", new byte[1 << 20], 100));
        Failing.with(ErrorCode.PROTOCOL_ERROR, () -> client.send(Net.get(server).build())
                .readAll());
        Failing.with(ErrorCode.PROTOCOL_ERROR, () -> client.send(Net.get(server).build())
                .body());
        Failing.with(ErrorCode.PROTOCOL_ERROR, () -> client.send(Net.get(server).build())
                .readAtMost(10));
    }

    @DisplayName("Allocates next to nothing per event above the raw read")
    @Test
    void allocatesLittlePerEvent() {
        int count = 5_000;
        byte[] event = ("data: {\"choices\":[{\"delta\":{\"content\":\" word\"}}],\"pad\":\"" + "p".repeat(180)
                        + "\"}\n\n")
                .getBytes(UTF_8);
        server.otherwise(Reply.repeating(200, "text/event-stream", event, count));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 3; i++) {
            events(Net.get(server).build());
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int read = 0;
        try (EgressResponse response = client.send(Net.get(server).build())) {
            SseReader events = response.events();
            while (events.next()) {
                read++;
            }
        }
        long perEvent = (threads.getCurrentThreadAllocatedBytes() - before) / count;

        assertThat(read).isEqualTo(count);
        assertThat(perEvent)
                .as("bytes allocated per event, chunk decoding included")
                .isLessThan(200);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private record Outcome(
            List<String> read, boolean truncated, @Nullable ErrorCode code) {}

    private Outcome events(EgressRequest request) {
        List<String> read = new ArrayList<>();
        try (EgressResponse response = client.send(request)) {
            SseReader events = response.events();
            while (events.next()) {
                read.add(events.data());
            }
            return new Outcome(read, events.truncated(), null);
        } catch (InvokeException failure) {
            return new Outcome(read, true, failure.code());
        }
    }
}
