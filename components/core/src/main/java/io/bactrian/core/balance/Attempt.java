package io.bactrian.core.balance;

import io.bactrian.core.error.InvokeException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One attempt with one credential. First its answer begins, then it is over; or it fails, before that or after; or it is given
 * up. What is said of it after its end is not heard. Thread-safe.
 */
public final class Attempt {

    private static final int OPEN = 0;
    private static final int ANSWERED = 1;
    private static final int OVER = 2;

    private final BalancingPool pool;
    private final int index;
    private final long startedAt;
    private final Health.Entry credentialEntry;
    private final Health.Entry deploymentEntry;
    private final AtomicInteger state = new AtomicInteger(OPEN);

    Attempt(BalancingPool pool, int index, long startedAt, Health.Entry credentialEntry, Health.Entry deploymentEntry) {
        this.pool = pool;
        this.index = index;
        this.startedAt = startedAt;
        this.credentialEntry = credentialEntry;
        this.deploymentEntry = deploymentEntry;
    }

    /** The credential's place among the candidates of the resolution. */
    public int candidate() {
        return pool.credential(index).candidate();
    }

    int index() {
        return index;
    }

    long startedAt() {
        return startedAt;
    }

    Health.Entry credentialEntry() {
        return credentialEntry;
    }

    Health.Entry deploymentEntry() {
        return deploymentEntry;
    }

    /** The answer has begun, with something that can be handed on. */
    public void answered() {
        if (state.compareAndSet(OPEN, ANSWERED)) {
            pool.answered(this);
        }
    }

    /** The answer is whole, or nobody wants the rest of it. */
    public void succeeded() {
        answered();
        if (state.compareAndSet(ANSWERED, OVER)) {
            pool.over(this);
        }
    }

    /** It has failed. */
    public void failed(InvokeException failure) {
        if (state.getAndSet(OVER) != OVER) {
            pool.failed(this, failure);
        }
    }

    /** It is over before its answer began, and nobody can say how it went. */
    public void abandoned() {
        int before = state.getAndSet(OVER);
        if (before == OPEN) {
            pool.abandoned(this);
        } else if (before == ANSWERED) {
            pool.over(this);
        }
    }
}
