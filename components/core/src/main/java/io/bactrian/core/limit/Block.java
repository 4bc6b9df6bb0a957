package io.bactrian.core.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Units of one slice of a limit's time, to be spent here, by many threads without a lock. Once closed it gives and takes nothing:
 * what is left is known for good.
 */
final class Block {

    private static final long CLOSED = -1;

    private final long slice;
    private final long end;
    private final long amount;
    private final AtomicLong left;

    /**
     * @param slice the slice
     * @param end when it ends, in the nanoseconds of this process's clock
     * @param units how many
     * @param amount what the limit allowed for when they were given
     */
    Block(long slice, long end, long units, long amount) {
        this.slice = slice;
        this.end = end;
        this.amount = amount;
        this.left = new AtomicLong(units);
    }

    /** No units. */
    static Block none(long now) {
        return new Block(0, now, CLOSED, 0);
    }

    long slice() {
        return slice;
    }

    long end() {
        return end;
    }

    /** What the limit allowed for when its units were given. */
    long amount() {
        return amount;
    }

    boolean lasts(long now) {
        return now - end < 0;
    }

    /** Takes units; false if fewer are left. */
    boolean take(long units) {
        long now = left.get();
        while (now >= units) {
            if (left.weakCompareAndSetVolatile(now, now - units)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** Puts units back; false if it is too late for that. */
    boolean put(long units) {
        long now = left.get();
        while (now != CLOSED) {
            if (left.weakCompareAndSetVolatile(now, now + units)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** Whether there is anything left that others could have. */
    boolean hasRest() {
        return left.get() > 0;
    }

    /** Closes it, and gives what was left. */
    long close() {
        return Math.max(0, left.getAndSet(CLOSED));
    }
}
