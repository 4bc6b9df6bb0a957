package io.bactrian.core.usage;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How many records were lost, by tenant, until that is written down; and in all. */
final class UsageLosses {

    /** More tenants than that are counted together, as none. */
    private static final int MOST_TENANTS = 10_000;

    private final Map<TenantId, Count> byTenant = new ConcurrentHashMap<>();
    private final Count ofNobody = new Count();
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong total = new AtomicLong();

    private static final class Count {
        private final AtomicLong calls = new AtomicLong();
        private volatile long from;
    }

    /** Counts records of a tenant as lost now, in milliseconds of the epoch. */
    void add(@Nullable TenantId tenant, long now) {
        Count count = count(tenant);
        if (count.calls.get() == 0) {
            // before it counts: whoever takes it finds a time
            count.from = now;
        }
        count.calls.incrementAndGet();
        untold.incrementAndGet();
        total.incrementAndGet();
    }

    /** Counts records as lost that nobody will write down. */
    void addForGood(long calls) {
        total.addAndGet(calls);
    }

    private Count count(@Nullable TenantId tenant) {
        if (tenant == null) {
            return ofNobody;
        }
        Count known = byTenant.get(tenant);
        if (known != null) {
            return known;
        }
        return byTenant.size() < MOST_TENANTS ? byTenant.computeIfAbsent(tenant, one -> new Count()) : ofNobody;
    }

    /** Whether there are any that were not taken yet. */
    boolean any() {
        return untold.get() > 0;
    }

    long total() {
        return total.get();
    }

    /** Those that were not taken yet, to be written down. */
    List<UsageLoss> take(Supplier<UUID> ids, Instant now) {
        if (!any()) {
            return List.of();
        }
        List<UsageLoss> losses = new ArrayList<>();
        byTenant.forEach((tenant, count) -> take(tenant, count, ids, now, losses));
        take(null, ofNobody, ids, now, losses);
        return losses;
    }

    private void take(@Nullable TenantId tenant, Count count, Supplier<UUID> ids, Instant now, List<UsageLoss> losses) {
        Instant from = Instant.ofEpochMilli(count.from);
        long calls = count.calls.getAndSet(0);
        if (calls > 0) {
            untold.addAndGet(-calls);
            losses.add(new UsageLoss(ids.get(), tenant, calls, from.isAfter(now) ? now : from, now));
        }
    }
}
