package io.bactrian.core.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a ledger, by limit: made when a limit is first charged, forgotten when nothing depends on them.
 *
 * @param <M> the kind of meter
 */
final class Meters<M extends Meter> {

    private final ConcurrentHashMap<Meter.Key, M> known = new ConcurrentHashMap<>();
    private final Function<QuotaLimit, M> maker;

    Meters(Function<QuotaLimit, M> maker) {
        this.maker = maker;
    }

    /** The meters by charge; null where there is no limit. */
    List<@Nullable M> of(List<Charge> charges) {
        List<@Nullable M> wanted = new ArrayList<>(charges.size());
        for (Charge charge : charges) {
            wanted.add(charge.limit().unlimited() ? null : meter(charge.limit()));
        }
        return wanted;
    }

    private M meter(QuotaLimit limit) {
        Meter.Key key = Meter.Key.of(limit);
        M meter = known.get(key);
        return meter == null ? known.computeIfAbsent(key, wanted -> maker.apply(limit)) : meter;
    }

    /** The meter of a limit; null if nothing was charged to it for long. */
    @Nullable
    M find(QuotaLimit limit) {
        return known.get(Meter.Key.of(limit));
    }

    /** All there are just now. */
    List<M> all() {
        return List.copyOf(known.values());
    }

    /** How many there are. */
    int size() {
        return known.size();
    }

    /** Forgets those that were given up. */
    void forget(Predicate<M> retired) {
        known.forEach((key, meter) -> {
            if (retired.test(meter)) {
                known.remove(key, meter);
            }
        });
    }

    void clear() {
        known.clear();
    }
}
