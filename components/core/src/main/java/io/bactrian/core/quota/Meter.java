package io.bactrian.core.quota;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is known of one limit. Whoever reads or changes it holds its lock, for a moment. */
abstract sealed class Meter permits MemoryMeter, LeasedMeter {

    private static final AtomicLong ORDER = new AtomicLong();

    final ReentrantLock lock = new ReentrantLock();

    // meters are locked in this order, so that two who need the same do not wait for each other
    private final long order = ORDER.getAndIncrement();

    /**
     * Which limit; how much it is may change.
     *
     * @param account whose
     * @param unit of what
     * @param period over which time
     */
    record Key(QuotaAccount account, QuotaUnit unit, QuotaPeriod period) {

        static Key of(QuotaLimit limit) {
            return new Key(limit.account(), limit.unit(), limit.period());
        }
    }

    /** Locks all; gives what is to be unlocked. */
    static Meter[] lock(List<? extends @Nullable Meter> wanted) {
        Meter[] sorted = sorted(wanted);
        for (Meter meter : sorted) {
            meter.lock.lock();
        }
        return sorted;
    }

    static void unlock(Meter[] locked) {
        for (Meter meter : locked) {
            meter.lock.unlock();
        }
    }

    /** Those there are, in their order. There are few: each is put where it belongs. */
    private static Meter[] sorted(List<? extends @Nullable Meter> wanted) {
        Meter[] sorted = new Meter[wanted.size()];
        int count = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Meter meter = wanted.get(i);
            if (meter != null) {
                int at = count++;
                while (at > 0 && sorted[at - 1].order > meter.order) {
                    sorted[at] = sorted[at - 1];
                    at--;
                }
                sorted[at] = meter;
            }
        }
        return count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
    }
}
