package io.bactrian.model;

import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.support.AnswerView;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model's stream as a publisher with back-pressure: a piece is read when it is asked for. For one subscriber, since the
 * pieces are there once. Cancelling closes the stream.
 */
final class ChunkPublisher implements Flow.Publisher<LlmResultChunk>, AnswerView {

    private final ModelStream stream;
    private final Consumer<Runnable> threads;
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * @param stream the stream; closed when the subscription ends
     * @param threads runs the reading, which blocks, on a thread of its own
     */
    ChunkPublisher(ModelStream stream, Consumer<Runnable> threads) {
        this.stream = stream;
        this.threads = threads;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super LlmResultChunk> subscriber) {
        if (!taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("the pieces of an answer are there for one subscriber"));
            return;
        }
        Reading reading = new Reading(subscriber);
        subscriber.onSubscribe(reading);
        threads.accept(reading);
    }

    @Override
    public boolean readsFrom(AnswerStream<?> other) {
        return stream == other;
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    /** The one subscription; its rules are those of Reactive Streams 1.0.4, cited by number. */
    private final class Reading implements Flow.Subscription, Runnable {

        private final Flow.Subscriber<? super LlmResultChunk> subscriber;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long demand;
        private boolean cancelled;
        private @Nullable RuntimeException mistake;

        Reading(Flow.Subscriber<? super LlmResultChunk> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            lock.lock();
            try {
                if (n <= 0) {
                    // §3.9
                    mistake = new IllegalArgumentException(
                            "request(n) asks for at least one piece (Reactive Streams 3.9)");
                } else {
                    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                cancelled = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            stream.close();
        }

        @Override
        public void run() {
            try (stream) {
                while (awaitDemand()) {
                    if (!stream.hasNext()) {
                        finish(null);
                        return;
                    }
                    subscriber.onNext(stream.next());
                }
                if (mistake != null) {
                    finish(mistake);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                finish(new IllegalStateException("the reading thread was interrupted", e));
            } catch (RuntimeException e) {
                finish(e);
            }
        }

        /** Waits until a piece is wanted; false if none will be any more. */
        private boolean awaitDemand() throws InterruptedException {
            lock.lock();
            try {
                while (demand == 0 && !cancelled && mistake == null) {
                    changed.await();
                }
                if (cancelled || mistake != null) {
                    return false;
                }
                demand = demand == Long.MAX_VALUE ? demand : demand - 1;
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** Says how it ended, unless nobody wants to know any more (§1.8). */
        private void finish(@Nullable Throwable error) {
            lock.lock();
            try {
                if (cancelled) {
                    return;
                }
                cancelled = true;
            } finally {
                lock.unlock();
            }
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        }
    }
}
