package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.tenant.Spending;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has become of one call so far: shared by all copies of its {@link Invocation}, re-entries included. */
public final class CallTrace {

    // one call is driven by one thread at a time, so that what others read has to be seen in order, and no more: a full
    // fence at each step of the chain would cost more than most of its links
    private static final VarHandle REACHED = field("reached", Phase.class);
    private static final VarHandle CURRENT = field("current", Invocation.class);
    private static final VarHandle RESOLUTION = field("resolution", Resolution.class);
    private static final VarHandle ATTEMPTS = field("attempts", int.class);

    private @Nullable Phase reached;
    private @Nullable Invocation current;
    private int attempts;
    private @Nullable Resolution resolution;
    private volatile @Nullable List<FailedAttempt> failed;
    private volatile @Nullable List<InvocationTarget> targets;
    private volatile @Nullable InvokeException denial;
    private volatile @Nullable Spending spending;

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(CallTrace.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Links of a phase share it, and most pass on the call that they got: what is known already is not written again. */
    void enter(Phase phase, Invocation invocation) {
        if (reached != phase) {
            REACHED.setRelease(this, phase);
        }
        if (current != invocation) {
            CURRENT.setRelease(this, invocation);
            Resolution found = invocation.resolutionOrNull();
            if (found != null && found != resolution) {
                RESOLUTION.setRelease(this, found);
            }
        }
    }

    void attempt() {
        ATTEMPTS.setRelease(this, attempts + 1);
    }

    void failed(FailedAttempt attempt) {
        List<FailedAttempt> longer = new ArrayList<>(failedAttempts());
        longer.add(attempt);
        failed = List.copyOf(longer);
    }

    /** Notes that the call goes to a target; false if it has been there. */
    boolean goTo(InvocationTarget target) {
        List<InvocationTarget> before = targets == null ? List.of() : targets;
        if (before.contains(target)) {
            return false;
        }
        List<InvocationTarget> longer = new ArrayList<>(before);
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
        RESOLUTION.setRelease(this, found);
    }

    /** Where it is added up what the call spends, over all its attempts. */
    Spending spendingWithin(Spending outer) {
        Spending own = spending;
        if (own == null) {
            own = outer.within();
            spending = own;
        }
        return own;
    }

    /** What the calls within the call have cost, by currency; empty if that is nothing, or nobody adds it up. */
    public Map<String, BigDecimal> spent() {
        Spending own = spending;
        return own == null ? Map.of() : own.total();
    }

    /** The innermost phase that the call has entered: where it was refused, if it was. */
    public Phase reached() {
        Phase phase = (Phase) REACHED.getAcquire(this);
        return phase == null ? Phase.OBSERVE : phase;
    }

    /** The attempts that failed, in order; those of fallbacks among them. */
    public List<FailedAttempt> failedAttempts() {
        List<FailedAttempt> all = failed;
        return all == null ? List.of() : all;
    }

    /**
     * How many of the attempts that failed may be billed nevertheless: each has sent the whole prompt.
     *
     * @param failedBefore how many of those that failed, from the first on, are not counted
     */
    public long billedAttempts(int failedBefore) {
        List<FailedAttempt> all = failedAttempts();
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
        boolean last = attempts() > attemptsBefore && (code == null || code.mayBeBilled());
        return Math.max(billedAttempts(failedBefore), last ? 1 : 0);
    }

    /** How many attempts were made. */
    public int attempts() {
        return (int) ATTEMPTS.getAcquire(this);
    }

    /** How the credential was found, or why none was; empty if the call did not get that far. */
    public Optional<Resolution> resolution() {
        return Optional.ofNullable((Resolution) RESOLUTION.getAcquire(this));
    }

    /** What the model that the call went to last costs; empty if nobody knows, and for a tool. */
    public Optional<ModelPricing> pricing() {
        return resolution().flatMap(Resolution::model).flatMap(model -> Optional.ofNullable(model.pricing()));
    }

    /** The call as it last went on: with its caller, and the target that its default model stood for. */
    public Optional<Invocation> current() {
        return Optional.ofNullable((Invocation) CURRENT.getAcquire(this));
    }
}
