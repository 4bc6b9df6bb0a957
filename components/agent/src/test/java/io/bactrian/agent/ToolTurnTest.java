package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What may go wrong between the threads that make calls, the one that waits for them, and those that stop them. */
class ToolTurnTest {

    private final AtomicReference<Runnable> atSubmit = new AtomicReference<>(() -> {});
    private final AtomicInteger running = new AtomicInteger();
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(4, 4, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()) {
                @Override
                public void execute(Runnable command) {
                    atSubmit.get().run();
                    super.execute(command);
                }
            };

    @AfterEach
    void stopPool() {
        pool.shutdownNow();
    }

    private ToolTurn turn(int calls, Function<ToolTurn.Wanted, ToolObservation> work) {
        List<ToolTurn.Wanted> wanted = IntStream.range(0, calls)
                .mapToObj(i -> new ToolTurn.Wanted(
                        new PromptMessage.ToolCall("call-" + i, "tool", "{}"), null, claim(i), Duration.ofMinutes(1)))
                .toList();
        return new ToolTurn(wanted, 4, Deadline.in(Duration.ofMinutes(1)), new ToolThreads(pool, running), work);
    }

    private static CallerClaim claim(int i) {
        return CallerClaim.ofTenant(
                null, InvokeSource.NESTED, new RequestId("run." + i), Deadline.in(Duration.ofMinutes(1)));
    }

    private static ToolObservation said(String text) {
        return new ToolObservation(
                text,
                List.of(),
                new ToolOutcome.Denied(
                        ErrorCode.TOOL_DENIED,
                        text,
                        new ToolInvokeMeta(null, Duration.ZERO, ErrorCode.TOOL_DENIED, 0, 0, List.of())));
    }

    @Test
    @DisplayName("A call that is submitted just as the turn is stopped is stopped too")
    void stopsACallThatBeginsWhileItIsStopped() throws Exception {
        ToolTurn turn = turn(1, call -> {
            // until it is interrupted
            await(new CountDownLatch(1));
            return said("stopped");
        });
        // the turn does not know the call yet, whose thread has not begun
        atSubmit.set(turn::cancel);

        turn.begin();

        assertThatThrownBy(turn::next).isInstanceOf(UnavailableException.class);
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS))
                .as("no thread goes on")
                .isTrue();
    }

    @Test
    @DisplayName("A turn that was stopped never passes for one that is over")
    void isNotOverWhenItWasStopped() {
        ToolTurn turn = turn(2, call -> said("done"));

        turn.cancel();

        assertThatThrownBy(turn::begin)
                .isInstanceOfSatisfying(UnavailableException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        assertThatThrownBy(turn::next).isInstanceOf(UnavailableException.class);
        assertThat(turn.inOrder()).isEmpty();
    }

    @Test
    @DisplayName("LOG-01: whatever comes out of a call ends it at once, and its message is not shown")
    void endsACallThatThrows() {
        ToolTurn turn = turn(2, call -> {
            if (call.call().id().endsWith("0")) {
                throw new IllegalStateException("a secret");
            }
            throw new NoClassDefFoundError("a/secret/Type");
        });

        turn.begin();
        turn.next().orElseThrow();
        turn.next().orElseThrow();

        assertThat(turn.next()).isEmpty();
        assertThat(turn.inOrder()).hasSize(2).allSatisfy(done -> {
            assertThat(done.observation().meta().error()).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
            assertThat(done.observation().text()).doesNotContain("secret");
        });
    }

    @Test
    void endsACallThatNoThreadTakes() {
        ToolTurn turn = turn(1, call -> said("done"));
        pool.shutdown();

        turn.begin();

        assertThat(turn.next().orElseThrow().observation().meta().error()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(running).hasValue(0);
    }

    @Test
    void refusesMoreThreadsThanItMayHave() {
        running.set(1_000_000);
        ToolTurn turn = turn(1, call -> said("done"));

        turn.begin();

        assertThat(turn.next().orElseThrow().observation().meta().error()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void keepsTheModelsOrderWhateverOrderCallsEndIn() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        ToolTurn turn = turn(3, call -> {
            if (call.call().id().equals("call-0")) {
                await(last);
            }
            return said(call.call().id());
        });

        assertThat(turn.begin()).hasSize(3);
        assertThat(turn.begin()).isEmpty();
        turn.next();
        turn.next();
        last.countDown();
        assertThat(turn.next().orElseThrow().observation().text()).isEqualTo("call-0");

        assertThat(turn.inOrder())
                .extracting(done -> done.observation().text())
                .containsExactly("call-0", "call-1", "call-2");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
