package io.bactrian.core.balance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How failures are dealt with.
 *
 * @param retries how often a call is made again when no other credential is left to try, after failures that may pass
 * @param firstWait how long the first of those waits, at least half of it; each further one twice as long
 * @param longestWait how long any of them waits at most: a provider that asks for more is not waited for
 * @param baseCooldown how long a credential is out after a first failure that may pass, without a hint of the provider's
 * @param deadCooldown how long a credential is out after it was refused for the first time; a change of it ends that at once
 * @param longestCooldown how long anything is out at most, whatever a provider asks for
 * @param mostAttempts how many attempts one call makes at most, over all credentials
 * @param firstTokenTimeout how long a stream may take until its first content before the next credential is asked, unless the
 *     request says; null for as long as the call has
 */
public record BalancingSettings(
        int retries,
        Duration firstWait,
        Duration longestWait,
        Duration baseCooldown,
        Duration deadCooldown,
        Duration longestCooldown,
        int mostAttempts,
        @Nullable Duration firstTokenTimeout) {

    /** What holds unless an installation says otherwise. */
    public static final BalancingSettings DEFAULTS = new BalancingSettings(
            2,
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            64,
            null);

    /** @throws IllegalArgumentException if a number is out of its range */
    public BalancingSettings {
        if (retries < 0 || retries > 10 || mostAttempts < 1) {
            throw new IllegalArgumentException("a call is retried 0 to 10 times and made once at least");
        }
        if (firstTokenTimeout != null && (firstTokenTimeout.isNegative() || firstTokenTimeout.isZero())) {
            throw new IllegalArgumentException("the time for a first token is above zero");
        }
        if (baseCooldown.isNegative() || baseCooldown.isZero() || longestCooldown.compareTo(baseCooldown) < 0) {
            throw new IllegalArgumentException(
                    "the longest cooldown is no shorter than the first, which is above zero");
        }
    }

    /** The same with another number of retries. */
    public BalancingSettings withRetries(int wanted) {
        return with(wanted, firstTokenTimeout);
    }

    /** The same with another time for the first content of a stream. */
    public BalancingSettings withFirstTokenTimeout(@Nullable Duration wanted) {
        return with(retries, wanted);
    }

    private BalancingSettings with(int again, @Nullable Duration firstToken) {
        return new BalancingSettings(
                again, firstWait, longestWait, baseCooldown, deadCooldown, longestCooldown, mostAttempts, firstToken);
    }
}
