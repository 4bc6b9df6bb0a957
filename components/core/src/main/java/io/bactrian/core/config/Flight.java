package io.bactrian.core.config;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread ask a source while those who ask the same wait for what it finds (CACHE-05). A failure is the answer
 * to all who waited: each asking anew would have them wait one after the other (DB-03).
 */
public final class Flight {

    private static final long TOLD_NANOS = Duration.ofMillis(200).toNanos();
    // those who have an answer already need not be made to wait as often
    private static final long BORNE_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Failure failure;

    private record Failure(RuntimeException error, long at) {}

    /** @param nanoClock counts nanoseconds */
    public Flight(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * The answer, waited for.
     *
     * @param known what another thread has found meanwhile; null if it has to be asked for
     * @param ask asks
     */
    public <T> T get(Supplier<@Nullable T> known, Supplier<T> ask) {
        lock.lock();
        try {
            T found = known.get();
            if (found != null) {
                return found;
            }
            Failure recent = failure;
            if (recent != null && failedWithin(TOLD_NANOS)) {
                throw recent.error();
            }
            return asked(ask);
        } finally {
            lock.unlock();
        }
    }

    /** The answer, if nobody else asks for it just now and asking has not failed just now; null otherwise. */
    public <T> @Nullable T tryGet(Supplier<T> ask) {
        if (failedJustNow() || !lock.tryLock()) {
            return null;
        }
        try {
            // another may have failed between the first look and the lock
            return failedJustNow() ? null : asked(ask);
        } finally {
            lock.unlock();
        }
    }

    /** Whether asking has failed within the last second. */
    public boolean failedJustNow() {
        return failedWithin(BORNE_NANOS);
    }

    private boolean failedWithin(long nanos) {
        Failure recent = failure;
        return recent != null && nanoClock.getAsLong() - recent.at() < nanos;
    }

    private <T> T asked(Supplier<T> ask) {
        try {
            T answer = ask.get();
            failure = null;
            return answer;
        } catch (RuntimeException e) {
            failure = new Failure(e, nanoClock.getAsLong());
            throw e;
        }
    }
}
