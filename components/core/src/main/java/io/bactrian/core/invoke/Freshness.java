package io.bactrian.core.invoke;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long what was read from a source serves.
 *
 * @param keptForNanos how long it serves without being read anew
 * @param staleIfErrorNanos how long it serves, from when it was read, while the source does not answer
 * @param reachable whether the source answered when it was last asked
 * @param nanoClock counts nanoseconds
 */
record Freshness(long keptForNanos, long staleIfErrorNanos, BooleanSupplier reachable, LongSupplier nanoClock) {

    static Freshness of(Duration keptFor, Duration staleIfError, BooleanSupplier reachable, LongSupplier nanoClock) {
        return new Freshness(keptFor.toNanos(), staleIfError.toNanos(), reachable, nanoClock);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    boolean fresh(long readAt, long now) {
        return now - readAt < keptForNanos;
    }

    boolean servesOn(long readAt, long now) {
        return now - readAt < staleIfErrorNanos;
    }
}
