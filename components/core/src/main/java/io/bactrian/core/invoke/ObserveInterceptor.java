package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.CallObserver.Answer;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Tells the observers of every call, refusals included; a streamed one is over when its stream is. */
final class ObserveInterceptor implements Interceptor {

    private final CallObserver[] observers;

    ObserveInterceptor(List<CallObserver> observers) {
        this.observers = observers.toArray(CallObserver[]::new);
    }

    @Override
    public Phase phase() {
        return Phase.OBSERVE;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        CallObserver.Observation[] observations = observed(invocation);
        if (observations == null) {
            return next.proceed(invocation);
        }
        Watch watch = new Watch(invocation, observations);
        try {
            InvocationReply reply = next.proceed(invocation);
            if (reply instanceof ModelStream stream) {
                return FollowedStream.of(stream, new WatchedModel(watch));
            }
            if (reply instanceof ToolStream stream && !stream.isComplete()) {
                return FollowedStream.of(stream, new WatchedTool(watch));
            }
            watch.succeeded(answer(reply));
            return reply;
        } catch (RuntimeException | Error e) {
            watch.failed(e, Answer.NONE);
            throw e;
        }
    }

    /** The observations of a call; null if nobody is interested. */
    private CallObserver.Observation @Nullable [] observed(Invocation invocation) {
        CallObserver.Observation[] observations = null;
        for (int i = 0; i < observers.length; i++) {
            CallObserver.Observation observation = observers[i].started(invocation);
            if (observation != CallObserver.Observation.NONE && observations == null) {
                observations = new CallObserver.Observation[observers.length];
                Arrays.fill(observations, CallObserver.Observation.NONE);
            }
            if (observations != null) {
                observations[i] = observation;
            }
        }
        return observations;
    }

    private static Answer answer(InvocationReply reply) {
        if (reply instanceof LlmResult result) {
            TokenUsage usage = result.usage();
            boolean told = usage != null && usage.totalTokens() > 0;
            return new Answer(result.model(), usage, true, told ? 0 : DeliveredTokens.of(result));
        }
        if (reply instanceof TextEmbeddingResult result) {
            return new Answer(result.model(), result.usage(), true, 0);
        }
        return Answer.NONE;
    }

    /** The observations of one call, ended once. */
    private static final class Watch {

        // every call has one of these: a number in it takes less than an object beside it
        private static final AtomicIntegerFieldUpdater<Watch> ENDS =
                AtomicIntegerFieldUpdater.newUpdater(Watch.class, "ends");

        private final Invocation entered;
        private final CallObserver.Observation[] observations;
        private volatile int ends;

        Watch(Invocation entered, CallObserver.Observation[] observations) {
            this.entered = entered;
            this.observations = observations;
        }

        private Invocation current() {
            return entered.trace().current().orElse(entered);
        }

        void firstChunk() {
            Invocation current = current();
            for (CallObserver.Observation observation : observations) {
                observation.firstChunk(current);
            }
        }

        void succeeded(Answer answer) {
            if (ENDS.compareAndSet(this, 0, 1)) {
                Invocation current = current();
                for (CallObserver.Observation observation : observations) {
                    observation.succeeded(current, answer);
                }
            }
        }

        void aborted(Answer answer) {
            if (ENDS.compareAndSet(this, 0, 1)) {
                Invocation current = current();
                for (CallObserver.Observation observation : observations) {
                    observation.aborted(current, answer);
                }
            }
        }

        void failed(Throwable e, Answer answer) {
            if (ENDS.compareAndSet(this, 0, 1)) {
                ErrorCode code = e instanceof InvokeException known ? known.code() : null;
                Phase phase = entered.trace().reached();
                Invocation current = current();
                for (CallObserver.Observation observation : observations) {
                    observation.failed(current, phase, code, answer);
                }
            }
        }
    }

    private static final class WatchedModel implements FollowedStream.Follower<LlmResultChunk> {

        private final Watch watch;
        private final DeliveredTokens delivered = new DeliveredTokens();
        private boolean content;
        // whoever closes it may be another thread than the one that reads
        private volatile String model = "";
        private volatile @Nullable TokenUsage usage;
        private volatile boolean finished;
        private volatile long tokens;

        WatchedModel(Watch watch) {
            this.watch = watch;
        }

        @Override
        public void delivered(LlmResultChunk chunk) {
            if (chunk.hasContent()) {
                delivered.add(chunk);
                tokens = delivered.tokens();
                if (!content) {
                    content = true;
                    watch.firstChunk();
                }
            }
            if (!chunk.model().isEmpty()) {
                model = chunk.model();
            }
            if (chunk.usage() != null) {
                usage = chunk.usage();
            }
            if (chunk.finishReason() != null) {
                finished = true;
            }
        }

        private Answer answer() {
            return new Answer(model, usage, finished, tokens);
        }

        @Override
        public void ended() {
            watch.succeeded(answer());
        }

        @Override
        public void failed(Throwable failure) {
            watch.failed(failure, answer());
        }

        /** Of one that had said all it had to say, nothing was broken off. */
        @Override
        public void closed() {
            if (finished) {
                watch.succeeded(answer());
            } else {
                watch.aborted(answer());
            }
        }
    }

    private record WatchedTool(Watch watch) implements FollowedStream.Follower<ToolInvokeMessage> {

        @Override
        public void delivered(ToolInvokeMessage message) {
            // how it ends is all that is told
        }

        @Override
        public void ended() {
            watch.succeeded(Answer.NONE);
        }

        @Override
        public void failed(Throwable failure) {
            watch.failed(failure, Answer.NONE);
        }

        @Override
        public void closed() {
            watch.aborted(Answer.NONE);
        }
    }
}
