package io.bactrian.core.invoke;

import io.bactrian.core.config.Flight;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that is loaded once, by one thread, however many ask (CACHE-05), and loaded anew when it has served its time. A
 * failed load is told to those who wait for it and tried again shortly after. While the source does not answer, the last
 * value serves on for as long as it may, told apart by how it was marked.
 */
final class Memo<T> {

    private final Supplier<T> loader;
    private final UnaryOperator<T> markStale;
    private final Freshness freshness;
    private final Flight flight;
    private volatile @Nullable Read<T> read;

    private record Read<T>(T value, T stale, long at) {}

    /**
     * @param loader reads the value
     * @param markStale gives the value as it is to be handed out while it cannot be read anew
     * @param freshness how long it serves
     */
    Memo(Supplier<T> loader, UnaryOperator<T> markStale, Freshness freshness) {
        this.loader = loader;
        this.markStale = markStale;
        this.freshness = freshness;
        this.flight = new Flight(freshness.nanoClock());
    }

    T get() {
        Read<T> last = read;
        if (last == null) {
            return load();
        }
        if (freshness.fresh(last.at(), freshness.now())) {
            return last.value();
        }
        return freshness.servesOn() ? loadOr(last) : load();
    }

    private T load() {
        return flight.get(this::fresh, this::loaded).value();
    }

    private @Nullable Read<T> fresh() {
        Read<T> last = read;
        return last != null && freshness.fresh(last.at(), freshness.now()) ? last : null;
    }

    /** The value read anew; the last one for those who would have to wait for that, or when it fails (DB-03). */
    private T loadOr(Read<T> last) {
        if (flight.failedJustNow() || freshness.silent()) {
            return last.stale();
        }
        try {
            Read<T> anew = flight.tryGet(() -> {
                Read<T> newest = fresh();
                return newest == null ? loaded() : newest;
            });
            if (anew != null) {
                return anew.value();
            }
            return flight.failedJustNow() ? last.stale() : last.value();
        } catch (UnavailableException e) {
            if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw e;
            }
            return last.stale();
        }
    }

    private Read<T> loaded() {
        // as old as the question, not as the answer
        long asked = freshness.now();
        T value = loader.get();
        Read<T> loaded = new Read<>(value, markStale.apply(value), asked);
        read = loaded;
        return loaded;
    }
}
