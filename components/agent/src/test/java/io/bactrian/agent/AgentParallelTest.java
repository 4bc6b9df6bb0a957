package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.support.BactrianConstants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The calls of one turn: at the same time, in order, within their time. */
class AgentParallelTest extends AgentTestBase {

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** A tool that ends once another one has. */
    private CountDownLatch endsAfter(String name, CountDownLatch before) {
        CountDownLatch done = new CountDownLatch(1);
        tools.text("steps", name, (what, runtime) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            waitFor(before);
            running.decrementAndGet();
            done.countDown();
            return name + " is done";
        });
        return done;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(Hanging.reached(latch)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    private void wantAllThree() {
        model.calls(call("1", "a", "{}"), call("2", "b", "{}"), call("3", "c", "{}"))
                .reply("all done");
    }

    private List<AgentEvent> events(String uri) {
        List<AgentEvent> events = new ArrayList<>();
        template.requestBody(uri, "all", AgentStream.class).forEachRemaining(events::add);
        return events;
    }

    private static List<String> toolEvents(List<AgentEvent> events) {
        List<String> shown = new ArrayList<>();
        for (AgentEvent event : events) {
            if (event instanceof AgentEvent.ToolStart start) {
                shown.add("start " + start.tool());
            } else if (event instanceof AgentEvent.ToolEnd end) {
                shown.add("end " + end.tool());
            }
        }
        return shown;
    }

    @Test
    void runsTheCallsOfATurnAtTheSameTimeAndAnswersThemInTheModelsOrder() {
        Map<String, CountDownLatch> told = Map.of("b", new CountDownLatch(1), "c", new CountDownLatch(1));
        endsAfter("c", new CountDownLatch(0));
        endsAfter("b", told.get("c"));
        endsAfter("a", told.get("b"));
        wantAllThree();
        start();

        List<AgentEvent> events = new ArrayList<>();
        AgentStream stream = template.requestBody(WITH_TOOLS + "&stream=true", "all", AgentStream.class);
        while (stream.hasNext()) {
            AgentEvent event = stream.next();
            events.add(event);
            if (event instanceof AgentEvent.ToolEnd end && told.containsKey(end.tool())) {
                told.get(end.tool()).countDown();
            }
        }

        assertThat(toolEvents(events)).containsExactly("start a", "start b", "start c", "end c", "end b", "end a");
        assertThat(observations()).hasSize(3);
        assertThat(observations().get(0)).contains("a is done");
        assertThat(observations().get(1)).contains("b is done");
        assertThat(observations().get(2)).contains("c is done");
    }

    @Test
    void runsOneAtATimeIfToldSo() {
        CountDownLatch a = endsAfter("a", new CountDownLatch(0));
        CountDownLatch b = endsAfter("b", a);
        endsAfter("c", b);
        wantAllThree();
        start();

        List<AgentEvent> events = events(WITH_TOOLS + "&stream=true&parallel=1");

        assertThat(toolEvents(events)).containsExactly("start a", "end a", "start b", "end b", "start c", "end c");
        assertThat(most).hasValue(1);
    }

    @Test
    void runsNoMoreAtATimeThanTheInstallationAllows() {
        engine.limits = new ToolLimits(Duration.ofMinutes(1), 1000, 100_000, 10_000, true, 2);
        CountDownLatch a = endsAfter("a", new CountDownLatch(0));
        endsAfter("b", a);
        endsAfter("c", a);
        wantAllThree();
        start();

        List<AgentEvent> events = events(WITH_TOOLS + "&stream=true&parallel=64");

        List<String> told = toolEvents(events);
        assertThat(told).startsWith("start a", "start b").contains("start c");
        assertThat(told.indexOf("start c")).as("one has ended before: %s", told).isGreaterThan(2);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void givesAToolThatHangsUpAtItsOwnTimeAndInterruptsIt() throws Exception {
        Hanging hanging = new Hanging(false);
        tools.add(TestTools.taking("steps", "slow").timeout(Duration.ofMillis(150)), hanging);
        tools.text("steps", "quick", (what, runtime) -> "quick is done");
        model.calls(call("1", "slow", "{}"), call("2", "quick", "{}")).reply("One of them.");
        start();

        AgentResult result = ask(WITH_TOOLS, "both");

        assertThat(result.text()).isEqualTo("One of them.");
        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
        assertThat(codeOf(result, 0, 0)).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.CANCELLED);
        assertThat(codeOf(result, 0, 1)).isNull();
        assertThat(observations().get(0)).contains("did not succeed");
    }

    @Test
    @DisplayName("A tool that does not let itself be interrupted holds a thread, which is seen, and not the run")
    void goesOnThoughAToolIsStubborn() throws Exception {
        Hanging hanging = new Hanging(true);
        tools.add(TestTools.taking("steps", "slow").timeout(Duration.ofMillis(100)), hanging);
        model.call("slow", "{}").call("slow", "{}").reply("Never mind.");
        start();

        AgentResult result = ask(WITH_TOOLS, "both");

        assertThat(result.text()).isEqualTo("Never mind.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.ExecutionError.class);
        assertThat(observations().get(0)).contains("took longer than 100 ms and was given up");
        AgentEndpoint endpoint = context.getEndpoint(WITH_TOOLS, AgentEndpoint.class);
        assertThat(endpoint.runningTools()).hasValue(2);
        hanging.letGo.countDown();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(endpoint.runningTools()).hasValue(0));
    }

    @Test
    void failsOnceTheTimeOfTheRunIsUpWhateverItsToolsDo() throws Exception {
        Hanging hanging = new Hanging(true);
        tools.add(TestTools.taking("steps", "slow"), hanging);
        model.call("slow", "{}").reply("too late");
        start();

        InvokeException error = refused(WITH_TOOLS + "&timeout=200", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(error).hasMessageContaining("agent 'helper'");
        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
        assertThat(model.asked()).hasSize(1);
        hanging.letGo.countDown();
    }

    @Test
    void keepsToADeadlineThatTheExchangeBrings() {
        Hanging hanging = new Hanging(false);
        tools.add(TestTools.taking("steps", "slow"), hanging);
        model.call("slow", "{}");
        start();

        InvokeException error =
                refused(WITH_TOOLS, "hello", exchange -> exchange.setProperty(BactrianConstants.DEADLINE, "200ms"));

        assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void interruptsToolsAndSaysSoWhenTheContextStops() throws Exception {
        Hanging hanging = new Hanging(false);
        tools.add(TestTools.taking("steps", "slow"), hanging);
        model.call("slow", "{}").reply("nobody asks for this");
        start();
        CompletableFuture<Exchange> answer =
                CompletableFuture.supplyAsync(() -> send(WITH_TOOLS, "hello", exchange -> {}));
        assertThat(Hanging.reached(hanging.begun)).isTrue();

        context.close();

        Exchange ended = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
        assertThat(ended.getException()).isInstanceOf(InvokeException.class);
        assertThat(((InvokeException) ended.getException()).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(model.asked())
                .as("the model is not asked for a run that was stopped")
                .hasSize(1);
    }

    @Test
    void stopsWhenTheThreadThatWaitsForItIsInterrupted() throws Exception {
        Hanging hanging = new Hanging(false);
        tools.add(TestTools.taking("steps", "slow"), hanging);
        model.call("slow", "{}");
        start();
        CompletableFuture<Exchange> answer = new CompletableFuture<>();
        Thread waiting = new Thread(() -> answer.complete(send(WITH_TOOLS, "hello", exchange -> {})));
        waiting.start();
        assertThat(Hanging.reached(hanging.begun)).isTrue();

        waiting.interrupt();

        Exchange ended = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(((InvokeException) ended.getException()).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
    }

    @Test
    void leavesNoThreadBehindOnceItsToolsHaveEnded() throws InterruptedException, ExecutionException {
        endsAfter("a", new CountDownLatch(0));
        endsAfter("b", new CountDownLatch(0));
        endsAfter("c", new CountDownLatch(0));
        wantAllThree();
        start();

        ask(WITH_TOOLS, "all");

        AgentEndpoint endpoint = context.getEndpoint(WITH_TOOLS, AgentEndpoint.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(endpoint.runningTools()).hasValue(0));
        assertThat(endpoint.openRuns()).hasValue(0);
    }
}
