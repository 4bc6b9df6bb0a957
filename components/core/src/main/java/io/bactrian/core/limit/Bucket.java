package io.bactrian.core.limit;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is left of one limit for one of those it tells apart. */
abstract sealed class Bucket permits WindowBucket, PermitBucket {

    private static final Duration TICK = Duration.ofMillis(1);

    private final Counted counted;

    Bucket(Counted counted) {
        this.counted = counted;
    }

    /** The limit as it is now. */
    final RateLimit limit() {
        return counted.limit();
    }

    /**
     * Takes units.
     *
     * @param units how many
     * @param until when the call is over at the latest, in nanoseconds
     * @return null if the bucket is not in use any more: another takes its place
     */
    abstract @Nullable Hold take(long units, long until);

    /** Takes the bucket out of use if nobody could tell an empty new one from it. Gives whether it is out of use. */
    abstract boolean retire(long now);

    /**
     * Gives others what is not needed here.
     *
     * @param all also what might be needed soon
     * @return whether there may be more to give soon
     */
    abstract boolean tend(long now, boolean all);

    final RateLimitedException refusal(long comeBackNanos) {
        // no sooner than it is true
        Duration comeBack = Duration.ofMillis(
                Duration.ofNanos(Math.max(comeBackNanos, 0)).plus(TICK).toMillis());
        return new RateLimitedException(
                ErrorCode.RATE_LIMITED,
                limit() + " is used up for " + counted.subject() + ": come back in " + comeBack.toMillis() + " ms",
                new ErrorDetails(comeBack, 0, null, null),
                null);
    }

    final UnavailableException unavailable(UnavailableException cause) {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE,
                limit() + " is shared with other nodes, and they cannot be asked: " + cause.getMessage(),
                cause.details(),
                cause);
    }

    final UnavailableException tooSlow() {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE,
                "what they give is over before it arrives; try again, or give the limit a longer time");
    }
}
