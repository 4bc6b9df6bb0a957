package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.UsageEstimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was reserved for one call from one purse, until it is settled. The first end counts. */
final class Metered {

    private static final TokenUsage UNKNOWN = TokenUsage.NONE;

    private final QuotaLedger ledger;
    private final @Nullable Reservation reservation;
    private final UsageEstimate estimate;
    private final CallTrace trace;
    private final int attemptsBefore;
    private final int failedBefore;

    Metered(QuotaLedger ledger, @Nullable Reservation reservation, UsageEstimate estimate, CallTrace trace) {
        this.ledger = ledger;
        this.reservation = reservation;
        this.estimate = estimate;
        this.trace = trace;
        this.attemptsBefore = trace.attempts();
        this.failedBefore = trace.failedAttempts().size();
    }

    boolean open() {
        return reservation != null && reservation.open();
    }

    /** The call is sent to another model, which reserves for itself. */
    void replaced() {
        long billed = trace.billedAttempts(failedBefore);
        if (billed > 0) {
            settle(estimate.brokenOff(0, 0), billed - 1);
        } else {
            release();
        }
    }

    /** The call was answered to its end. */
    void answered(@Nullable TokenUsage usage, long delivered) {
        settle(usage == null || usage.totalTokens() == 0 ? estimate.brokenOff(0, delivered) : usage);
    }

    /**
     * An answer broke off.
     *
     * @param usage what the provider has said so far; null for nothing
     * @param finished whether it had said all it had to say
     * @param delivered the tokens that were handed on
     */
    void brokenOff(@Nullable TokenUsage usage, boolean finished, long delivered) {
        TokenUsage known = usage == null ? UNKNOWN : usage;
        if (finished && known.totalTokens() > 0) {
            settle(known);
            return;
        }
        settle(estimate.brokenOff(known.promptTokens(), Math.max(known.completionTokens(), delivered)));
    }

    /**
     * The call failed before it was answered.
     *
     * @param code how; null if nobody knows
     */
    void failed(@Nullable ErrorCode code) {
        long billed = trace.billedAttempts(attemptsBefore, failedBefore, code);
        if (billed > 0) {
            settle(estimate.brokenOff(0, 0), billed - 1);
        } else {
            release();
        }
    }

    private void settle(TokenUsage usage) {
        settle(usage, trace.billedAttempts(failedBefore));
    }

    /** @param more how many attempts that came to nothing are charged their prompts, too */
    private void settle(TokenUsage last, long more) {
        if (reservation == null) {
            return;
        }
        TokenUsage usage = last;
        for (long i = 0; i < more; i++) {
            usage = usage.plus(estimate.brokenOff(0, 0));
        }
        List<Charge> charges = reservation.charges();
        long[] used = new long[charges.size()];
        for (int i = 0; i < used.length; i++) {
            used[i] = estimate.used(charges.get(i).limit().unit(), usage);
        }
        ledger.settle(reservation, used);
    }

    private void release() {
        if (reservation != null) {
            ledger.release(reservation);
        }
    }
}
