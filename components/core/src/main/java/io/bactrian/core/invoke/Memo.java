package io.bactrian.core.invoke;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is loaded once, by one thread, however many ask (CACHE-05). A failed load is told to those who wait for it
 * and tried again shortly after.
 */
final class Memo<T> {

    private static final long FAILURE_KEPT_NANOS = Duration.ofMillis(200).toNanos();

    private final Supplier<T> loader;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable T value;
    private @Nullable RuntimeException failure;
    private long failedAt;

    Memo(Supplier<T> loader, LongSupplier nanoClock) {
        this.loader = loader;
        this.nanoClock = nanoClock;
    }

    T get() {
        T loaded = value;
        return loaded != null ? loaded : load();
    }

    private T load() {
        lock.lock();
        try {
            T loaded = value;
            if (loaded != null) {
                return loaded;
            }
            RuntimeException recent = failure;
            if (recent != null && nanoClock.getAsLong() - failedAt < FAILURE_KEPT_NANOS) {
                throw recent;
            }
            T fresh = loader.get();
            value = fresh;
            failure = null;
            return fresh;
        } catch (RuntimeException e) {
            if (e != failure) {
                failure = e;
                failedAt = nanoClock.getAsLong();
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }
}
