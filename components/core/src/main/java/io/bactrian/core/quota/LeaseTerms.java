package io.bactrian.core.quota;

import java.time.Duration;

/**
 * How nodes lease units of a limit.
 *
 * @param duration how long a lease lasts that nobody renews: as long do the units of a node stay out of reach that died
 * @param reportEvery how long it takes at most until what was used is known to all
 * @param share which part of a limit a lease is at most: one part in so many
 * @param idleAfter after which time without calls what is left of a lease is given back
 */
public record LeaseTerms(Duration duration, Duration reportEvery, long share, Duration idleAfter) {

    /** 15 seconds, told every 200 ms, a hundredth at most, given back after 5 seconds. */
    public static final LeaseTerms USUAL =
            new LeaseTerms(Duration.ofSeconds(15), Duration.ofMillis(200), 100, Duration.ofSeconds(5));

    /** @throws IllegalArgumentException if a lease could expire between two reports */
    public LeaseTerms {
        if (reportEvery.multipliedBy(4).compareTo(duration) > 0 || share < 1) {
            throw new IllegalArgumentException("a lease lasts for at least four reports, and its share is from 1");
        }
    }

    /**
     * How many units to lease.
     *
     * @param least what is needed
     * @param wanted what would be of use
     * @param limit the limit
     * @param left what is neither used nor leased, at least {@code least}
     */
    public static long block(long least, long wanted, long limit, long left, long share) {
        // a quarter of what is left: blocks shrink as the limit comes near, in the end to what is needed
        long block = Math.min(limit / share, left / 4);
        return Math.min(left, Math.max(least, Math.max(wanted, block)));
    }
}
