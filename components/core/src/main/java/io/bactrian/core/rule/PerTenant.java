package io.bactrian.core.rule;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bactrian.core.config.Flight;
import io.bactrian.core.tenant.TenantId;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Something made of what a tenant has configured, kept in memory while the tenant's version is the one it was made under. A
 * failure to make it is the answer: what was there before is not given out in its stead.
 *
 * @param <V> what is made
 */
public final class PerTenant<V> {

    private static final long MOST_TENANTS = 100_000;

    private final ToLongFunction<TenantId> version;
    private final Function<TenantId, V> maker;
    private final Cache<TenantId, Slot<V>> slots = Caffeine.newBuilder()
            .maximumSize(MOST_TENANTS)
            .executor(Runnable::run)
            .build();

    private record Made<V>(V value, long version) {}

    private static final class Slot<V> {
        private final Flight flight = new Flight(System::nanoTime);
        private volatile @Nullable Made<V> made;
    }

    /**
     * @param version counts a tenant's changes, from memory
     * @param maker makes it; by one thread at a time for each tenant
     */
    public PerTenant(ToLongFunction<TenantId> version, Function<TenantId, V> maker) {
        this.version = version;
        this.maker = maker;
    }

    /** What is made of a tenant's present version. */
    public V of(TenantId tenant) {
        Slot<V> slot = slots.getIfPresent(tenant);
        if (slot == null) {
            slot = slots.get(tenant, id -> new Slot<>());
        }
        Slot<V> mine = slot;
        Made<V> made = current(mine, tenant);
        return made == null
                ? mine.flight
                        .get(() -> current(mine, tenant), () -> made(mine, tenant))
                        .value()
                : made.value();
    }

    private @Nullable Made<V> current(Slot<V> slot, TenantId tenant) {
        Made<V> made = slot.made;
        return made != null && made.version() == version.applyAsLong(tenant) ? made : null;
    }

    private Made<V> made(Slot<V> slot, TenantId tenant) {
        // as old as the question, not as the answer
        long asked = version.applyAsLong(tenant);
        Made<V> fresh = new Made<>(maker.apply(tenant), asked);
        slot.made = fresh;
        return fresh;
    }
}
