package io.bactrian.core.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What a call has taken of all its limits. */
final class LeasedPermit implements RatePermit {

    private static final VarHandle SETTLED = handle("settled");
    private static final VarHandle CLOSED = handle("closed");

    private final Hold[] holds;
    private final @Nullable LeasedPermit before;

    @SuppressWarnings("UnusedVariable")
    private volatile boolean settled;

    @SuppressWarnings("UnusedVariable")
    private volatile boolean closed;

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LeasedPermit.class, field, boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * @param holds what was taken
     * @param before what the same call had taken already; null for nothing
     */
    LeasedPermit(Hold[] holds, @Nullable LeasedPermit before) {
        this.holds = holds;
        this.before = before;
    }

    /** Whether the call has taken something of that, now or before. */
    boolean holds(Bucket bucket) {
        for (Hold hold : holds) {
            if (hold.bucket() == bucket) {
                return true;
            }
        }
        return before != null && before.holds(bucket);
    }

    @Override
    public void settle(long tokens) {
        if (!SETTLED.compareAndSet(this, false, true)) {
            return;
        }
        for (Hold hold : holds) {
            if (hold.bucket().limit().resource() == RateResource.TOKENS) {
                hold.settle(Math.max(0, tokens));
            }
        }
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            for (Hold hold : holds) {
                hold.end();
            }
        }
    }
}
