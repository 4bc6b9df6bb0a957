package io.bactrian.core.quota;

import java.util.Arrays;

/** What was used in a rolling period, by the parts it is kept in. Not thread-safe: its meter's lock is held. */
final class RollingParts {

    // more than are alive at a time, so that a part's place is free when its turn comes; a power of two
    private static final int PLACES = 64;

    private final QuotaPeriod.Rolling period;
    private final long[] numbers = new long[PLACES];
    private final long[] amounts = new long[PLACES];
    private long newest = Long.MIN_VALUE;
    private long total;

    RollingParts(QuotaPeriod.Rolling period) {
        this.period = period;
    }

    /** Forgets what counts no more. A clock that is set back brings nothing back. */
    void advance(long millis) {
        long part = period.part(millis);
        if (part <= newest) {
            return;
        }
        newest = part;
        for (int place = 0; place < PLACES; place++) {
            if (amounts[place] > 0 && period.expiry(numbers[place]) <= millis) {
                total -= amounts[place];
                amounts[place] = 0;
            }
        }
    }

    /** Counts something as used in the newest part. */
    void add(long amount) {
        if (amount == 0) {
            return;
        }
        int place = (int) (newest & (PLACES - 1));
        numbers[place] = newest;
        amounts[place] += amount;
        total += amount;
    }

    long total() {
        return total;
    }

    /** When so much will have been let go of, in milliseconds; {@link Long#MAX_VALUE} if there is not as much. */
    long freedAt(long amount) {
        long[] alive = new long[PLACES];
        int count = 0;
        for (int place = 0; place < PLACES; place++) {
            if (amounts[place] > 0) {
                alive[count++] = numbers[place];
            }
        }
        Arrays.sort(alive, 0, count);
        long freed = 0;
        for (int i = 0; i < count; i++) {
            freed += amounts[(int) (alive[i] & (PLACES - 1))];
            if (freed >= amount) {
                return period.expiry(alive[i]);
            }
        }
        return Long.MAX_VALUE;
    }
}
