package io.bactrian.support;

import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a Camel context.
 *
 * <p>A stream ends when it is read to its end or closed; when its exchange ends; or when the context stops. "Its
 * exchange" moves on with the exchange's completions, so a stream that travels through {@code seda:} or comes back from
 * {@code enrich} or {@code recipientList} lives as long as the exchange it travels with. If, when that exchange ends, the
 * stream is no longer its body, or the exchange has failed, the stream is closed. If it still is the body, it is closed
 * as well, unless the exchange is handed back to somebody who may read it: to the caller of a
 * {@link org.apache.camel.ProducerTemplate}, or to whoever awaits the reply of an in-out exchange. Then it is theirs to
 * close, and is closed for them when they have not read for {@link #UNREAD_LIMIT}.
 */
public final class StreamLeases extends ServiceSupport {

    /** How long a stream that was handed back may go unread. */
    public static final Duration UNREAD_LIMIT = Duration.ofMinutes(1);

    private final CamelContext context;
    private final LongSupplier nanoClock;
    private final Duration unreadLimit;
    private final Set<AnswerLease<?>> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noneOpen = lock.newCondition();
    private @Nullable ScheduledExecutorService sweeper;
    private volatile boolean stopping;

    StreamLeases(CamelContext context, LongSupplier nanoClock, Duration unreadLimit) {
        this.context = context;
        this.nanoClock = nanoClock;
        this.unreadLimit = unreadLimit;
    }

    /** The open streams of that context; they end with it. */
    public static StreamLeases of(CamelContext context) {
        StreamLeases known = context.getCamelContextExtension().getContextPlugin(StreamLeases.class);
        return known == null ? Registration.in(context) : known;
    }

    /**
     * Puts a model's stream under lease.
     *
     * @param stream what the model answers
     * @param exchange the exchange whose body it is going to be
     * @param what where it is from, such as {@code openai/gpt-4o-mini}; shown in messages
     */
    public StreamLease lease(ModelStream stream, Exchange exchange, String what) {
        return lease(stream, exchange, what, StreamLease::new);
    }

    /** As {@link #lease(ModelStream, Exchange, String)}, for what comes of a tool. */
    public ToolStreamLease lease(ToolStream stream, Exchange exchange, String what) {
        return lease(stream, exchange, what, ToolStreamLease::new);
    }

    /** As {@link #lease(ModelStream, Exchange, String)}, for any stream. */
    public <T> AnswerLease<T> lease(AnswerStream<T> stream, Exchange exchange, String what) {
        return lease(stream, exchange, what, terms -> new AnswerLease<>(terms));
    }

    /**
     * Puts a stream under lease.
     *
     * @param stream the stream
     * @param exchange the exchange whose body it is going to be
     * @param what where it is from; shown in messages
     * @param kind makes the lease, of the type that the body is to have
     */
    public <T, L extends AnswerLease<T>> L lease(
            AnswerStream<T> stream, Exchange exchange, String what, Function<AnswerLease.Terms<T>, L> kind) {
        L lease = kind.apply(new AnswerLease.Terms<>(stream, this, what, nanoClock));
        open.add(lease);
        if (stopping) {
            lease.end(AnswerLease.End.CONTEXT);
            return lease;
        }
        LeaseCompletion completion = new LeaseCompletion(lease, this);
        UnitOfWork parent = exchange.getProperty(ExchangePropertyKey.STREAM_CACHE_UNIT_OF_WORK, UnitOfWork.class);
        if (parent != null) {
            // a branch of multicast or split: its result outlives it, and goes to the exchange it branched off
            parent.addSynchronization(completion);
        } else {
            exchange.getExchangeExtension().addOnCompletion(completion);
        }
        return lease;
    }

    /** How many streams are open. */
    public int openCount() {
        return open.size();
    }

    /**
     * Waits for the open streams to end, and then cuts off those that have not.
     *
     * @param atMost how long to wait
     * @return how many were cut off
     */
    public int drain(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!open.isEmpty() && left > 0) {
                left = noneOpen.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return endAll();
    }

    void ended(AnswerLease<?> lease) {
        open.remove(lease);
        if (!open.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            noneOpen.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the stream to whoever got the exchange back, for as long as they read. */
    void handBack(AnswerLease<?> lease) {
        if (lease.open()) {
            watch(lease, unreadLimit.toNanos());
        }
    }

    private void watch(AnswerLease<?> lease, long nanos) {
        try {
            sweeper().schedule(() -> sweep(lease), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            lease.end(AnswerLease.End.CONTEXT);
        }
    }

    private void sweep(AnswerLease<?> lease) {
        if (!lease.open()) {
            return;
        }
        long left = unreadLimit.toNanos() - lease.idleNanos();
        if (left <= 0) {
            lease.end(AnswerLease.End.IDLE);
        } else {
            watch(lease, left);
        }
    }

    private ScheduledExecutorService sweeper() {
        lock.lock();
        try {
            if (stopping) {
                throw new RejectedExecutionException("the context is stopping");
            }
            if (sweeper == null) {
                sweeper = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "BactrianStreams");
            }
            return sweeper;
        } finally {
            lock.unlock();
        }
    }

    private int endAll() {
        int cut = 0;
        for (AnswerLease<?> lease : open) {
            if (lease.open()) {
                lease.end(AnswerLease.End.CONTEXT);
                cut++;
            }
        }
        return cut;
    }

    @Override
    protected void doStart() {
        stopping = false;
    }

    @Override
    protected void doStop() {
        stopping = true;
        endAll();
        lock.lock();
        try {
            if (sweeper != null) {
                context.getExecutorServiceManager().shutdownNow(sweeper);
                sweeper = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes the one instance of a context. */
    private static final class Registration {

        private static final ReentrantLock MAKING = new ReentrantLock();

        static StreamLeases in(CamelContext context) {
            MAKING.lock();
            try {
                StreamLeases known = context.getCamelContextExtension().getContextPlugin(StreamLeases.class);
                if (known != null) {
                    return known;
                }
                StreamLeases made = new StreamLeases(context, System::nanoTime, UNREAD_LIMIT);
                // registers it as a service too, which is stopped with the context
                context.getCamelContextExtension().addContextPlugin(StreamLeases.class, made);
                return made;
            } finally {
                MAKING.unlock();
            }
        }
    }
}
