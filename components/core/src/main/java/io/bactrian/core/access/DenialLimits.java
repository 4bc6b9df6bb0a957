package io.bactrian.core.access;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How many denials are kept in memory, and how long.
 *
 * @param capacity how many different ones at most
 * @param batch how many go into the audit log at a time at most
 * @param interval how long one waits for others to go with
 * @param together for how long equal ones that follow one are counted with each other
 * @param longestPause how long to wait at most after the audit log has refused
 * @param closing how long those that wait at the end have to be written in
 */
public record DenialLimits(
        int capacity, int batch, Duration interval, Duration together, Duration longestPause, Duration closing) {

    /** The usual ones: 5,000 different denials, in batches of 500 every 250 ms, equal ones by the minute, and 5 s at the end. */
    public static final DenialLimits USUAL = new DenialLimits(
            5_000, 500, Duration.ofMillis(250), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(5));

    /** @throws IllegalArgumentException if a number is not positive */
    public DenialLimits {
        boolean positive = capacity > 0
                && batch > 0
                && Stream.of(interval, together, longestPause, closing)
                        .noneMatch(time -> time.isZero() || time.isNegative());
        if (!positive) {
            throw new IllegalArgumentException("denials are kept by numbers above 0");
        }
    }
}
