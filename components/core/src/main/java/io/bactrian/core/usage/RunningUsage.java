package io.bactrian.core.usage;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.CallObserver.Answer;
import io.bactrian.core.invoke.CallTrace;
import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.FailedAttempt;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.quota.UsageEstimate;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The usage of one call, from its start until it is written: all that is allocated for it while the call goes on. Refers to nothing
 * that was said in the call and to no credential's values, as it may wait for long.
 */
final class RunningUsage implements CallObserver.Observation {

    private static final long NONE = -1;

    private final UsageRecorder recorder;
    private final CallerClaim claim;
    private final long startedAt;
    private final long started;
    private volatile long firstContent = NONE;

    // what follows is set by the end, and read after that by who writes it down
    private long duration;
    private @Nullable Caller caller;
    private InvocationTarget target;
    private @Nullable CredentialRef credential;
    private UsageOutcome outcome = UsageOutcome.Ended.OK;
    private TokenUsage tokens = TokenUsage.NONE;
    private TokenCount counted = TokenCount.NONE;
    private @Nullable ModelPricing pricing;
    private int attempts;
    private int failedAttempts;
    private boolean streamed;

    /**
     * @param startedAt the time, in milliseconds of the epoch
     * @param started the same, in nanoseconds of the recorder's
     */
    RunningUsage(UsageRecorder recorder, Invocation invocation, long startedAt, long started) {
        this.recorder = recorder;
        this.claim = invocation.claim();
        this.target = invocation.target();
        this.startedAt = startedAt;
        this.started = started;
    }

    @Override
    public void firstChunk(Invocation invocation) {
        firstContent = recorder.nanosSince(started);
    }

    @Override
    public void succeeded(Invocation invocation, String responseModel, @Nullable TokenUsage usage) {
        succeeded(invocation, new Answer(responseModel, usage, true, 0));
    }

    @Override
    public void succeeded(Invocation invocation, Answer answer) {
        end(invocation, UsageOutcome.Ended.OK, answer);
    }

    @Override
    public void aborted(Invocation invocation, Answer answer) {
        end(invocation, UsageOutcome.Ended.ABORTED, answer);
    }

    @Override
    public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code) {
        failed(invocation, phase, code, Answer.NONE);
    }

    @Override
    public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code, Answer answer) {
        end(invocation, new UsageOutcome.Failed(code, phase), answer);
    }

    private void end(Invocation invocation, UsageOutcome how, Answer answer) {
        CallTrace trace = invocation.trace();
        duration = recorder.nanosSince(started);
        outcome = how;
        caller = invocation.callerOrNull();
        streamed = invocation.request() instanceof LlmRequest llm && llm.stream();
        attempts = trace.attempts();
        failedAttempts = trace.failedAttempts().size();
        target = invocation.target();
        Resolution resolution = resolution(trace);
        if (resolution != null && attempts > 0) {
            List<CredentialRef> candidates = resolution.candidates();
            credential = invocation.candidate() < candidates.size() ? candidates.get(invocation.candidate()) : null;
        }
        boolean elsewhere =
                how instanceof UsageOutcome.Failed && answer == Answer.NONE && blamedElsewhere(trace.failedAttempts());
        if (!elsewhere) {
            count(invocation, resolution == null ? null : resolution.model().orElse(null), answer);
        }
        recorder.ended(this);
    }

    /** The target's own: a fallback that was refused early has none, and what is there then is another model's. */
    private @Nullable Resolution resolution(CallTrace trace) {
        Resolution found = trace.resolution().orElse(null);
        return found != null && found.target().equals(target) ? found : null;
    }

    /** Where fallbacks have failed as well, the error is that of the model asked for. */
    private boolean blamedElsewhere(List<FailedAttempt> failed) {
        if (failed.isEmpty() || failed.get(0).target().equals(target)) {
            return false;
        }
        target = failed.get(0).target();
        for (FailedAttempt attempt : failed) {
            if (attempt.target().equals(target)) {
                credential = attempt.credential();
            }
        }
        return true;
    }

    private void count(Invocation invocation, @Nullable AIModelEntity model, Answer answer) {
        TokenUsage told = answer.usage() == null ? TokenUsage.NONE : answer.usage();
        boolean known = told.totalTokens() > 0;
        pricing = model == null ? null : model.pricing();
        if (known && (answer.finished() || outcome == UsageOutcome.Ended.OK)) {
            tokens = told;
            counted = TokenCount.REPORTED;
            return;
        }
        if (model == null || !(invocation.request() instanceof ModelRequest request)) {
            return;
        }
        UsageEstimate estimate = new UsageEstimate(request, model, 0, true);
        if (outcome instanceof UsageOutcome.Failed failure && !known && answer.tokens() == 0) {
            countBilled(invocation.trace().billedAttempts(0, 0, failure.code()), estimate);
        } else {
            tokens = estimate.brokenOff(told.promptTokens(), Math.max(told.completionTokens(), answer.tokens()));
            counted = TokenCount.ESTIMATED;
        }
    }

    /** Nothing was answered; but who had got the prompt may bill it, as quotas do. */
    private void countBilled(long billed, UsageEstimate estimate) {
        for (long i = 0; i < billed; i++) {
            tokens = tokens.plus(estimate.brokenOff(0, 0));
            counted = TokenCount.ESTIMATED;
        }
    }

    /** Whose call it was; null if that was not settled. */
    @Nullable
    TenantId tenant() {
        return caller == null ? null : caller.tenant();
    }

    /** When the call ended, in nanoseconds of the recorder's. */
    long endedAt() {
        return started + duration;
    }

    UsageRecord record(UUID id) {
        Caller settled = caller;
        ModelPricing known = pricing;
        return new UsageRecord(
                id,
                claim.requestId(),
                tenant(),
                settled == null ? claim.user() : settled.user(),
                settled == null ? claim.app() : settled.app(),
                target,
                credential,
                streamed,
                outcome,
                attempts,
                failedAttempts,
                tokens,
                counted,
                known == null || counted == TokenCount.NONE ? null : Price.of(tokens, known),
                Instant.ofEpochMilli(startedAt),
                Duration.ofNanos(duration),
                firstContent == NONE ? null : Duration.ofNanos(firstContent));
    }
}
