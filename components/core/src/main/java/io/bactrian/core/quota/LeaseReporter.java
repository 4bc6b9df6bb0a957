package io.bactrian.core.quota;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the shared accounts what a node has used, gives back what it does not need, and keeps its leases alive. One at a time.
 */
final class LeaseReporter {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseReporter.class);
    private static final int MOST_AT_ONCE = 64;
    private static final long WARN_EVERY_NANOS = 60_000_000_000L;

    private final QuotaLeases leases;
    private final LeaseTerms terms;
    private final Alarm alarm;
    private final LongSupplier nanoClock;
    private final ReentrantLock reporting = new ReentrantLock();
    private long reapAt;
    private long warnAt;

    LeaseReporter(QuotaLeases leases, LeaseTerms terms, Alarm alarm, LongSupplier nanoClock) {
        this.leases = leases;
        this.terms = terms;
        this.alarm = alarm;
        this.nanoClock = nanoClock;
        this.reapAt = nanoClock.getAsLong();
        this.warnAt = nanoClock.getAsLong();
    }

    /** A report that is under way. */
    private record Pending(LeasedMeter meter, LeasedMeter.Lease lease, QuotaLeases.Report report) {}

    /**
     * Tells what was used of these.
     *
     * @param all whether everything is given back: nothing is going to be used any more
     */
    void report(List<LeasedMeter> meters, boolean all) {
        reporting.lock();
        try {
            List<Pending> pending = new ArrayList<>();
            for (LeasedMeter meter : meters) {
                collect(meter, all, pending);
            }
            sendAll(pending);
        } finally {
            reporting.unlock();
        }
    }

    /** Waits until the report that is under way has been told. */
    void await() {
        reporting.lock();
        reporting.unlock();
    }

    private void sendAll(List<Pending> pending) {
        int from = 0;
        try {
            while (from < pending.size()) {
                List<Pending> batch = pending.subList(from, Math.min(pending.size(), from + MOST_AT_ONCE));
                from += batch.size();
                send(batch);
            }
        } finally {
            // what was not sent, as something before it failed
            pending.subList(from, pending.size()).forEach(rest -> failed(rest, false));
        }
    }

    private void collect(LeasedMeter meter, boolean all, List<Pending> pending) {
        meter.lock.lock();
        try {
            long nanos = nanoClock.getAsLong();
            for (LeasedMeter.Lease lease : List.copyOf(meter.leases)) {
                if (lease.lost) {
                    meter.remove(lease);
                } else {
                    reportOn(meter, lease, all, nanos, pending);
                }
            }
        } finally {
            meter.lock.unlock();
        }
    }

    private void reportOn(LeasedMeter meter, LeasedMeter.Lease lease, boolean all, long nanos, List<Pending> pending) {
        boolean over = all || lease != meter.current || nanos - lease.endsAt >= 0 || idle(lease, nanos);
        // near the limit others need what lies idle here; whoever asks for more just now gets it added
        boolean scarce = meter.asking == null && lease.left < Math.max(1, meter.limit.limit() / terms.share());
        long used = lease.used;
        long returned = over || scarce ? lease.free() : 0;
        boolean last = over && lease.held == 0 && (meter.asking == null || lease != meter.current);
        boolean due = nanos - (lease.expiresAt - terms.duration().toNanos() * 2 / 3) >= 0;
        if (used == 0 && returned == 0 && !last && !due) {
            return;
        }
        lease.used -= used;
        lease.amount -= used + returned;
        if (last) {
            meter.remove(lease);
        }
        if (returned > 0) {
            meter.returns();
        }
        pending.add(new Pending(
                meter,
                lease,
                new QuotaLeases.Report(
                        lease.id, meter.limit, lease.windowStart, used, returned, last, terms.duration())));
    }

    private boolean idle(LeasedMeter.Lease lease, long nanos) {
        return lease.held == 0 && nanos - lease.spentAt >= terms.idleAfter().toNanos();
    }

    private void send(List<Pending> batch) {
        long sent = nanoClock.getAsLong();
        List<QuotaLeases.Noted> noted;
        try {
            noted = leases.report(batch.stream().map(Pending::report).toList());
        } catch (UnavailableException e) {
            boolean inDoubt = e.code() == ErrorCode.STORE_OUTCOME_UNKNOWN;
            batch.forEach(pending -> failed(pending, inDoubt));
            throw e;
        } catch (RuntimeException e) {
            batch.forEach(pending -> failed(pending, true));
            throw e;
        }
        for (int i = 0; i < batch.size(); i++) {
            took(batch.get(i), noted.get(i), sent);
        }
    }

    /** What was not told is told with the next report; if nobody knows whether it was, all of it counts as used in the end. */
    private static void failed(Pending pending, boolean inDoubt) {
        LeasedMeter meter = pending.meter();
        LeasedMeter.Lease lease = pending.lease();
        meter.lock.lock();
        try {
            if (pending.report().returned() > 0) {
                meter.returned();
            }
            if (inDoubt) {
                meter.doubt(lease);
                return;
            }
            lease.used += pending.report().used();
            lease.amount += pending.report().used() + pending.report().returned();
            if (pending.report().last()) {
                meter.leases.add(lease);
            }
        } finally {
            meter.lock.unlock();
        }
    }

    private void took(Pending pending, QuotaLeases.Noted noted, long sent) {
        LeasedMeter meter = pending.meter();
        meter.lock.lock();
        try {
            if (pending.report().returned() > 0) {
                meter.returned();
            }
            if (!noted.known()) {
                meter.doubt(pending.lease());
                return;
            }
            pending.lease().expiresAt = sent + terms.duration().toNanos();
            pending.lease().left = noted.left();
            if (pending.report().returned() > 0) {
                // it may come back for others here
                meter.refusal = null;
            }
        } finally {
            meter.lock.unlock();
        }
        QuotaLeases.Report report = pending.report();
        quietly(() -> tell(meter, report.limit(), report.windowStart(), noted.used()));
    }

    void tellOfRefusal(LeasedMeter meter, QuotaRefusal refusal) {
        Instant start = refusal.limit().period().window(refusal.now()).start();
        quietly(() -> tell(meter, refusal.limit(), start, refusal.used() + refusal.held()));
    }

    /** Tells of thresholds once over all nodes: who notes one first tells of it. */
    private void tell(LeasedMeter meter, QuotaLimit limit, Instant windowStart, long amount) {
        int before;
        int after;
        meter.lock.lock();
        try {
            before = meter.level(windowStart, limit.limit());
            boolean mayFall = limit.period() instanceof QuotaPeriod.Rolling;
            after = mayFall
                    ? alarm.level(before, amount, limit.limit())
                    : Math.max(before, alarm.level(amount, limit.limit()));
            meter.level = after;
        } finally {
            meter.lock.unlock();
        }
        if (after < before) {
            leases.raise(limit, windowStart, before, after);
        }
        for (int level = before; level < after; level++) {
            if (leases.raise(limit, windowStart, level, level + 1)) {
                alarm.tell(limit, amount, level, level + 1);
            }
        }
    }

    /** Has the shared accounts tidied up, now and then. */
    void reapNowAndThen() {
        long nanos = nanoClock.getAsLong();
        if (nanos - reapAt >= 0) {
            reapAt = nanos + terms.duration().toNanos() / 3;
            leases.reap();
        }
    }

    /** Does something that is tried again soon if it fails; says so once a minute. */
    void quietly(Runnable work) {
        try {
            work.run();
        } catch (InvokeException e) {
            warn("what was used of quotas is not told yet, which is tried again: {}", e.getMessage(), null);
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            warn("what was used of quotas is not told yet, which is tried again: {}", e.toString(), e);
        }
    }

    private void warn(String text, String why, @Nullable RuntimeException cause) {
        long nanos = nanoClock.getAsLong();
        if (nanos - warnAt >= 0) {
            warnAt = nanos + WARN_EVERY_NANOS;
            LOG.warn(text, why, cause);
        }
    }
}
