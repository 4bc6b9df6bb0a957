package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of what goes wrong in a tool. */
interface ToolErrorContract extends ToolFixture {

    private static List<InvokeException> errors() {
        return List.of(
                new RateLimitedException(ErrorCode.RATE_LIMITED, "the shop is asked too often"),
                new UnavailableException(ErrorCode.CONNECTION_FAILED, "the shop is closed"),
                new BadRequestException(ErrorCode.FILE_NOT_FOUND, "there is no such order"),
                ToolErrors.failed("the shop has no such article"));
    }

    @Test
    default void passesErrorsOfOursOnWithCodeAndRetriability() {
        for (InvokeException own : errors()) {
            ContractPlay.Scene scene = call -> {
                throw own;
            };
            if (!can(ToolCapability.OWN_ERRORS)) {
                refused(foreignError(), () -> played(scene));
                continue;
            }
            InvokeException error = refused(own.code(), () -> played(scene));
            assertThat(error).hasSameClassAs(own).hasMessage(own.getMessage());
            assertThat(error.retriable()).isEqualTo(own.retriable());
            assertThat(observed(scene).outcome()).isInstanceOfSatisfying(ToolOutcome.ExecutionError.class, outcome -> {
                assertThat(outcome.code()).isEqualTo(own.code());
                assertThat(outcome.retriable()).isEqualTo(own.retriable());
                assertThat(outcome.message()).isEqualTo(own.getMessage());
            });
        }
        assertThat(play().open()).isZero();
    }

    @Test
    @DisplayName(
            "HDR-16, LOG-01: a foreign error is told by its code alone: its message is in no error, observation or log")
    default void doesNotPassAForeignMessageOn() {
        CanaryScanner scanner = new CanaryScanner();
        ContractPlay.Scene scene = call -> {
            IllegalStateException foreign = new IllegalStateException(
                    "GET https://u:" + scanner.plant("message") + "@host failed",
                    new IOException(scanner.plant("cause")));
            foreign.addSuppressed(new IllegalArgumentException(scanner.plant("suppressed")));
            throw foreign;
        };

        try (LogCapture log = scanner.captureLogs()) {
            InvokeException error = refused(foreignError(), () -> played(scene));
            ToolObservation observation = observed(scene);

            scanner.assertNowhereIn(error);
            scanner.assertNowhereIn(observation.toString());
            assertThat(error).hasMessageContaining(ContractTools.PLAY);
            assertThat(observation.outcome())
                    .isInstanceOfSatisfying(ToolOutcome.ExecutionError.class, outcome -> assertThat(outcome.code())
                            .isEqualTo(foreignError()));
            assertThat(log.text()).isNotNull();
        }
        assertThat(play().open()).isZero();
    }

    @Test
    @DisplayName("LOG-01: what a tool is called with is in no log, whether it succeeds, fails or is refused")
    default void logsNoArguments() {
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("argument");

        try (LogCapture log = scanner.captureLogs()) {
            asked(ContractTools.WORD, canary);
            asked(ContractTools.ECHO, "{\"text\": \"a\", \"color\": \"" + canary + "\"}");
            asked(ContractTools.ECHO, "{\"text\": \"" + canary);
            asked(ContractTools.PLAY, "{\"scene\": \"" + canary + "\"}");
            asked(ContractTools.ASKED, "{\"text\": \"" + canary + "\"}");
            asked(ContractTools.REFUSED, "{\"text\": \"" + canary + "\"}");
            assertThat(log.text()).isNotNull();
        }
    }

    @Test
    default void failsAsAnyOtherWhenItRecursesWithoutEnd() {
        ContractPlay.Scene scene = call -> {
            throw new StackOverflowError();
        };

        refused(foreignError(), () -> played(scene));

        assertThat(observed(scene).outcome()).isInstanceOf(ToolOutcome.ExecutionError.class);
        assertThat(play().open()).isZero();
    }

    @Test
    @DisplayName("UP-03: a tool that failed is not called again by itself, whatever it failed with")
    default void isCalledOnceForACall() {
        List<InvokeException> errors = errors();
        for (InvokeException own : errors) {
            observed(call -> {
                throw own;
            });
        }
        observed(call -> {
            throw new IllegalStateException("no");
        });

        assertThat(play().calls()).hasSize(errors.size() + 1);
    }

    @Test
    default void isCalledAgainAfterItHasFailed() {
        refused(
                foreignError(),
                () -> played(call -> {
                    throw new IllegalStateException("once");
                }));

        assertThat(played(call -> ToolStream.ofText("fine")).text()).isEqualTo("fine");
    }

    @Test
    @DisplayName("the outcome tells wrong arguments, failures, refusals and calls that wait for a person from success")
    default void tellsOutcomesApart() {
        ToolOutcome done = asked(ContractTools.WORD, "hello").outcome();
        ToolOutcome wrong = asked(ContractTools.ECHO, "{}").outcome();
        ToolOutcome failed = observed(call -> {
                    throw new IllegalStateException("no");
                })
                .outcome();
        ToolOutcome denied = asked(ContractTools.REFUSED, "hello").outcome();
        ToolOutcome waiting = asked(ContractTools.ASKED, "hello").outcome();

        assertThat(done).isInstanceOf(ToolOutcome.Success.class);
        assertThat(done.meta().error()).isNull();
        assertThat(wrong).isInstanceOf(ToolOutcome.ArgumentError.class);
        assertThat(wrong.meta().error()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(failed).isInstanceOf(ToolOutcome.ExecutionError.class);
        assertThat(failed.meta().error()).isEqualTo(foreignError());
        assertThat(denied).isInstanceOf(ToolOutcome.Denied.class);
        assertThat(denied.meta().error()).isEqualTo(ErrorCode.TOOL_DENIED);
        assertThat(waiting).isInstanceOf(ToolOutcome.Pending.class);
        assertThat(waiting.meta().error()).isEqualTo(ErrorCode.TOOL_APPROVAL_REQUIRED);
        for (ToolOutcome outcome : List.of(done, failed)) {
            assertThat(outcome.meta().tool()).isNotNull();
            assertThat(outcome.meta().timeCost().isNegative()).isFalse();
        }
    }
}
