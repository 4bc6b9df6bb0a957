package io.bactrian.core.tool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a tool may be called as it comes. */
public enum ToolApproval {
    /** It is called. */
    AUTO,
    /** A person is asked before each call. */
    ASK,
    /** It is not called. */
    DENY;

    /** The value as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that text, if it is one. */
    public static Optional<ToolApproval> of(String text) {
        return Arrays.stream(values())
                .filter(value -> value.text().equals(text))
                .findFirst();
    }

    /** The stricter of the two. */
    public ToolApproval stricter(ToolApproval other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
