package io.bactrian.core.access;

import io.bactrian.core.error.ErrorCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Which refusals are denials: somebody was told that they may not. Each of them is taken down in the audit log. */
public final class Denials {

    private static final Set<ErrorCode> CODES = EnumSet.of(
            ErrorCode.ACCESS_DENIED,
            ErrorCode.CREDENTIAL_POLICY_VIOLATION,
            ErrorCode.EGRESS_DENIED,
            ErrorCode.TOOL_DENIED);

    private static final Set<String> OUTCOMES =
            CODES.stream().map(ErrorCode::text).collect(Collectors.toUnmodifiableSet());

    private Denials() {}

    /** Whether an error of that code is one. */
    public static boolean include(ErrorCode code) {
        return CODES.contains(code);
    }

    /** The outcomes that denials have in the audit log. */
    public static Set<String> outcomes() {
        return OUTCOMES;
    }
}
