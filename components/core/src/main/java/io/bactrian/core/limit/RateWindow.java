package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.Correction;
import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;
import java.time.Duration;

/**
 * What was used of a limit lately, by slices of time. A limit's time is cut into {@value #SLICES} slices. What is used in a
 * slice counts until {@value #SLICES} more have ended, so that what counts at any moment covers every span of the limit's
 * length that ends now: none can hold more than the amount. The price: a unit comes back up to one slice late, and even use
 * gets sixteen seventeenths of the amount. Bucket4j does not promise that: a token bucket lets up to twice the amount through
 * within one span, the full bucket and what flows in after it. Not thread-safe.
 */
public final class RateWindow {

    /** Slices in a limit's time. */
    public static final int SLICES = 16;

    /** Slices that count: one more, since a span seldom begins where a slice does. */
    public static final int COUNTED = SLICES + 1;

    private final long width;
    // by slice, modulo their number
    private final long[] used;
    private long newest;

    private RateWindow(Duration per, long newest, long[] used) {
        this.width = (per.toNanos() + SLICES - 1) / SLICES;
        this.newest = newest;
        this.used = used;
    }

    /**
     * Nothing used.
     *
     * @param per the limit's time
     * @param now any clock's nanoseconds, and that clock's from then on
     */
    public static RateWindow empty(Duration per, long now) {
        RateWindow window = new RateWindow(per, 0, new long[COUNTED]);
        window.newest = window.sliceOf(now);
        return window;
    }

    /**
     * What was used, as {@link #newest} and {@link #used} gave it.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static RateWindow of(Duration per, long newest, long[] used) {
        if (used.length != COUNTED) {
            throw new IllegalArgumentException("a window has " + COUNTED + " slices, not " + used.length);
        }
        return new RateWindow(per, newest, used.clone());
    }

    /** The slice that is counted in. */
    public long newest() {
        return newest;
    }

    /** What was used by slice: slice n is at n modulo {@link #COUNTED}. */
    public long[] used() {
        return used.clone();
    }

    /** How long it takes until nothing of what was used counts any more, if no more is used. */
    public Duration emptyAfter() {
        return Duration.ofNanos(width * COUNTED);
    }

    /**
     * Takes units, after what was used before is put right.
     *
     * @param now the time
     * @param amount the limit's
     * @param share a part of what is free, such as 8 for an eighth: no more is given, unless more is needed
     */
    UnitsGranted take(long now, long amount, UnitsWanted wanted, int share) {
        advance(sliceOf(now));
        wanted.corrections().forEach(this::correct);
        Duration lasting = Duration.ofNanos((newest + 1) * width - now);
        long free = amount - counted();
        if (wanted.need() > free) {
            return new UnitsGranted(newest, 0, lasting, comeBack(now, wanted.need() - free));
        }
        long units = Math.max(wanted.need(), Math.min(wanted.want(), free / share));
        used[at(newest)] += units;
        return new UnitsGranted(newest, units, lasting, Duration.ZERO);
    }

    /** As {@link #take}, for those who share: each gets an eighth of what is free at most, near the limit no more than it needs. */
    public UnitsGranted takeShared(long now, long amount, UnitsWanted wanted) {
        return take(now, amount, wanted, 8);
    }

    /** Whether nothing counts any more. */
    boolean idle(long now) {
        advance(sliceOf(now));
        return counted() == 0;
    }

    private long sliceOf(long now) {
        return Math.floorDiv(now, width);
    }

    private static int at(long slice) {
        return (int) Math.floorMod(slice, (long) COUNTED);
    }

    /** A clock that was set back stays in the slice it was in: what is there counts longer, and never shorter. */
    private void advance(long slice) {
        long steps = Math.min(slice - newest, COUNTED);
        for (long i = 1; i <= steps; i++) {
            used[at(slice - steps + i)] = 0;
        }
        newest = Math.max(newest, slice);
    }

    private long counted() {
        long sum = 0;
        for (long slice : used) {
            sum += slice;
        }
        return sum;
    }

    private void correct(Correction correction) {
        if (correction.units() >= 0) {
            // known only now: it counts from now
            used[at(newest)] += correction.units();
            return;
        }
        long age = newest - correction.slice();
        if (age >= 0 && age < COUNTED) {
            int at = at(correction.slice());
            used[at] = Math.max(0, used[at] + correction.units());
        }
    }

    private Duration comeBack(long now, long missing) {
        long freed = 0;
        long oldest = newest - SLICES;
        for (long slice = oldest; slice < newest; slice++) {
            freed += used[at(slice)];
            if (freed >= missing) {
                return Duration.ofNanos((slice + COUNTED) * width - now);
            }
        }
        return Duration.ofNanos((newest + COUNTED) * width - now);
    }
}
