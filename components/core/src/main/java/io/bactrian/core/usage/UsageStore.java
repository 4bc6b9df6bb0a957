package io.bactrian.core.usage;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * Where usage is kept. Thread-safe.
 *
 * <p>Every method throws {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable} if the store does not
 * answer.
 */
public interface UsageStore {

    /**
     * Keeps records, all of them or none. Where single records are kept, one that is there already is passed over: after an error
     * the same ones can be given again.
     *
     * @param records what calls used, at most {@link UsageLimits#batch} of them
     * @param losses how many more there were
     */
    void append(List<UsageRecord> records, List<UsageLoss> losses);

    /** Sums a tenant's usage up. */
    UsageReport report(UsageQuery query);

    /**
     * Removes some of what is older.
     *
     * @param before from when on everything is kept
     * @param most how many records at most
     * @return how many were removed; fewer than asked for if there are no more
     */
    int removeBefore(Instant before, int most);

    /** Removes all that is kept of a tenant, in steps: what is removed when an error comes between stays removed. */
    void removeTenant(TenantId tenant);
}
