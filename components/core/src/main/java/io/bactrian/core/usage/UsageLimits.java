package io.bactrian.core.usage;

import java.time.Duration;

/**
 * How much waits to be kept, and how long.
 *
 * @param capacity how many records wait at most: those on their way into the store, and those behind them
 * @param batch how many go into the store at a time at most
 * @param interval how long a record waits for others to go with
 * @param firstPause how long to wait after the store has refused, doubled with each refusal
 * @param longestPause how long that becomes at most
 * @param closing how long the records that wait at the end have to be kept in
 */
public record UsageLimits(
        int capacity, int batch, Duration interval, Duration firstPause, Duration longestPause, Duration closing) {

    /** The usual ones: 10,000 records, in batches of 500 every 200 ms, and 5 s at the end. */
    public static final UsageLimits USUAL = new UsageLimits(
            10_000, 500, Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(5));

    /** @throws IllegalArgumentException if a number is not positive, or a batch larger than what can wait */
    public UsageLimits {
        boolean positive = batch > 0
                && isPositive(interval)
                && isPositive(firstPause)
                && isPositive(longestPause)
                && isPositive(closing);
        if (!positive || batch > capacity) {
            throw new IllegalArgumentException(
                    "what waits is bounded by numbers above 0, and a batch by what can wait");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }
}
