package io.bactrian.core.error;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the other side said of an error.
 *
 * @param retryAfter how long to wait before another try, as hinted; null without a hint
 * @param upstreamStatus the HTTP status received; 0 when none was
 * @param upstreamCode the error code or type in the body received
 * @param upstreamRequestId the id under which the other side knows the call
 * @param shouldRetry whether the other side wants the same call once more ({@code x-should-retry}); null if it did not say
 */
public record ErrorDetails(
        @Nullable Duration retryAfter,
        int upstreamStatus,
        @Nullable String upstreamCode,
        @Nullable String upstreamRequestId,
        @Nullable Boolean shouldRetry)
        implements Serializable {

    /** Nothing known. */
    public static final ErrorDetails NONE = new ErrorDetails(null, 0, null, null);

    @Serial
    private static final long serialVersionUID = 2;

    /**
     * What the other side said of an error, other than whether to try again.
     *
     * @param retryAfter how long to wait before another try, as hinted; null without a hint
     * @param upstreamStatus the HTTP status received; 0 when none was
     * @param upstreamCode the error code or type in the body received
     * @param upstreamRequestId the id under which the other side knows the call
     */
    public ErrorDetails(
            @Nullable Duration retryAfter,
            int upstreamStatus,
            @Nullable String upstreamCode,
            @Nullable String upstreamRequestId) {
        this(retryAfter, upstreamStatus, upstreamCode, upstreamRequestId, null);
    }

    /** The same with another time to wait. */
    public ErrorDetails withRetryAfter(Duration other) {
        return new ErrorDetails(other, upstreamStatus, upstreamCode, upstreamRequestId, shouldRetry);
    }
}
