package io.bactrian.store;

import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The number of each tenant's latest change that this process knows of. Numbers only go up. */
final class Versions {

    private final ConcurrentMap<TenantId, Long> latest = new ConcurrentHashMap<>();
    private final List<Consumer<TenantId>> listeners = new CopyOnWriteArrayList<>();

    /** Tells of each tenant whose number has gone up. */
    void onRaise(Consumer<TenantId> listener) {
        listeners.add(listener);
    }

    /** The number; 0 for a tenant that never was. */
    long of(TenantId tenant) {
        Long number = latest.get(tenant);
        return number == null ? 0 : number;
    }

    /** Takes a number in. Whether it was news. */
    boolean raise(TenantId tenant, long number) {
        Long before = latest.get(tenant);
        latest.merge(tenant, number, Math::max);
        boolean news = before == null || before < number;
        if (news) {
            listeners.forEach(listener -> listener.accept(tenant));
        }
        return news;
    }
}
