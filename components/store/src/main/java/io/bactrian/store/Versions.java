package io.bactrian.store;

import io.bactrian.core.tenant.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The number of each tenant's latest change that this process knows of. Numbers only go up. */
final class Versions {

    private final ConcurrentMap<TenantId, Long> latest = new ConcurrentHashMap<>();

    /** The number; 0 for a tenant that never was. */
    long of(TenantId tenant) {
        Long number = latest.get(tenant);
        return number == null ? 0 : number;
    }

    /** Takes a number in. Whether it was news. */
    boolean raise(TenantId tenant, long number) {
        Long before = latest.get(tenant);
        latest.merge(tenant, number, Math::max);
        return before == null || before < number;
    }
}
