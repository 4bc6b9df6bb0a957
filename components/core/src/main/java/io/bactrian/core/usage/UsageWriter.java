package io.bactrian.core.usage;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what waits into the store, batch by batch, on one thread. While the store is away it tries again, and takes nothing
 * further from what waits. What the store refuses for good is found by halving, and counted as lost.
 */
final class UsageWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(UsageWriter.class);
    private static final long BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration LAST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 20;

    private final UsageStore store;
    private final UsageQueue queue;
    private final UsageLosses losses;
    private final UsageLimits limits;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final UUID node;
    private final OncePer lossWarnings;
    private final OncePer awayWarnings;
    private final OncePer refusalWarnings;
    private long sequence;
    private long toldLosses;
    private int refusals;
    private volatile boolean storing = true;
    private volatile boolean closing;
    private volatile long closeBy;

    UsageWriter(
            UsageStore store,
            UsageQueue queue,
            UsageLosses losses,
            UsageLimits limits,
            Clock clock,
            LongSupplier nanoClock,
            UUID node) {
        this.store = store;
        this.queue = queue;
        this.losses = losses;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.node = node;
        this.lossWarnings = new OncePer(BETWEEN_WARNINGS, nanoClock);
        this.awayWarnings = new OncePer(BETWEEN_WARNINGS, nanoClock);
        this.refusalWarnings = new OncePer(BETWEEN_WARNINGS, nanoClock);
    }

    @Override
    public void run() {
        while (!isDone()) {
            if (!closing && queue.size() < limits.batch()) {
                LockSupport.parkNanos(this, limits.interval().toNanos());
            }
            UsageBatch batch = next();
            if (!batch.isEmpty()) {
                write(batch);
            }
            warnOfLosses();
        }
    }

    private boolean isDone() {
        boolean nothing = queue.size() == 0 && !losses.any();
        return closing && (nothing || isLate());
    }

    private boolean isLate() {
        return closing && nanoClock.getAsLong() - closeBy >= 0;
    }

    private UsageBatch next() {
        List<UsageRecord> records = new ArrayList<>();
        for (RunningUsage usage : queue.take(limits.batch())) {
            records.add(usage.record(id()));
        }
        return new UsageBatch(records, losses.take(this::id, clock.instant()));
    }

    /** Of one node's records those that follow each other have ids that do, which indexes are fond of. */
    private UUID id() {
        sequence++;
        return new UUID(node.getMostSignificantBits(), sequence);
    }

    private void write(UsageBatch batch) {
        Deque<UsageBatch> parts = new ArrayDeque<>(List.of(batch));
        while (!parts.isEmpty() && !isLate()) {
            UsageBatch part = parts.remove();
            try {
                store.append(part.records(), part.losses());
                queue.gone(part.records().size());
                storing = true;
                refusals = 0;
            } catch (RuntimeException | Error e) {
                afterwards(part, e, parts);
            }
        }
        queue.allGone();
    }

    private void afterwards(UsageBatch part, Throwable refusal, Deque<UsageBatch> parts) {
        if (mayPass(refusal)) {
            parts.addFirst(part);
            storing = false;
            if (awayWarnings.now()) {
                LOG.warn(
                        "usage is not kept for now ({}): {} records wait, of {} at most",
                        name(refusal),
                        queue.size(),
                        limits.capacity());
            }
            warnOfLosses();
            pause();
        } else if (part.isSingle()) {
            refused(part, refusal);
        } else {
            List<UsageBatch> halves = part.halves();
            parts.addFirst(halves.get(1));
            parts.addFirst(halves.get(0));
        }
    }

    /** Whether the same may be taken later. An error of the machine's is no fault of what was to be kept. */
    private static boolean mayPass(Throwable refusal) {
        return refusal instanceof Error
                || refusal instanceof UnavailableException
                || refusal instanceof InvokeException known && known.retriable();
    }

    private static String name(Throwable refusal) {
        return refusal instanceof InvokeException known ? known.code().text() : refusal.toString();
    }

    /** A record becomes a loss; the number of losses itself is only told. */
    private void refused(UsageBatch single, Throwable refusal) {
        for (UsageRecord record : single.records()) {
            losses.add(record.tenant(), clock.millis());
            queue.gone(1);
        }
        if (refusalWarnings.now()) {
            LOG.warn(
                    "the store refuses a {} for good ({}): it is lost",
                    single.records().isEmpty() ? "count of lost usage records" : "usage record",
                    name(refusal));
        }
    }

    private void pause() {
        Duration longest = closing ? LAST_PAUSE : limits.longestPause();
        Duration pause = limits.firstPause().multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS));
        refusals++;
        LockSupport.parkNanos(this, (pause.compareTo(longest) > 0 ? longest : pause).toNanos());
    }

    private void warnOfLosses() {
        long lost = losses.total();
        if (lost > toldLosses && lossWarnings.now()) {
            LOG.warn(
                    "{} usage records were lost, {} since the start, as {} wait already; they are counted by tenant",
                    lost - toldLosses,
                    lost,
                    queue.size());
            toldLosses = lost;
        }
    }

    /** Whether the store took what it was given last. */
    boolean storing() {
        return storing;
    }

    /** Has it write what waits and end, within {@link UsageLimits#closing}. */
    void close() {
        closeBy = nanoClock.getAsLong() + limits.closing().toNanos();
        closing = true;
    }

    /** Lets something be done now and then. Of one thread. */
    private static final class OncePer {

        private final long nanos;
        private final LongSupplier nanoClock;
        private boolean ever;
        private long last;

        OncePer(long nanos, LongSupplier nanoClock) {
            this.nanos = nanos;
            this.nanoClock = nanoClock;
        }

        boolean now() {
            long now = nanoClock.getAsLong();
            if (ever && now - last < nanos) {
                return false;
            }
            ever = true;
            last = now;
            return true;
        }
    }
}
