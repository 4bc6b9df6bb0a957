package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a call ends that does not end by itself. */
interface ToolDeadlineContract extends ToolFixture {

    private static CallerClaim within(Duration time) {
        return ToolFixture.claim(ACME, ANN, time);
    }

    JsonObject SCENE = JsonObject.of("scene", "scene");

    @Test
    default void doesNotBeginWhenItsTimeIsUp() {
        InvokeException error = refused(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> call(within(Duration.ZERO), ContractTools.WORD, JsonObject.of("text", "a")));

        assertThat(error).isInstanceOf(InvokeTimeoutException.class);
        assertThat(play().calls()).isEmpty();
    }

    @Test
    @DisplayName(
            "what comes after the call's time is not passed on; a tool that is not the caller's thread is not waited for")
    default void endsWhenItsTimeIsUp() {
        CallerClaim claim = within(Duration.ofMillis(300));
        CountDownLatch released = new CountDownLatch(1);
        play().scene("scene", call -> {
            if (can(ToolCapability.CALLERS_THREAD)) {
                ContractStream.outlast(claim);
            } else {
                ContractStream.await(released, LONG);
            }
            return ToolStream.ofText("late");
        });

        InvokeException error = refused(ErrorCode.DEADLINE_EXCEEDED, () -> call(claim, ContractTools.PLAY, SCENE));

        assertThat(error).isInstanceOf(InvokeTimeoutException.class).hasMessageContaining(ContractTools.PLAY);
        released.countDown();
        Suites.await(() -> play().open() == 0);
    }

    @Test
    default void endsAStreamWhenItsTimeIsUp() {
        CallerClaim claim = within(Duration.ofMillis(300));
        ContractStream slow = new ContractStream(can(ToolCapability.STREAMING) ? 5_000 : 1, number -> {
            ContractStream.await(new CountDownLatch(1), Duration.ofMillis(number == 1 ? 0 : 5));
            if (!can(ToolCapability.STREAMING)) {
                ContractStream.outlast(claim);
            }
            return ContractStream.text(number);
        });

        InvokeException error = refused(ErrorCode.DEADLINE_EXCEEDED, () -> {
            try (ToolStream stream = streamed(claim, call -> slow)) {
                stream.forEachRemaining(message -> {});
            }
        });

        assertThat(error).isInstanceOf(InvokeTimeoutException.class);
        assertThat(slow.made()).isLessThan(5_000);
        Suites.await(() -> play().open() == 0);
    }

    @Test
    @DisplayName("a call whose thread is interrupted ends as cancelled, keeps the mark, and leaves nothing running")
    default void endsWhenItsThreadIsInterrupted() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        play().scene("scene", call -> {
            waits.countDown();
            ContractStream.await(released, LONG);
            return ToolStream.ofText("nobody cancelled it");
        });
        AtomicReference<@Nullable Throwable> outcome = new AtomicReference<>();
        AtomicReference<Boolean> marked = new AtomicReference<>(false);
        Thread caller = new Thread(() -> {
            try {
                call(ContractTools.PLAY, SCENE);
            } catch (Throwable e) {
                outcome.set(e);
            }
            marked.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        assertThat(ContractStream.await(waits, LONG)).isTrue();

        caller.interrupt();
        caller.join(LONG.toMillis());

        assertThat(caller.isAlive()).isFalse();
        assertThat(outcome.get()).isInstanceOfSatisfying(InvokeException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.CANCELLED));
        assertThat(marked.get()).isTrue();
        if (!can(ToolCapability.CALLERS_THREAD)) {
            // it is elsewhere, and has not been told
            released.countDown();
        }
        Suites.await(() -> play().open() == 0);
    }
}
