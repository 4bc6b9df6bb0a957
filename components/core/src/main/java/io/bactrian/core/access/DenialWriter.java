package io.bactrian.core.access;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.error.InvokeException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries denials into the audit log, batch by batch, on one thread; what it did not take, it is given again. */
final class DenialWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DenialWriter.class);
    private static final long BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration LAST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_TRIES_OF_WHAT_IS_REFUSED = 3;

    private final AuditLog log;
    private final DenialTallies tallies;
    private final DenialLimits limits;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private List<AuditEvent> batch = List.of();
    private long droppedInBatch;
    private int refusals;
    private long toldDropped;
    private long lastWarning;
    private boolean warned;
    private volatile boolean storing = true;
    private volatile boolean closing;
    private volatile long closeBy;

    DenialWriter(AuditLog log, DenialTallies tallies, DenialLimits limits, Clock clock, LongSupplier nanoClock) {
        this.log = log;
        this.tallies = tallies;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    @Override
    public void run() {
        boolean last = false;
        while (!last) {
            // read before what waits is taken: what came before the end is written
            last = closing;
            writeAll(last);
            if (!last) {
                LockSupport.parkNanos(this, pause().toNanos());
            }
        }
    }

    private void writeAll(boolean all) {
        while (next(all) && !isLate()) {
            if (!written()) {
                if (!all) {
                    return;
                }
                LockSupport.parkNanos(this, LAST_PAUSE.toNanos());
            }
        }
        if (!batch.isEmpty()) {
            LOG.warn(
                    "{} kinds of denials were not taken down before the end, as the audit log did not take them",
                    batch.size());
        }
    }

    private boolean isLate() {
        return closing && nanoClock.getAsLong() - closeBy >= 0;
    }

    /** Whether there is something to be written: what was not taken the last time, before anything else. */
    private boolean next(boolean all) {
        if (!batch.isEmpty()) {
            return true;
        }
        List<AuditEvent> taken = new ArrayList<>(tallies.take(limits.batch(), all));
        droppedInBatch = tallies.takeDropped();
        if (droppedInBatch > 0) {
            taken.add(new AuditEvent(
                    clock.instant(), null, "bactrian", "audit.drop", "denials", "dropped", droppedInBatch));
        }
        batch = taken;
        return !taken.isEmpty();
    }

    private boolean written() {
        try {
            log.appendAll(batch);
            batch = List.of();
            refusals = 0;
            storing = true;
            warnOfDropped();
            return true;
        } catch (RuntimeException | Error e) {
            refusals++;
            storing = false;
            warn("denials are not in the audit log for now (" + name(e) + "), and are given to it again");
            if (!mayPass(e) && refusals >= MOST_TRIES_OF_WHAT_IS_REFUSED) {
                giveUp();
            }
            return false;
        }
    }

    /** Something in the batch is refused for good: its denials are only counted, so that those behind it come through. */
    private void giveUp() {
        tallies.putBackDropped(droppedInBatch);
        tallies.drop(batch.subList(0, droppedInBatch > 0 ? batch.size() - 1 : batch.size()));
        batch = List.of();
        refusals = 0;
    }

    private static boolean mayPass(Throwable refusal) {
        return refusal instanceof Error || refusal instanceof InvokeException known && known.retriable();
    }

    private static String name(Throwable refusal) {
        return refusal instanceof InvokeException known ? known.code().text() : refusal.toString();
    }

    private Duration pause() {
        if (refusals == 0) {
            return limits.interval();
        }
        Duration pause = limits.interval().multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS));
        return pause.compareTo(limits.longestPause()) > 0 ? limits.longestPause() : pause;
    }

    private void warnOfDropped() {
        long dropped = tallies.dropped();
        if (dropped > toldDropped
                && warn((dropped - toldDropped)
                        + " denials are in the audit log only as a number, as there were too many"
                        + " different ones or it did not take them")) {
            toldDropped = dropped;
        }
    }

    /** Warns at most once a minute; whether it did. */
    private boolean warn(String message) {
        long now = nanoClock.getAsLong();
        if (warned && now - lastWarning < BETWEEN_WARNINGS) {
            return false;
        }
        warned = true;
        lastWarning = now;
        LOG.warn("{}", message);
        return true;
    }

    /** Whether the audit log took what it was given last. */
    boolean storing() {
        return storing;
    }

    /** Has it write what waits and end, within {@link DenialLimits#closing}. */
    void close() {
        closeBy = nanoClock.getAsLong() + limits.closing().toNanos();
        closing = true;
    }
}
