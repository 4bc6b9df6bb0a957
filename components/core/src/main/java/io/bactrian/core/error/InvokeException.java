package io.bactrian.core.error;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not succeed. The message is safe to show to whoever asked: it holds no secret, no full URL, no
 * prompt and no upstream body beyond a redacted, bounded sentence.
 */
public abstract sealed class InvokeException extends RuntimeException
        permits ApprovalRequiredException,
                BadRequestException,
                InvokeTimeoutException,
                MisconfiguredException,
                ProtocolException,
                RateLimitedException,
                RefusedException,
                UnauthorizedException,
                UnavailableException {

    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final ErrorDetails details;

    InvokeException(ErrorCode code, String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = details;
    }

    /** The stable code. */
    public final ErrorCode code() {
        return code;
    }

    /** Whether another try may succeed: as the other side says, and if it does not, by the code. */
    public final boolean retriable() {
        Boolean said = details.shouldRetry();
        return said == null ? code.retriable() : said;
    }

    /** How long to wait before another try, if the other side said so. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(details.retryAfter());
    }

    /** What the other side said. */
    public final ErrorDetails details() {
        return details;
    }

    /** The message without the details of any cause. Never null. */
    @Override
    public final String getMessage() {
        String message = super.getMessage();
        return message == null ? code.text() : message;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " [" + code.text() + "] " + getMessage();
    }
}
