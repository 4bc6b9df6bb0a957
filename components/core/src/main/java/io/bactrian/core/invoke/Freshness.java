package io.bactrian.core.invoke;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long what was read from a source serves.
 *
 * @param keptForNanos how long it serves without being read anew
 * @param staleIfError how long it serves while the source does not answer, from its last answer on: until then it was
 *     the newest there is, or its version would have changed
 * @param silence for how long the source has not answered; zero if it did when it was last asked
 * @param nanoClock counts nanoseconds
 */
record Freshness(long keptForNanos, Duration staleIfError, Supplier<Duration> silence, LongSupplier nanoClock) {

    long now() {
        return nanoClock.getAsLong();
    }

    boolean fresh(long readAt, long now) {
        return now - readAt < keptForNanos;
    }

    /** Whether the source did not answer when it was last asked. */
    boolean silent() {
        return !silence.get().isZero();
    }

    /** Whether what is known serves on, should it not be read anew. */
    boolean servesOn() {
        return !staleIfError.isZero() && silence.get().compareTo(staleIfError) <= 0;
    }
}
