package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
        CallObserver.Observation[] observations = new CallObserver.Observation[observers.length];
        for (int i = 0; i < observers.length; i++) {
            observations[i] = observers[i].started(invocation);
        }
        Watch watch = new Watch(invocation, observations);
        try {
            InvocationReply reply = next.proceed(invocation);
            if (reply instanceof ModelStream stream) {
                return new WatchedStream(stream, watch);
            }
            if (reply instanceof ToolStream stream) {
                return new WatchedToolStream(stream, watch);
            }
            watch.succeeded(reply);
            return reply;
        } catch (RuntimeException e) {
            watch.failed(e);
            throw e;
        }
    }

    /** The observations of one call, ended once. */
    private static final class Watch {

        private final Invocation entered;
        private final CallObserver.Observation[] observations;
        private final AtomicBoolean over = new AtomicBoolean();

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

        void succeeded(InvocationReply reply) {
            if (reply instanceof LlmResult result) {
                succeeded(result.model(), result.usage());
            } else if (reply instanceof TextEmbeddingResult result) {
                succeeded(result.model(), result.usage());
            } else {
                succeeded("", null);
            }
        }

        void succeeded(String model, @Nullable TokenUsage usage) {
            if (over.compareAndSet(false, true)) {
                Invocation current = current();
                for (CallObserver.Observation observation : observations) {
                    observation.succeeded(current, model, usage);
                }
            }
        }

        void failed(RuntimeException e) {
            if (over.compareAndSet(false, true)) {
                ErrorCode code = e instanceof InvokeException known ? known.code() : null;
                Phase phase = entered.trace().reached();
                Invocation current = current();
                for (CallObserver.Observation observation : observations) {
                    observation.failed(current, phase, code);
                }
            }
        }
    }

    private static final class WatchedStream implements ModelStream {

        private final ModelStream stream;
        private final Watch watch;
        private boolean content;
        private volatile String model = "";
        private volatile @Nullable TokenUsage usage;

        WatchedStream(ModelStream stream, Watch watch) {
            this.stream = stream;
            this.watch = watch;
        }

        @Override
        public boolean hasNext() {
            try {
                boolean more = stream.hasNext();
                if (!more) {
                    watch.succeeded(model, usage);
                }
                return more;
            } catch (RuntimeException e) {
                watch.failed(e);
                throw e;
            }
        }

        @Override
        public LlmResultChunk next() {
            try {
                LlmResultChunk chunk = stream.next();
                seen(chunk);
                return chunk;
            } catch (InvokeException e) {
                watch.failed(e);
                throw e;
            }
        }

        private void seen(LlmResultChunk chunk) {
            if (!content && chunk.hasContent()) {
                content = true;
                watch.firstChunk();
            }
            if (!chunk.model().isEmpty()) {
                model = chunk.model();
            }
            if (chunk.usage() != null) {
                usage = chunk.usage();
            }
        }

        @Override
        public void close() {
            stream.close();
            watch.succeeded(model, usage);
        }
    }

    private static final class WatchedToolStream implements ToolStream {

        private final ToolStream stream;
        private final Watch watch;

        WatchedToolStream(ToolStream stream, Watch watch) {
            this.stream = stream;
            this.watch = watch;
        }

        @Override
        public boolean hasNext() {
            try {
                boolean more = stream.hasNext();
                if (!more) {
                    watch.succeeded("", null);
                }
                return more;
            } catch (RuntimeException e) {
                watch.failed(e);
                throw e;
            }
        }

        @Override
        public ToolInvokeMessage next() {
            return stream.next();
        }

        @Override
        public void close() {
            stream.close();
            watch.succeeded("", null);
        }
    }
}
