package io.bactrian.core.invoke;

import io.bactrian.core.config.SystemProvider.HostingQuota;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaOutcome;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaRefusal;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.quota.UsageEstimate;
import io.bactrian.core.tenant.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reserves what a call of a model may use at most, in the hosted quota that pays for it and in the budgets that hold for its
 * tenant and app, and settles it by what was used. The candidates of a call come in purses, one after the other: those that
 * nobody meters, then each hosted entry, paid before free before trial. One whose quota is used up is passed over; one whose
 * call fails so that another credential may do better is followed by the next. A call that needs no limit to be kept passes
 * as it came. So do tools.
 */
final class QuotaInterceptor implements Interceptor {

    /** How long after its deadline a call may still be at work on its end. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long PURSES = 1_000;

    private final QuotaParts parts;
    private final AtomicLong repetitions = new AtomicLong();
    // of the calls that are on their way through this link: a call that enters again gives up what it had reserved
    private final ConcurrentHashMap<CallTrace, Metered> underWay = new ConcurrentHashMap<>();

    private QuotaInterceptor(QuotaParts parts) {
        this.parts = parts;
    }

    /** The link that keeps to quotas and budgets. */
    static QuotaInterceptor of(QuotaParts parts) {
        return new QuotaInterceptor(parts);
    }

    @Override
    public Phase phase() {
        return Phase.QUOTA;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        if (invocation.reentries() > 0) {
            Metered before = underWay.get(invocation.trace());
            if (before != null) {
                before.replaced();
            }
        }
        if (!(invocation.request() instanceof ModelRequest request)) {
            return next.proceed(invocation);
        }
        Caller caller = invocation.caller();
        List<QuotaLimit> budgets = parts.budgets().of(caller.tenant(), caller.app());
        Resolution resolution = invocation.resolution();
        if (budgets.isEmpty() && unmetered(resolution)) {
            return next.proceed(invocation);
        }
        return new Walk(invocation, request, budgets, next).reply();
    }

    private static boolean unmetered(Resolution resolution) {
        for (int i = 0; i < resolution.candidates().size(); i++) {
            HostingQuota quota = resolution.candidate(i).quota;
            if (quota != null && !quota.unlimited()) {
                return false;
            }
        }
        return true;
    }

    /** One call on its way along the purses. */
    private final class Walk {

        private final Invocation invocation;
        private final Resolution resolution;
        private final List<QuotaLimit> budgets;
        private final Next next;
        private final UsageEstimate estimate;
        private @Nullable InvokeException failure;
        private int purse;

        Walk(Invocation invocation, ModelRequest request, List<QuotaLimit> budgets, Next next) {
            this.invocation = invocation;
            this.resolution = invocation.resolution();
            this.budgets = budgets;
            this.next = next;
            InvocationTarget.Model target = resolution.modelTarget();
            this.estimate = new UsageEstimate(
                    request,
                    resolution.model().orElseThrow(),
                    parts.credits().of(target.provider(), target.model()),
                    resolution.candidate(0).ref.source() == CredentialSource.NONE_NEEDED);
        }

        InvocationReply reply() {
            int size = resolution.candidates().size();
            int from = 0;
            while (true) {
                int to = endOfPurse(from);
                InvocationReply reply = paidBy(from, to);
                if (reply != null) {
                    return reply;
                }
                if (to == size) {
                    throw failed();
                }
                from = to;
                purse++;
            }
        }

        private InvokeException failed() {
            if (failure == null) {
                throw new IllegalStateException("a purse that does not pay says why");
            }
            return failure;
        }

        private int endOfPurse(int from) {
            Candidate first = resolution.candidate(from);
            int to = from + 1;
            while (to < resolution.candidates().size() && samePurse(first, resolution.candidate(to))) {
                to++;
            }
            return to;
        }

        private boolean samePurse(Candidate one, Candidate other) {
            if (one.quota == null || other.quota == null) {
                return one.quota == other.quota;
            }
            return one.quota.equals(other.quota) && one.ref.name().equals(other.ref.name());
        }

        /** The answer that a purse pays for; null if it does not and another may. */
        private @Nullable InvocationReply paidBy(int from, int to) {
            List<Charge> charges = charges(resolution.candidate(from));
            if (charges.isEmpty()) {
                return proceed(from, to, null);
            }
            QuotaOutcome outcome = reserved(charges);
            if (outcome instanceof QuotaRefusal refusal) {
                InvokeException exceeded = refusal.toException();
                // no other purse makes up for a budget
                if (refusal.limit().account() instanceof QuotaAccount.Budget) {
                    throw failure == null ? exceeded : with(failure, exceeded);
                }
                failure = failure == null ? exceeded : with(failure, exceeded);
                return null;
            }
            return proceed(from, to, (Reservation) outcome);
        }

