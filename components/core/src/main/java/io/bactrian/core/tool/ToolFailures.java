package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of whatever a tool throws an error that is safe to show: a foreign message may hold a URL, a key, a row (HDR-16). */
final class ToolFailures {

    private static final Logger LOG = LoggerFactory.getLogger(ToolFailures.class);
    private static final int DEEPEST_CAUSE = 16;

    private ToolFailures() {}

    /**
     * The error of a call.
     *
     * @param thrown what was thrown
     * @param tool the tool's address, as text
     */
    static InvokeException safe(Throwable thrown, String tool) {
        if (thrown instanceof InvokeException known) {
            return known;
        }
        Unquoted unquoted = Unquoted.of(thrown);
        if (Thread.currentThread().isInterrupted() || interrupted(thrown)) {
            return new UnavailableException(
                    ErrorCode.CANCELLED, "the call of " + tool + " was cancelled", ErrorDetails.NONE, unquoted);
        }
        LOG.warn("tool {} failed", tool, unquoted);
        return new ProtocolException(
                ErrorCode.TOOL_INVOKE_ERROR,
                "the tool " + tool + " failed (" + thrown.getClass().getSimpleName()
                        + "); the log of the installation says where",
                ErrorDetails.NONE,
                unquoted);
    }

    /** Whether the tool was interrupted, and has only not put the mark back. */
    private static boolean interrupted(Throwable thrown) {
        @Nullable Throwable cause = thrown;
        for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++) {
            // a time-out of a socket is an InterruptedIOException too, and nobody interrupted anything
            boolean byThread = cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause.getClass() == InterruptedIOException.class;
            if (byThread) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
