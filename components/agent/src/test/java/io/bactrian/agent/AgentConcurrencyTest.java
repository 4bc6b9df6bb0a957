package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many runs of one agent at once, and many that are stopped at any moment. */
class AgentConcurrencyTest extends AgentTestBase {

    private static final int RUNS = 60;
    private static final Pattern JOB = Pattern.compile("job-(\\d+)\\b");

    private final ExecutorService callers = Executors.newFixedThreadPool(16);

    @BeforeEach
    void script() {
        tools.text("work", "half", (what, runtime) -> runtime.caller().user() + " half of " + what);
        tools.text("work", "rest", (what, runtime) -> runtime.caller().user() + " rest of " + what);
        model.callWhen(
                text -> text.startsWith("do "),
                request -> List.of(
                        call("1", "half", "{\"what\":\"" + job(request) + "\"}"),
                        call("2", "rest", "{\"what\":\"" + job(request) + "\"}")));
        model.when(text -> text.contains("tool_output"), AgentConcurrencyTest::sum);
    }

    @AfterEach
    void stopCallers() {
        callers.shutdownNow();
    }

    private static String job(LlmRequest request) {
        Matcher matcher = JOB.matcher(request.messages().get(0).text());
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    private static String sum(LlmRequest request) {
        List<String> results = request.messages().stream()
                .filter(PromptMessage.Tool.class::isInstance)
                .map(PromptMessage::text)
                .toList();
        assertThat(results).hasSize(2);
        return String.join(" and ", results);
    }

    @Test
    void mixesNothingUp() throws Exception {
        start();
        List<CompletableFuture<AgentResult>> all = IntStream.range(0, RUNS)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> ask(WITH_TOOLS, "do job-" + i, by("user-" + i)), callers))
                .toList();

        for (int i = 0; i < RUNS; i++) {
            String text = all.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).text();
            assertThat(text)
                    .contains("user-" + i + " half of job-" + i + "\n")
                    .contains("user-" + i + " rest of job-" + i + "\n");
            assertThat(JOB.matcher(text).results().map(found -> found.group(1))).containsOnly(String.valueOf(i));
        }
        assertNothingIsLeft(WITH_TOOLS);
    }

    @Test
    @DisplayName("Whenever runs are stopped, by whichever thread, nothing of them goes on")
    void leavesNothingBehindWhenItIsStopped() throws Exception {
        String uri = WITH_TOOLS + "&stream=true";
        start();
        Random random = new Random(11);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            int events = random.nextInt(8);
            boolean byAnother = random.nextBoolean();
            String question = "do job-" + i;
            all.add(CompletableFuture.runAsync(() -> stopAfter(events, byAnother, uri, question), callers));
        }

        for (CompletableFuture<Void> one : all) {
            one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        assertNothingIsLeft(uri);
    }

    private void stopAfter(int events, boolean byAnother, String uri, String question) {
        AgentStream stream = template.requestBody(uri, question, AgentStream.class);
        for (int i = 0; i < events && stream.hasNext(); i++) {
            stream.next();
        }
        if (!byAnother) {
            stream.close();
            return;
        }
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readOn(stream));
        stream.close();
        reading.join();
        assertThat(stream.hasNext()).isFalse();
    }

    private static void readOn(AgentStream stream) {
        try {
            stream.forEachRemaining(event -> {});
        } catch (NoSuchElementException e) {
            // closed between the question whether there is more and the request for it
            assertThat(stream.hasNext()).isFalse();
        }
    }

    private void assertNothingIsLeft(String uri) {
        AgentEndpoint endpoint = context.getEndpoint(uri, AgentEndpoint.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(endpoint.runningTools()).hasValue(0));
        assertThat(endpoint.openRuns()).hasValue(0);
        assertThat(model.openStreams()).isZero();
        assertThat(openStreams()).isZero();
    }
}
