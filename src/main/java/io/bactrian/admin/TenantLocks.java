package io.bactrian.admin;

import io.bactrian.core.tenant.TenantId;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One change of a tenant at a time, on this node: so that nothing changes between the comparison of a condition and the change
 * itself. What has a version is compared in the database once more, which holds over all nodes.
 */
final class TenantLocks {

    private static final int LOCKS = 64;

    private final ReentrantLock[] locks =
            IntStream.range(0, LOCKS).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    /** Does some work while no other change of the tenant is made. */
    <T> T alone(@Nullable TenantId tenant, Supplier<T> work) {
        ReentrantLock lock = locks[tenant == null ? 0 : Math.floorMod(tenant.hashCode(), LOCKS)];
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
