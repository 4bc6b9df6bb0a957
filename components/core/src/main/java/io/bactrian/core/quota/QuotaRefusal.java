package io.bactrian.core.quota;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.RateLimitedException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * There is not enough left.
 *
 * @param limit the limit that would have been passed
 * @param asked how much was wanted
 * @param used how much has been used
 * @param held how much is reserved for calls under way, or leased to nodes
 * @param now when it was refused
 * @param resetsAt when enough may be there again; null if it does not come back by itself
 */
public record QuotaRefusal(
        QuotaLimit limit,
        long asked,
        long used,
        long held,
        Instant now,
        @Nullable Instant resetsAt) implements QuotaOutcome, QuotaLeases.Answer {

    /** The refusal as the error that a call ends with. */
    public RateLimitedException toException() {
        String message =
                limit.account().describe() + " does not allow for this call: it may use " + limit.show(limit.limit())
                        + " (" + limit.period().text() + "), " + limit.show(used) + " are used and " + limit.show(held)
                        + " held for calls under way, and this call may take up to " + limit.show(asked) + remedy();
        return new RateLimitedException(
                ErrorCode.PROVIDER_QUOTA_EXCEEDED, message, new ErrorDetails(retryAfter(), 0, null, null), null);
    }

    private String remedy() {
        if (asked > limit.limit() && limit.unit() != QuotaUnit.TIMES) {
            return ": shorten the prompt, lower max_tokens, or have the limit raised";
        }
        return resetsAt == null
                ? ": have the limit raised, or add a credential of your own"
                : "; it resets at " + resetsAt + ": come back then, or have the limit raised";
    }

    private @Nullable Duration retryAfter() {
        if (resetsAt == null) {
            return null;
        }
        Duration wait = Duration.between(now, resetsAt);
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
