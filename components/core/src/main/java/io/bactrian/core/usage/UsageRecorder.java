package io.bactrian.core.usage;

import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Invocation;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes down what every call uses: one record per call, refused and aborted ones included.
 *
 * <p>A call waits for none of this. When it ends, its record goes into a queue in memory, without a lock, and one thread carries
 * what waits into a {@link UsageStore} in batches. While the store is away the thread tries again, with longer and longer pauses.
 *
 * <p><b>Overflow.</b> At most {@link UsageLimits#capacity} records wait; those of calls that end when so many do are lost. Losses
 * are counted exactly, by tenant, and are themselves written to the store as {@link UsageLoss}, so that sums say how many calls are
 * missing in them; they are warned of once a minute, and health shows them ({@link #health}).
 *
 * <p><b>The end.</b> {@link #close} writes what waits within {@link UsageLimits#closing}, and warns of what it could not write by
 * then. What a process had in its queue that was killed is lost without a trace: at most {@link UsageLimits#interval} of calls, and
 * those of the time that the store was away.
 */
public final class UsageRecorder implements CallObserver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsageRecorder.class);

    /** For a statement that is on its way when the time is up. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final UsageQueue queue;
    private final UsageLosses losses = new UsageLosses();
    private final UsageLimits limits;
    private final UsageWriter writer;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean toldOfLatecomers = new AtomicBoolean();

    private UsageRecorder(UsageStore store, UsageLimits limits, Clock clock, LongSupplier nanoClock, UUID node) {
        this.queue = new UsageQueue(limits.capacity());
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.writer = new UsageWriter(store, queue, losses, limits, clock, nanoClock, node);
        this.thread = new Thread(writer, "bactrian-usage-writer");
        thread.setDaemon(true);
    }

    /**
     * Begins to take down.
     *
     * @param store where usage is kept; to be closed after this
     * @param limits how much waits and how long
     * @param clock tells when calls came in
     * @param nanoClock counts nanoseconds
     * @param node tells its records from those of others who write to the same store: random
     */
    public static UsageRecorder open(
            UsageStore store, UsageLimits limits, Clock clock, LongSupplier nanoClock, UUID node) {
        UsageRecorder recorder = new UsageRecorder(store, limits, clock, nanoClock, node);
        recorder.thread.start();
        return recorder;
    }

    @Override
    public Observation started(Invocation invocation) {
        return new RunningUsage(this, invocation, clock.millis(), nanoClock.getAsLong());
    }

    long nanosSince(long started) {
        return Math.max(0, nanoClock.getAsLong() - started);
    }

    /** A call is over. On its path: nothing here waits. */
    void ended(RunningUsage usage) {
        int waiting = queue.offer(usage);
        if (waiting == 0) {
            losses.add(usage.tenant(), clock.millis());
            tellOfLatecomers();
        } else if (waiting % limits.batch() == 0) {
            LockSupport.unpark(thread);
        }
    }

    private void tellOfLatecomers() {
        if (closed.get() && !thread.isAlive() && toldOfLatecomers.compareAndSet(false, true)) {
            LOG.warn("calls ended after the recording of their usage had: theirs is lost");
        }
    }

    /** How the recording is. */
    public UsageHealth health() {
        RunningUsage oldest = queue.oldest();
        Optional<Duration> age =
                oldest == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanosSince(oldest.endedAt())));
        return new UsageHealth(queue.size(), age, losses.total(), writer.storing());
    }

    /** Writes what waits, within {@link UsageLimits#closing} and a second, and ends. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.close();
        LockSupport.unpark(thread);
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, limits.closing().plus(GRACE).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.close();
        int unwritten = queue.size();
        if (unwritten > 0) {
            losses.addForGood(unwritten);
            LOG.warn(
                    "{} usage records were not kept before the end, as the store did not take them: they are lost",
                    unwritten);
        }
    }
}
