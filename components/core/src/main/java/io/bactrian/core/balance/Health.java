package io.bactrian.core.balance;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Whether something can be used: well; out until a moment; or, after that moment, on trial: one call finds out, and nobody else
 * goes near before it has. Times are nanoseconds of a monotonic clock. Lock-free.
 */
final class Health {

    /** How long a trial keeps others away, if whoever makes it never says how it went. */
    private static final long LONGEST_TRIAL_NANOS = 30_000_000_000L;

    private static final long SOON_NANOS = 100_000_000L;
    private static final int MOST_TRIPS = 30;

    private static final State WELL = new State(0, 0, FailureClass.CLIENT, ErrorCode.MISCONFIGURED, 0);
    private static final long NOBODY = Long.MIN_VALUE;

    private static final AtomicReferenceFieldUpdater<Health, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Health.class, State.class, "state");

    private volatile State state = WELL;
    private final AtomicLong trialUntil = new AtomicLong(NOBODY);

    /**
     * Out.
     *
     * @param until when it can be tried again
     * @param trips how many times in a row it has come to this
     * @param reason why
     * @param code the failure
     * @param version the version of the credential that failed
     */
    record State(long until, int trips, FailureClass reason, ErrorCode code, long version) {}

    /** Whether a call may use it. */
    enum Entry {
        /** It is out. */
        REFUSED,
        /** It is well. */
        FREE,
        /** This call finds out whether it is well again. */
        TRIAL
    }

    /** Takes it for a call, if it can be used: if it is on trial, this call is the trial. */
    Entry enter(long now, long version) {
        State current = state;
        if (current == WELL) {
            return Entry.FREE;
        }
        if (outdated(current, version)) {
            STATE.compareAndSet(this, current, WELL);
            return Entry.FREE;
        }
        if (now - current.until() < 0) {
            return Entry.REFUSED;
        }
        long trial = trialUntil.get();
        boolean free = trial == NOBODY || now - trial >= 0;
        return free && trialUntil.compareAndSet(trial, now + LONGEST_TRIAL_NANOS) ? Entry.TRIAL : Entry.REFUSED;
    }

    /** Gives it back without a verdict. */
    void leave(Entry entry) {
        if (entry == Entry.TRIAL) {
            trialUntil.set(NOBODY);
        }
    }

    /** It has worked. What worked while it was out had begun before, and says nothing of now. */
    void worked(long now) {
        State current = state;
        if (current != WELL && now - current.until() >= 0) {
            STATE.compareAndSet(this, current, WELL);
            trialUntil.set(NOBODY);
        }
    }

    /**
     * It has failed.
     *
     * @param lasting gives how long it is out by how many times in a row it has failed before
     * @return what it is now
     */
    State failed(long now, FailureClass reason, ErrorCode code, long version, Lasting lasting) {
        State next;
        State current;
        do {
            current = state;
            boolean alreadyOut = current != WELL && now - current.until() < 0;
            // calls that were under way together fail together: that is one failure
            int trips = alreadyOut ? current.trips() : Math.min(current.trips() + 1, MOST_TRIPS);
            long until = now + lasting.nanos(trips - 1);
            if (alreadyOut && until - current.until() < 0) {
                return current;
            }
            next = new State(until, trips, reason, code, version);
        } while (!STATE.compareAndSet(this, current, next));
        trialUntil.set(NOBODY);
        return next;
    }

    /** As another node has found it. */
    void learned(State theirs) {
        State current = state;
        if (current == WELL || theirs.until() - current.until() > 0) {
            STATE.compareAndSet(this, current, theirs);
        }
    }

    /** How it is; null if it is well. */
    @Nullable
    State out(long now, long version) {
        State current = state;
        return current == WELL || outdated(current, version) || now - current.until() >= 0 ? null : current;
    }

    /** When it can be tried; the past if now. How a trial ends that is running is known soon, and not yet. */
    long until(long now) {
        State current = state;
        if (current == WELL) {
            return now;
        }
        boolean onTrial = now - current.until() >= 0 && trialUntil.get() != NOBODY && now - trialUntil.get() < 0;
        return onTrial ? now + SOON_NANOS : current.until();
    }

    /** A credential that was refused says nothing of the values it has got since. */
    private static boolean outdated(State state, long version) {
        return state.reason() == FailureClass.CREDENTIAL_DEAD && state.version() != version;
    }

    /** How long something is out. */
    @FunctionalInterface
    interface Lasting {
        /** The nanoseconds, by the number of failures in a row before this one. */
        long nanos(int before);
    }
}
