package io.bactrian.core.file;

import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Used tickets in memory: for an installation without a database, whose tickets are no good after a restart either, as the key
 * that they are signed with is gone.
 */
public final class MemoryUploadNonces implements UploadNonces {

    private final Clock clock;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TenantId, Map<String, Instant>> used = new HashMap<>();

    /** @param clock tells which have expired */
    public MemoryUploadNonces(Clock clock) {
        this(clock, MOST);
    }

    /**
     * @param clock tells which have expired
     * @param most how many of a tenant's are remembered
     */
    public MemoryUploadNonces(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public boolean use(TenantId tenant, String nonce, Instant expiresAt) {
        lock.lock();
        try {
            Instant past = clock.instant().minus(MARGIN);
            used.values().forEach(ofTenant -> ofTenant.values().removeIf(expired -> expired.isBefore(past)));
            used.values().removeIf(Map::isEmpty);
            Map<String, Instant> ofTenant = used.computeIfAbsent(tenant, first -> new HashMap<>());
            if (ofTenant.containsKey(nonce)) {
                return false;
            }
            if (ofTenant.size() >= most) {
                throw UploadNonces.tooMany(most);
            }
            ofTenant.put(nonce, expiresAt);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
