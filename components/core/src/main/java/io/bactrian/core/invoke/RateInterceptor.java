package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.limit.RatePermit;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.UsageEstimate;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls within the installation's limits: of requests and calls at once, for models and tools; of tokens, for models. What
 * a call holds it holds until its answer is there, or its stream has ended. A call that enters the chain again for another model
 * is asked only for limits that it does not hold yet.
 */
public final class RateInterceptor implements Interceptor {

    /** Of a model that is not looked up yet: an answer of unknown length is taken for this long, and what is more counts later. */
    private static final int ANSWER = 4_096;

    private static final AIModelEntity ANY_MODEL = new AIModelEntity(
            "any",
            "any",
            ModelType.LLM,
            ConfigurateMethod.PREDEFINED_MODEL,
            Set.of(),
            ANSWER,
            null,
            false,
            List.of(),
            true,
            null);

    private static final LongSupplier NO_TOKENS = () -> 0;

    /** After these the provider has not begun to answer. */
    private static final Set<ErrorCode> NOTHING_USED = EnumSet.of(
            ErrorCode.RATE_LIMITED,
            ErrorCode.INSUFFICIENT_QUOTA,
            ErrorCode.SERVER_UNAVAILABLE,
            ErrorCode.OVERLOADED,
            ErrorCode.CONNECTION_FAILED,
            ErrorCode.NAME_NOT_RESOLVED,
            ErrorCode.TLS_FAILED,
            ErrorCode.TIMEOUT_CONNECT,
            ErrorCode.AUTHORIZATION_ERROR,
            ErrorCode.PERMISSION_DENIED,
            ErrorCode.BAD_REQUEST,
            ErrorCode.CONTEXT_LENGTH_EXCEEDED,
            ErrorCode.REQUEST_TOO_LARGE,
            ErrorCode.MODEL_NOT_FOUND,
            ErrorCode.EGRESS_DENIED);

    private final RateLimiter limiter;
    // a call enters again further in on the same thread; were it another, it would be asked for everything twice, and
    // not less
    private final ThreadLocal<@Nullable Entry> entries = new ThreadLocal<>();

    /** A call that has entered, and those around it. */
    private record Entry(
            CallTrace trace, RatePermit permit, @Nullable Entry outer) {}

    private RateInterceptor(RateLimiter limiter) {
        this.limiter = limiter;
    }

    /** The link that keeps calls within limits; there is none where there are no limits. */
    public static RateInterceptor of(RateLimiter limiter) {
        return new RateInterceptor(limiter);
    }

    @Override
    public Phase phase() {
        return Phase.RATE;
    }

    /** Before users' links, where it is given as one of them. */
    @Override
    public int order() {
        return Integer.MIN_VALUE;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        Entry outer = entries.get();
        CallTrace trace = invocation.trace();
        RatePermit held = invocation.reentries() == 0 ? null : heldBy(trace, outer);
        Caller caller = invocation.caller();
        RatePermit permit = limiter.acquire(subject(invocation), tokens(invocation.request()), caller.deadline(), held);
        if (permit == RatePermit.NONE) {
            return next.proceed(invocation);
        }
        Account account = new Account(permit, trace);
        entries.set(new Entry(trace, permit, outer));
        try {
            return answered(next.proceed(invocation), account);
        } catch (RuntimeException | Error e) {
            account.failed(e);
            throw e;
        } finally {
            entries.set(outer);
        }
    }

    private static @Nullable RatePermit heldBy(CallTrace trace, @Nullable Entry innermost) {
        for (Entry entry = innermost; entry != null; entry = entry.outer()) {
            if (entry.trace() == trace) {
                return entry.permit();
            }
        }
        return null;
    }

    private static RateSubject subject(Invocation invocation) {
        Caller caller = invocation.caller();
        return invocation.target() instanceof InvocationTarget.Model model
                ? new RateSubject(caller.tenant(), caller.app(), model.provider(), model.model(), caller.apiKey())
                : new RateSubject(caller.tenant(), caller.app(), null, null, caller.apiKey());
    }

    private static LongSupplier tokens(InvocationRequest request) {
        return request instanceof ModelRequest model
                ? () -> new UsageEstimate(model, ANY_MODEL, 0, true).most(QuotaUnit.Counted.TOKENS)
                : NO_TOKENS;
    }

    private static InvocationReply answered(InvocationReply reply, Account account) {
        if (reply instanceof ModelStream stream) {
            return FollowedStream.of(stream, account);
        }
        if (reply instanceof ToolStream stream) {
            return FollowedStream.of(stream, account);
        }
        if (reply instanceof LlmResult result) {
            account.used(result.usage());
        } else if (reply instanceof TextEmbeddingResult result) {
            account.used(result.usage());
        }
        account.ended();
        return reply;
    }

    /** What becomes of one call's permit. Whatever is said twice counts once: by the end of its stream, an error, a close. */
    private static final class Account implements FollowedStream.Follower<Object> {

        private final RatePermit permit;
        private final CallTrace trace;
        private boolean begun;
        private volatile @Nullable TokenUsage usage;

        Account(RatePermit permit, CallTrace trace) {
            this.permit = permit;
            this.trace = trace;
        }

        void used(@Nullable TokenUsage known) {
            if (known != null) {
                usage = known;
            }
        }

        @Override
        public void delivered(Object piece) {
            begun = true;
            if (piece instanceof LlmResultChunk chunk) {
                used(chunk.usage());
            }
        }

        /** A provider that does not say what was used leaves the estimate. */
        @Override
        public void ended() {
            TokenUsage known = usage;
            if (known != null) {
                permit.settle(known.totalTokens());
            }
            permit.close();
        }

        @Override
        public void failed(Throwable failure) {
            // of what was delivered the provider has charged something
            boolean nothing = !begun && nothingUsed(failure);
            if (nothing && usage == null) {
                permit.settle(0);
            }
            ended();
        }

        private boolean nothingUsed(Throwable failure) {
            return trace.attempts() == 0
                    || failure instanceof InvokeException error && NOTHING_USED.contains(error.code());
        }

        @Override
        public void closed() {
            ended();
        }
    }
}
