package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts how calls fail. */
final class Failing {

    private Failing() {}

    /** The error, which has that code. */
    static InvokeException with(ErrorCode code, ThrowingCallable call) {
        InvokeException failure = catchThrowableOfType(InvokeException.class, call);
        assertThat(failure).as("a failure with the code " + code).isNotNull();
        assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
        return failure;
    }

    /** Refused by that rule. */
    static InvokeException refused(String rule, ThrowingCallable call) {
        InvokeException refusal = with(ErrorCode.EGRESS_DENIED, call);
        assertThat(refusal.getMessage()).contains("(rule " + rule + ")");
        return refusal;
    }
}
