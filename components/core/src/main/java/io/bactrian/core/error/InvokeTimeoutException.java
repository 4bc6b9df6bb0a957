package io.bactrian.core.error;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** One of the clocks ran out: connecting, first byte, first token, between bytes, or the deadline of the call. */
public final class InvokeTimeoutException extends InvokeException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param code the stable code
     * @param message safe to show: names the setting and the remedy, never a secret
     */
    public InvokeTimeoutException(ErrorCode code, String message) {
        super(code, message, ErrorDetails.NONE, null);
    }

    /**
     * @param code the stable code
     * @param message safe to show: names the setting and the remedy, never a secret
     * @param details what the other side said
     * @param cause what led here, for the log of whoever runs the installation
     */
    public InvokeTimeoutException(ErrorCode code, String message, ErrorDetails details, @Nullable Throwable cause) {
        super(code, message, details, cause);
    }
}