        private List<Charge> charges(Candidate candidate) {
            List<Charge> charges = new ArrayList<>(budgets.size() + 1);
            HostingQuota quota = candidate.quota;
            if (quota != null && !quota.unlimited()) {
                charges.add(charge(limit(candidate.ref, quota)));
            }
            for (QuotaLimit budget : budgets) {
                charges.add(charge(budget));
            }
            return charges;
        }

        private Charge charge(QuotaLimit limit) {
            return new Charge(limit, estimate.most(limit.unit()));
        }

        private QuotaLimit limit(CredentialRef ref, HostingQuota quota) {
            return new QuotaLimit(
                    new QuotaAccount.Hosted(resolution.tenant(), ref.provider(), ref.name(), quota.type()),
                    QuotaUnit.counted(quota.unit()).orElseThrow(() -> new IllegalStateException(quota.unit())),
                    quota.limit(),
                    new QuotaPeriod.Unbounded());
        }

        /**
         * Reserves under the call's id. Two calls at a time of one id are one: the second is refused (CONC-02). One that comes
         * after another of that id has ended is a call of its own, which somebody has to pay for.
         */
        private QuotaOutcome reserved(List<Charge> charges) {
            Caller caller = invocation.caller();
            Duration left = caller.deadline().remaining();
            Duration expiresIn = (left.compareTo(LONGEST) > 0 ? LONGEST : left).plus(MARGIN);
            long part = invocation.reentries() * PURSES + purse;
            while (true) {
                QuotaOutcome outcome =
                        parts.ledger().tryReserve(new ReservationKey(caller.requestId(), part), charges, expiresIn);
                if (!(outcome instanceof QuotaOutcome.Repeated repeated)) {
                    return outcome;
                }
                if (repeated.earlier().open()) {
                    throw new BadRequestException(
                            ErrorCode.INVALID_PARAM,
                            "a call of the request id '" + caller.requestId()
                                    + "' is under way: give each call an id of its own, or none (BactrianRequestId)");
                }
                part = -repetitions.incrementAndGet();
            }
        }

        private @Nullable InvocationReply proceed(int from, int to, @Nullable Reservation reservation) {
            Resolution payer = resolution.purse(from, to);
            Invocation paid = payer == resolution ? invocation : invocation.withResolution(payer);
            Metered metered = new Metered(parts.ledger(), reservation, estimate, invocation.trace());
            Metered outer = underWay.put(invocation.trace(), metered);
            try {
                return answered(metered, next.proceed(paid));
            } catch (InvokeException e) {
                metered.failed(e.code());
                boolean another = to < resolution.candidates().size() && passesOn(resolution.candidate(from), e);
                failure = failure == null ? e : with(failure, e);
                if (!another) {
                    throw failure;
                }
                return null;
            } catch (RuntimeException e) {
                metered.failed(null);
                throw e;
            } finally {
                if (outer == null) {
                    underWay.remove(invocation.trace());
                } else {
                    underWay.put(invocation.trace(), outer);
                }
            }
        }

        /** From money of one's own to the operator's only when one's own is refused or used up. */
        private static boolean passesOn(Candidate payer, InvokeException e) {
            FailureClass reason = FailureClass.of(e.code());
            return payer.ref.source() == CredentialSource.HOSTED
                    ? reason.passesToNext()
                    : reason == FailureClass.CREDENTIAL_DEAD;
        }
    }

    private static InvocationReply answered(Metered metered, InvocationReply reply) {
        if (!metered.open()) {
            // unlimited, or another model has answered, from another purse
            return reply;
        }
        if (reply instanceof ModelStream stream) {
            return FollowedStream.of(stream, new MeteredAnswer(metered));
        }
        if (reply instanceof LlmResult result) {
            metered.answered(result.usage(), DeliveredTokens.of(result));
        } else if (reply instanceof TextEmbeddingResult result) {
            metered.answered(result.usage(), 0);
        } else {
            metered.answered(null, 0);
        }
        return reply;
    }

    private static InvokeException with(InvokeException first, InvokeException later) {
        if (first != later) {
            first.addSuppressed(later);
        }
        return first;
    }
}
