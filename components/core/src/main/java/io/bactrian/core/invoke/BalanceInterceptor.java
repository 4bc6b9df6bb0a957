package io.bactrian.core.invoke;

import io.bactrian.core.balance.Attempt;
import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a call by one candidate after the other until one answers, and then by the model's fallbacks: the only owner of retries.
 * All attempts share the call's one deadline.
 */
final class BalanceInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(BalanceInterceptor.class);

    private final LoadBalancingManager manager;
    private final RetryPolicy retries;
    private final ToolRetries tools;
    private final Pauses pauses;
    private final LongSupplier nanoClock;

    BalanceInterceptor(LoadBalancingManager manager, Pauses pauses, LongSupplier nanoClock) {
        this.manager = manager;
        this.retries = new RetryPolicy(manager.settings());
        this.tools = new ToolRetries(retries, pauses);
        this.pauses = pauses;
        this.nanoClock = nanoClock;
    }

    @Override
    public Phase phase() {
        return Phase.BALANCE;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        if (invocation.request() instanceof ToolRequest) {
            return tools.intercept(invocation, next);
        }
        return asked(timed(invocation), next);
    }

    /** With the installation's time for the first content of a stream, unless the request has one of its own. */
    private Invocation timed(Invocation invocation) {
        Duration usual = manager.settings().firstTokenTimeout();
        return usual != null
                        && invocation.request() instanceof LlmRequest request
                        && request.stream()
                        && request.firstTokenTimeout() == null
                ? invocation.withRequest(request.withFirstTokenTimeout(usual))
                : invocation;
    }

    private InvocationReply asked(Invocation invocation, Next next) {
        Optional<ModelBalancing> balancing = invocation.resolution().balancing();
        List<ModelFallback> fallbacks = balancing.isPresent() ? balancing.get().fallbacks() : List.of();
        if (fallbacks.isEmpty()) {
            return new Attempts(invocation, next, false).reply();
        }
        invocation.trace().goTo(invocation.target());
        try {
            return new Attempts(invocation, next, true).reply();
        } catch (InvokeException e) {
            return elsewhere(invocation, next, fallbacks, e);
        }
    }

    /** Another model is another purse and another permission: the call enters the chain again for it. */
    private static InvocationReply elsewhere(
            Invocation invocation, Next next, List<ModelFallback> fallbacks, InvokeException failure) {
        FailureClass reason = FailureClass.of(failure.code());
        InvocationTarget.Model own = invocation.resolution().modelTarget();
        for (ModelFallback fallback : fallbacks) {
            InvocationTarget.Model other = InvocationTarget.Model.of(fallback.provider(), fallback.model(), own.type());
            boolean asked = fallback.on().contains(reason)
                    && !invocation.caller().deadline().expired()
                    && invocation.trace().goTo(other);
            if (asked) {
                LOG.debug("{} failed ({}): {} is asked", own, failure.code().text(), other);
                try {
                    return next.reenter(invocation.retargeted(other));
                } catch (InvokeException e) {
                    // of interest to whoever asked is why the model that they named did not answer
                    failure.addSuppressed(e);
                }
            }
        }
        throw failure;
    }

    /** The attempts of one call at one model. */
    private final class Attempts {

        private final Invocation invocation;
        private final Next next;
        private final boolean streams;
        private final boolean alternatives;
        private final List<BalancingPool> pools;
        private final BalancingPool.Tried[] tried;
        private final long conversation;
        private @Nullable InvokeException failure;
        private Duration waited = Duration.ZERO;
        private int made;
        private int reached;
        private int again;

        Attempts(Invocation invocation, Next next, boolean fallbacks) {
            this.invocation = invocation;
            this.next = next;
            this.streams = invocation.request() instanceof LlmRequest llm && llm.stream();
            this.pools = invocation.resolution().pools(manager);
            this.alternatives = fallbacks || pools.size() > 1 || pools.get(0).size() > 1;
            this.tried = new BalancingPool.Tried[pools.size()];
            for (int i = 0; i < tried.length; i++) {
                tried[i] = new BalancingPool.Tried();
            }
            this.conversation = pools.get(0).sticky() ? Conversations.of(invocation.request()) : 0;
        }

        InvocationReply reply() {
            while (true) {
                Attempt attempt = begin();
                if (attempt == null) {
                    pause();
                } else {
                    InvocationReply reply = attempted(attempt);
                    if (reply != null) {
                        return reply;
                    }
                }
            }
        }

        /** A later level is for when those of the earlier ones are refused or used up: it is somebody else's money. */
        private @Nullable Attempt begin() {
            for (int i = 0; i < tried.length; i++) {
                reached = i;
                Optional<Attempt> attempt = pools.get(i).begin(tried[i], conversation);
                if (attempt.isPresent()) {
                    tried[i].add(attempt.get());
                    return attempt.get();
                }
                boolean dead = failure == null
                        ? pools.get(i).allDead()
                        : FailureClass.of(failure.code()) == FailureClass.CREDENTIAL_DEAD;
                if (!dead) {
                    return null;
                }
            }
            return null;
        }

        private void forget() {
            for (BalancingPool.Tried each : tried) {
                each.clear();
            }
        }

        /** Whether there are some that the call has not tried: they were out when it looked. */
        private boolean othersWereOut() {
            int of = 0;
            int triedSoFar = 0;
            for (int i = 0; i <= reached; i++) {
                of += pools.get(i).size();
                triedSoFar += tried[i].count();
            }
            return triedSoFar < of;
        }

        /** Waits until somebody may be tried; thrown is why nobody will be. */
        private void pause() {
            Duration earliest = earliest();
            InvokeException last = failure;
            if (last == null) {
                throw cooling(earliest);
            }
            Deadline deadline = invocation.caller().deadline();
            if (othersWereOut()) {
                Duration wait = retries.pauseForOthers(waited, earliestUntried(), deadline)
                        .orElseThrow(
                                () -> last.code().retriable() ? RetryPolicy.told(last, earliest) : cooling(earliest));
                pauses.pause(wait);
                waited = waited.plus(wait);
                return;
            }
            forget();
            pauses.pause(retries.pause(last, again, earliestUntried(), deadline)
                    .orElseThrow(() -> RetryPolicy.told(last, earliest)));
            again++;
        }

        private Duration earliest() {
            Duration least = pools.get(0).earliest();
            for (BalancingPool pool : pools) {
                Duration one = pool.earliest();
                least = one.compareTo(least) < 0 ? one : least;
            }
            return least;
        }

        /** Until when to wait for whoever may be asked next: those who will not be asked again do not come back in any time. */
        private Duration earliestUntried() {
            long least = Long.MAX_VALUE;
            for (int i = 0; i <= reached; i++) {
                least = Math.min(least, pools.get(i).nanosUntilFirst(tried[i]));
            }
            return least == Long.MAX_VALUE ? earliest() : Duration.ofNanos(least);
        }

        private RateLimitedException cooling(Duration earliest) {
            int all = pools.stream().mapToInt(BalancingPool::size).sum();
            boolean alone = all == 1;
            String who = alone ? "the credential" : "all " + all + " credentials";
            return new RateLimitedException(
                    ErrorCode.RATE_LIMITED,
                    who + " of tenant '" + invocation.caller().tenant() + "' for " + invocation.target()
                            + (alone ? " is" : " are") + " cooling down after failures: "
                            + (alone ? "it" : "the first") + " is tried again in "
                            + Math.max(1, earliest.plusMillis(999).toSeconds()) + " s",
                    new ErrorDetails(earliest, 0, null, null),
                    null);
        }

        /** The answer; null if the attempt failed and another one may be made. */
        private @Nullable InvocationReply attempted(Attempt attempt) {
            long started = nanoClock.getAsLong();
            made++;
            try {
                return answered(next.proceed(invocation.withCandidate(attempt.candidate())), attempt);
            } catch (InvokeException e) {
                ended(attempt, e);
                note(attempt, e, started);
                if (!retries.passesOn(e, streams)
                        || made >= manager.settings().mostAttempts()
                        || invocation.caller().deadline().expired()) {
                    throw e;
                }
                if (retries.forGood(e)) {
                    tried[reached].keepLast();
                }
                failure = failure == null ? e : RetryPolicy.tellingMore(failure, e);
                return null;
            } catch (RuntimeException | Error e) {
                attempt.abandoned();
                throw e;
            }
        }

        private InvocationReply answered(InvocationReply reply, Attempt attempt) {
            if (!(reply instanceof ModelStream stream)) {
                attempt.succeeded();
                return reply;
            }
            return alternatives ? CommittedStream.begun(stream, attempt) : CommittedStream.asItComes(stream, attempt);
        }

        private void ended(Attempt attempt, InvokeException e) {
            if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.DEADLINE_EXCEEDED) {
                attempt.abandoned();
            } else {
                attempt.failed(e);
            }
        }

        private void note(Attempt attempt, InvokeException e, long started) {
            CredentialRef ref = invocation.resolution().candidates().get(attempt.candidate());
            Duration time = Duration.ofNanos(Math.max(0, nanoClock.getAsLong() - started));
            LOG.debug(
                    "attempt with {} at {} failed: {}",
                    ref,
                    invocation.target(),
                    e.code().text());
            invocation.trace().failed(new FailedAttempt(invocation.target(), ref, e.code(), time));
        }
    }
}
