package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has become of one call so far: shared by all copies of its {@link Invocation}, re-entries included. */
public final class CallTrace {

    private volatile Phase reached = Phase.OBSERVE;
    private volatile @Nullable Invocation current;
    private volatile int attempts;
    private volatile @Nullable Resolution resolution;
    private volatile List<FailedAttempt> failed = List.of();
    private volatile List<InvocationTarget> targets = List.of();
    private volatile @Nullable InvokeException denial;

    /** Links of a phase share it, and most pass on the call that they got: what is known already is not written again. */
    void enter(Phase phase, Invocation invocation) {
        if (reached != phase) {
            reached = phase;
        }
        if (current != invocation) {
            current = invocation;
        }
        Resolution found = invocation.resolutionOrNull();
        if (found != null && found != resolution) {
            resolution = found;
        }
    }

    void attempt() {
        // one call is driven by one thread at a time
        attempts = attempts + 1;
    }

    void failed(FailedAttempt attempt) {
        List<FailedAttempt> longer = new ArrayList<>(failed);
        longer.add(attempt);
        failed = List.copyOf(longer);
    }

    /** Notes that the call goes to a target; false if it has been there. */
    boolean goTo(InvocationTarget target) {
        if (targets.contains(target)) {
            return false;
        }
        List<InvocationTarget> longer = new ArrayList<>(targets);
        longer.add(target);
        targets = List.copyOf(longer);
        return true;
    }

    /** Notes that the call was denied something; false if that is known of this very denial. */
    boolean denied(InvokeException reason) {
        if (denial == reason) {
            return false;
        }
        denial = reason;
        return true;
    }

    void resolved(Resolution found) {
        resolution = found;
    }

    /** The innermost phase that the call has entered: where it was refused, if it was. */
    public Phase reached() {
        return reached;
    }

    /** The attempts that failed, in order; those of fallbacks among them. */
    public List<FailedAttempt> failedAttempts() {
        return failed;
    }

    /**
     * How many of the attempts that failed may be billed nevertheless: each has sent the whole prompt.
     *
     * @param failedBefore how many of those that failed, from the first on, are not counted
     */
    public long billedAttempts(int failedBefore) {
        List<FailedAttempt> all = failed;
        long billed = 0;
        for (int i = failedBefore; i < all.size(); i++) {
            billed += all.get(i).code().mayBeBilled() ? 1 : 0;
        }
        return billed;
    }

    /**
     * How many attempts may be billed of a call that failed.
     *
     * @param attemptsBefore how many of the attempts, from the first on, are not counted
     * @param failedBefore how many of those that failed are not
     * @param code how the call failed; null if nobody knows
     */
    public long billedAttempts(int attemptsBefore, int failedBefore, @Nullable ErrorCode code) {
        boolean last = attempts > attemptsBefore && (code == null || code.mayBeBilled());
        return Math.max(billedAttempts(failedBefore), last ? 1 : 0);
    }

    /** How many attempts were made. */
    public int attempts() {
        return attempts;
    }

    /** How the credential was found, or why none was; empty if the call did not get that far. */
    public Optional<Resolution> resolution() {
        return Optional.ofNullable(resolution);
    }

    /** The call as it last went on: with its caller, and the target that its default model stood for. */
    public Optional<Invocation> current() {
        return Optional.ofNullable(current);
    }
}
