package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that is loaded once, by one thread, however many ask (CACHE-05), and loaded anew when it has served its time. A
 * failed load is told to those who wait for it and tried again shortly after. While the source does not answer, the last
 * value serves on for as long as it may, told apart by how it was marked.
 */
final class Memo<T> {

    private static final long FAILURE_KEPT_NANOS = Duration.ofMillis(200).toNanos();
    // those who have the last value need not be asked to wait as often
    private static final long FAILURE_BORNE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> loader;
    private final UnaryOperator<T> markStale;
    private final Freshness freshness;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Read<T> read;
    private volatile @Nullable Failure failure;

    private record Read<T>(T value, T stale, long at) {}

    private record Failure(RuntimeException error, long at) {}

    /**
     * @param loader reads the value
     * @param markStale gives the value as it is to be handed out while it cannot be read anew
     * @param freshness how long it serves
     */
    Memo(Supplier<T> loader, UnaryOperator<T> markStale, Freshness freshness) {
        this.loader = loader;
        this.markStale = markStale;
        this.freshness = freshness;
    }

    T get() {
        Read<T> last = read;
        if (last == null) {
            return load();
        }
        long now = freshness.now();
        if (freshness.fresh(last.at(), now)) {
            return last.value();
        }
        return freshness.servesOn() ? loadOr(last, now) : load();
    }

    private T load() {
        lock.lock();
        try {
            Read<T> last = read;
            if (last != null && freshness.fresh(last.at(), freshness.now())) {
                return last.value();
            }
            Failure recent = failure;
            if (recent != null && freshness.now() - recent.at() < FAILURE_KEPT_NANOS) {
                throw recent.error();
            }
            return loaded();
        } finally {
            lock.unlock();
        }
    }

    /** The value read anew; the last one for those who would have to wait for that, or when it fails (DB-03). */
    private T loadOr(Read<T> last, long now) {
        Failure recent = failure;
        boolean failedJustNow = recent != null && now - recent.at() < FAILURE_BORNE_NANOS;
        if (failedJustNow || freshness.silent()) {
            return last.stale();
        }
        if (!lock.tryLock()) {
            return last.value();
        }
        try {
            Read<T> newest = read;
            return newest != null && newest != last ? newest.value() : loaded();
        } catch (UnavailableException e) {
            if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw e;
            }
            return last.stale();
        } finally {
            lock.unlock();
        }
    }

    /** Loads. The caller holds the lock. */
    private T loaded() {
        // as old as the question, not as the answer
        long asked = freshness.now();
        try {
            T fresh = loader.get();
            read = new Read<>(fresh, markStale.apply(fresh), asked);
            failure = null;
            return fresh;
        } catch (RuntimeException e) {
            failure = new Failure(e, freshness.now());
            throw e;
        }
    }
}
