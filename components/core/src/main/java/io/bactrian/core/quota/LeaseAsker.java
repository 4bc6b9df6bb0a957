package io.bactrian.core.quota;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.UnavailableException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the shared accounts for more units, once for all callers of a node that need some of the same limit. */
final class LeaseAsker {

    private final QuotaLeases leases;
    private final LeaseTerms terms;
    private final LeaseReporter reporter;
    private final LongSupplier nanoClock;
    private final Supplier<String> ids;

    LeaseAsker(
            QuotaLeases leases,
            LeaseTerms terms,
            LeaseReporter reporter,
            LongSupplier nanoClock,
            Supplier<String> ids) {
        this.leases = leases;
        this.terms = terms;
        this.reporter = reporter;
        this.nanoClock = nanoClock;
        this.ids = ids;
    }

    static UnavailableException away(String why, @Nullable Throwable cause) {
        return new UnavailableException(ErrorCode.STORE_UNAVAILABLE, why + "; try again", ErrorDetails.NONE, cause);
    }

    /**
     * Has more leased. Of those who need it one asks, for all of them; the others wait for the answer. Returns why there is not
     * enough, or null when it is to be tried again.
     */
    @Nullable
    QuotaRefusal more(LeasedMeter meter, Charge charge) {
        giveBackIfLowered(meter, charge);
        @Nullable CompletableFuture<Void> others;
        QuotaLeases.@Nullable Ask ask;
        long returns;
        meter.lock.lock();
        try {
            long nanos = nanoClock.getAsLong();
            if (meter.retired || meter.fits(charge.amount(), charge.limit().limit(), nanos)) {
                return null;
            }
            if (meter.refusedJustNow(charge.limit(), charge.amount(), nanos)) {
                return of(charge, Objects.requireNonNull(meter.refusal));
            }
            returns = meter.returnsKnown();
            others = meter.asking;
            ask = others == null ? asking(meter, charge, nanos) : null;
            if (others != null) {
                meter.demand += charge.amount();
            }
        } finally {
            meter.lock.unlock();
        }
        if (ask != null) {
            return ask(meter, charge, ask, returns);
        }
        waitFor(Objects.requireNonNull(others));
        return null;
    }

    /** What was leased by a higher limit than the one in force goes back: how much is left of the lower one is then known. */
    private void giveBackIfLowered(LeasedMeter meter, Charge charge) {
        meter.lock.lock();
        boolean lowered;
        try {
            lowered = meter.lowered(charge.limit().limit());
        } finally {
            meter.lock.unlock();
        }
        if (lowered) {
            reporter.quietly(() -> reporter.report(List.of(meter), false));
        }
    }

    private QuotaLeases.Ask asking(LeasedMeter meter, Charge charge, long nanos) {
        meter.asking = new CompletableFuture<>();
        meter.limit = charge.limit();
        long needed = Math.max(charge.amount(), meter.demand);
        meter.demand = 0;
        return new QuotaLeases.Ask(
                charge.limit(),
                meter.lacking(charge.amount(), nanos),
                meter.lacking(needed, nanos),
                meter.current == null ? null : meter.current.id,
                ids.get(),
                terms.duration());
    }

    private static QuotaRefusal of(Charge charge, QuotaRefusal known) {
        return new QuotaRefusal(
                charge.limit(), charge.amount(), known.used(), known.held(), known.now(), known.resetsAt());
    }

    private static void waitFor(CompletableFuture<Void> others) {
        try {
            others.join();
        } catch (CompletionException e) {
            throw away("the accounts of quotas do not answer", e.getCause());
        }
    }

    private @Nullable QuotaRefusal ask(LeasedMeter meter, Charge charge, QuotaLeases.Ask ask, long returns) {
        long sent = nanoClock.getAsLong();
        QuotaLeases.Answer answer;
        try {
            answer = leases.lease(ask);
        } catch (RuntimeException e) {
            boolean inDoubt = e instanceof UnavailableException away && away.code() == ErrorCode.STORE_OUTCOME_UNKNOWN;
            asked(meter, inDoubt).completeExceptionally(e);
            throw e instanceof UnavailableException known ? away("the accounts of quotas do not answer", known) : e;
        }
        QuotaRefusal refusal = answer instanceof QuotaRefusal not ? of(charge, not) : null;
        if (refusal != null && wentBack(meter, returns)) {
            // what goes back from here may be just what was missing
            asked(meter, false).complete(null);
            reporter.await();
            return null;
        }
        noted(meter, charge, answer, refusal, sent).complete(null);
        if (refusal != null) {
            reporter.tellOfRefusal(meter, refusal);
        }
        return refusal;
    }

    private static boolean wentBack(LeasedMeter meter, long returns) {
        meter.lock.lock();
        try {
            return meter.wentBackSince(returns);
        } finally {
            meter.lock.unlock();
        }
    }

    private CompletableFuture<Void> noted(
            LeasedMeter meter, Charge charge, QuotaLeases.Answer answer, @Nullable QuotaRefusal refusal, long sent) {
        meter.lock.lock();
        try {
            if (answer instanceof QuotaLeases.Granted granted) {
                meter.add(granted, charge.limit().limit(), sent, terms.duration());
            }
            if (refusal != null) {
                meter.refused(refusal, sent, terms.reportEvery());
            }
            return meter.answered();
        } finally {
            meter.lock.unlock();
        }
    }

    private static CompletableFuture<Void> asked(LeasedMeter meter, boolean inDoubt) {
        meter.lock.lock();
        try {
            if (inDoubt) {
                meter.doubt(meter.current);
            }
            return meter.answered();
        } finally {
            meter.lock.unlock();
        }
    }
}
