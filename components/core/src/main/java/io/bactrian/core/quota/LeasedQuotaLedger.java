package io.bactrian.core.quota;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that nodes share. Each node leases blocks of a limit, spends them without asking anybody, and tells what it used in
 * short intervals. Never more is used than a limit allows, whatever happens to a node: what it had leased and not told of
 * counts as used once its lease expires, which is at most a block too much. While the shared accounts are away a node goes on
 * until its leases are spent or expire, and then refuses.
 */
public final class LeasedQuotaLedger implements QuotaLedger {

    /** Units may be snatched away before they are taken, but not for ever. */
    private static final int ATTEMPTS = 1_000;

    private final QuotaLeases leases;
    private final LongSupplier nanoClock;
    private final Meters<LeasedMeter> meters = new Meters<>(LeasedMeter::new);
    private final ReservationBook book;
    private final LeaseReporter reporter;
    private final LeaseAsker asker;
    private final ScheduledThreadPoolExecutor scheduler;
    private volatile boolean closed;

    private LeasedQuotaLedger(
            QuotaLeases leases, LeaseTerms terms, Alarm alarm, LongSupplier nanoClock, Supplier<String> ids) {
        this.leases = leases;
        this.nanoClock = nanoClock;
        this.book = new ReservationBook(alarm, nanoClock.getAsLong());
        this.reporter = new LeaseReporter(leases, terms, alarm, nanoClock);
        this.asker = new LeaseAsker(leases, terms, reporter, nanoClock, ids);
        this.scheduler = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-quota");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to keep accounts.
     *
     * @param leases the shared accounts
     * @param terms how units are leased
     * @param alarm whom to tell that limits fill up
     * @param nanoClock counts nanoseconds
     * @param ids makes ids that nobody else makes, of at most 64 characters
     */
    public static LeasedQuotaLedger open(
            QuotaLeases leases, LeaseTerms terms, Alarm alarm, LongSupplier nanoClock, Supplier<String> ids) {
        LeasedQuotaLedger ledger = byHand(leases, terms, alarm, nanoClock, ids);
        long every = terms.reportEvery().toMillis();
        ledger.scheduler.scheduleWithFixedDelay(ledger::work, every, every, TimeUnit.MILLISECONDS);
        return ledger;
    }

    /** One that tells what it used when it is told to: {@link #reportAll}. */
    static LeasedQuotaLedger byHand(
            QuotaLeases leases, LeaseTerms terms, Alarm alarm, LongSupplier nanoClock, Supplier<String> ids) {
        return new LeasedQuotaLedger(leases, terms, alarm, nanoClock, ids);
    }

    @Override
    public QuotaOutcome tryReserve(ReservationKey key, List<Charge> charges, Duration expiresIn) {
        return book.reserve(new Reservation(key, charges, nanoClock.getAsLong() + expiresIn.toNanos()), this::reserved);
    }

    private @Nullable QuotaRefusal reserved(Reservation mine) {
        for (int attempt = 0; attempt < ATTEMPTS && !closed; attempt++) {
            List<@Nullable LeasedMeter> wanted = meters.of(mine.charges());
            int lacking = taken(mine, wanted);
            if (lacking < 0) {
                return null;
            }
            QuotaRefusal refusal = asker.more(
                    Objects.requireNonNull(wanted.get(lacking)), mine.charges().get(lacking));
            if (refusal != null) {
                return refusal;
            }
        }
        throw LeaseAsker.away(
                closed ? "the accounts of quotas are closed" : "the accounts of quotas are asked too much at once",
                null);
    }

    /** Takes from all, if all have enough; gives the place of one that has not, or -1. */
    private int taken(Reservation mine, List<@Nullable LeasedMeter> wanted) {
        Meter[] locked = Meter.lock(wanted);
        try {
            long nanos = nanoClock.getAsLong();
            for (int i = 0; i < wanted.size(); i++) {
                LeasedMeter meter = wanted.get(i);
                Charge charge = mine.charges().get(i);
                boolean fits = meter == null
                        || !meter.retired
                                && meter.fits(charge.amount(), charge.limit().limit(), nanos);
                if (!fits) {
                    return i;
                }
            }
            mine.opened(hold(mine.charges(), wanted, nanos));
            return -1;
        } finally {
            Meter.unlock(locked);
        }
    }

    private static Hold[] hold(List<Charge> charges, List<@Nullable LeasedMeter> wanted, long nanos) {
        Hold[] holds = new Hold[wanted.size()];
        for (int i = 0; i < wanted.size(); i++) {
            LeasedMeter meter = wanted.get(i);
            LeasedMeter.Lease lease = meter == null ? null : meter.current;
            if (meter == null) {
                holds[i] = Hold.NOTHING;
            } else if (lease == null) {
                holds[i] = Hold.EMPTY;
            } else {
                lease.hold(charges.get(i).amount(), nanos);
                holds[i] = lease;
            }
        }
        return holds;
    }

    @Override
    public boolean settle(Reservation reservation, long... used) {
        return book.settle(reservation, used);
    }

    @Override
    public boolean release(Reservation reservation) {
        return book.release(reservation);
    }

    @Override
    public QuotaUsage usage(QuotaLimit limit) {
        LeasedMeter meter = meters.find(limit);
        if (meter != null) {
            // what this node has used is in it
            book.reap(nanoClock.getAsLong());
            reporter.report(List.of(meter), false);
        }
        return leases.usage(limit);
    }

    private void work() {
        reporter.quietly(this::reportAll);
    }

    /** Tells what was used, ends what has expired, and forgets what nobody uses. */
    void reportAll() {
        long nanos = nanoClock.getAsLong();
        if (book.reapingIsDue(nanos)) {
            book.reap(nanos);
        }
        reporter.report(meters.all(), false);
        meters.forget(LeasedQuotaLedger::retired);
        reporter.reapNowAndThen();
    }

    private static boolean retired(LeasedMeter meter) {
        meter.lock.lock();
        try {
            meter.retired = meter.idle();
            return meter.retired;
        } finally {
            meter.lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        scheduler.shutdown();
        try {
            if (!scheduler.awaitTermination(10, TimeUnit.SECONDS)) {
                scheduler.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        book.endAll();
        reporter.quietly(() -> reporter.report(meters.all(), true));
    }
}
