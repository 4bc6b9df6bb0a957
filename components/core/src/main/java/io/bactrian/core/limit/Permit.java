package io.bactrian.core.limit;

import java.util.concurrent.atomic.AtomicInteger;

/** One call's permit. Ends once, and only if it was counted. */
final class Permit implements Hold {

    private static final int NEW = 0;
    private static final int COUNTED = 1;
    private static final int ENDED = 2;

    private final PermitBucket bucket;
    private final long until;
    private final AtomicInteger stage = new AtomicInteger(NEW);

    /** @param until when the call is over at the latest */
    Permit(PermitBucket bucket, long until) {
        this.bucket = bucket;
        this.until = until;
    }

    long until() {
        return until;
    }

    void counted() {
        stage.set(COUNTED);
    }

    @Override
    public Bucket bucket() {
        return bucket;
    }

    @Override
    public void settle(long tokens) {
        // it is no more and no less than a call
    }

    @Override
    public void end() {
        if (stage.compareAndSet(COUNTED, ENDED)) {
            bucket.ended(this);
        }
    }

    @Override
    public void undo() {
        end();
    }
}
