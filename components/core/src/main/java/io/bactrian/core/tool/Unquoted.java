package io.bactrian.core.tool;

import io.bactrian.core.error.InvokeException;
import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a foreign exception for logs: its class, where it was thrown, and the same of its causes. Its message is left
 * out, as it may quote anything (LOG-01). Never thrown.
 */
public final class Unquoted extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private static final int DEEPEST_CAUSE = 16;
    private static final int DEEPEST_TRACE = 100;

    private Unquoted(String what, @Nullable Unquoted cause) {
        super(what, cause, false, true);
    }

    /** What is kept of an exception. */
    public static Unquoted of(Throwable thrown) {
        return of(thrown, 1);
    }

    private static Unquoted of(Throwable thrown, int depth) {
        Throwable cause = depth == DEEPEST_CAUSE ? null : thrown.getCause();
        // our own messages are safe to show
        String what = thrown instanceof InvokeException known
                ? known.toString()
                : thrown.getClass().getName() + " (its message is left out)";
        Unquoted unquoted = new Unquoted(what, cause == null ? null : of(cause, depth + 1));
        StackTraceElement[] trace = thrown.getStackTrace();
        unquoted.setStackTrace(Arrays.copyOf(trace, Math.min(trace.length, DEEPEST_TRACE)));
        return unquoted;
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
