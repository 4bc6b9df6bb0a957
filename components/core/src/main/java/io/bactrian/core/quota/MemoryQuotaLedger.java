package io.bactrian.core.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in memory: exact for all callers of one process, and gone with it. Each limit has a lock that is held for a few
 * additions; a call that is charged to several takes them in one order, looks at all, and then takes from all.
 */
public final class MemoryQuotaLedger implements QuotaLedger {

    private final ConcurrentHashMap<Meter.Key, MemoryMeter> meters = new ConcurrentHashMap<>();
    private final ReservationBook book;
    private final Alarm alarm;
    private final Clock clock;
    private final LongSupplier nanoClock;

    /**
     * @param alarm whom to tell that limits fill up
     * @param clock tells periods apart
     * @param nanoClock tells when reservations expire, in nanoseconds
     */
    public MemoryQuotaLedger(Alarm alarm, Clock clock, LongSupplier nanoClock) {
        this.alarm = alarm;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.book = new ReservationBook(nanoClock.getAsLong());
    }

    @Override
    public QuotaOutcome tryReserve(ReservationKey key, List<Charge> charges, Duration expiresIn) {
        long nanos = nanoClock.getAsLong();
        if (book.reapingIsDue(nanos)) {
            reap(nanos);
        }
        Reservation mine = new Reservation(key, charges, nanos + expiresIn.toNanos());
        Reservation other = book.enter(mine);
        if (other != null) {
            return new QuotaOutcome.Repeated(other);
        }
        try {
            return reserved(mine);
        } catch (RuntimeException e) {
            // nobody waits for what will not come
            book.refused(mine);
            throw e;
        }
    }

    private QuotaOutcome reserved(Reservation mine) {
        Refused refused;
        while (true) {
            @Nullable MemoryMeter[] wanted = meters(mine.charges());
            Meter[] locked = Meter.lock(wanted);
            try {
                if (anyRetired(wanted)) {
                    continue;
                }
                long now = clock.millis();
                refused = refused(mine.charges(), wanted, now);
                if (refused == null) {
                    mine.opened(hold(mine.charges(), wanted, now));
                    return mine;
                }
                break;
            } finally {
                Meter.unlock(locked);
            }
        }
        book.refused(mine);
        alarm.tell(
                refused.refusal().limit(),
                refused.refusal().used() + refused.refusal().held(),
                refused.from(),
                refused.to());
        return refused.refusal();
    }

    /** A refusal, and the thresholds before it and after it. */
    private record Refused(QuotaRefusal refusal, int from, int to) {}

    /** The meters by charge; null where there is no limit. */
    private @Nullable MemoryMeter[] meters(List<Charge> charges) {
        @Nullable MemoryMeter[] wanted = new MemoryMeter[charges.size()];
        for (int i = 0; i < wanted.length; i++) {
            QuotaLimit limit = charges.get(i).limit();
            wanted[i] = limit.unlimited() ? null : meter(limit);
        }
        return wanted;
    }

    private MemoryMeter meter(QuotaLimit limit) {
        Meter.Key key = Meter.Key.of(limit);
        MemoryMeter known = meters.get(key);
        return known == null
                ? meters.computeIfAbsent(key, wanted -> new MemoryMeter(wanted.period(), clock::millis))
                : known;
    }

    private static boolean anyRetired(@Nullable MemoryMeter[] wanted) {
        for (MemoryMeter meter : wanted) {
            if (meter != null && meter.retired()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Refused refused(List<Charge> charges, @Nullable MemoryMeter[] wanted, long now) {
        for (int i = 0; i < wanted.length; i++) {
            MemoryMeter meter = wanted[i];
            Charge charge = charges.get(i);
            if (meter != null
                    && !meter.window(now).fits(charge.amount(), charge.limit().limit())) {
                return refused(charge, meter.window(now), now);
            }
        }
        return null;
    }

    private Refused refused(Charge charge, MemoryMeter.Window window, long now) {
        long limit = charge.limit().limit();
        long taken = window.used() + window.held();
        int before = window.level();
        int after = window.raise(taken, limit, alarm);
        // what is asked for beyond the limit itself never comes
        Instant resetsAt = charge.amount() > limit ? null : window.resetsAt(charge.amount() - (limit - taken));
        QuotaRefusal refusal = new QuotaRefusal(
                charge.limit(), charge.amount(), window.used(), window.held(), Instant.ofEpochMilli(now), resetsAt);
        return new Refused(refusal, before, after);
    }

    private static Hold[] hold(List<Charge> charges, @Nullable MemoryMeter[] wanted, long now) {
        Hold[] holds = new Hold[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            MemoryMeter meter = wanted[i];
            if (meter == null) {
                holds[i] = Hold.NOTHING;
            } else {
                MemoryMeter.Window window = meter.window(now);
                window.hold(charges.get(i).amount());
                holds[i] = window;
            }
        }
        return holds;
    }

    @Override
    public boolean settle(Reservation reservation, long... used) {
        if (used.length != reservation.charges().size()) {
            throw new IllegalArgumentException("what was used is told for each charge");
        }
        if (!book.end(reservation, Reservation.State.SETTLED)) {
            return false;
        }
        charge(reservation, used);
        return true;
    }

    private void charge(Reservation reservation, long[] used) {
        Hold[] holds = reservation.holds();
        for (int i = 0; i < holds.length; i++) {
            Charge charge = reservation.charges().get(i);
            long excess = holds[i].settle(charge, Math.max(0, used[i]));
            if (excess > 0) {
                alarm.overrun(charge.limit(), excess);
            }
            if (used[i] > 0 && holds[i] instanceof MemoryMeter.Window window) {
                window.tell(charge.limit(), alarm);
            }
        }
    }

    @Override
    public boolean release(Reservation reservation) {
        if (!book.end(reservation, Reservation.State.RELEASED)) {
            return false;
        }
        Hold[] holds = reservation.holds();
        for (int i = 0; i < holds.length; i++) {
            holds[i].settle(reservation.charges().get(i), 0);
        }
        return true;
    }

    private void reap(long nanos) {
        book.reap(
                nanos,
                expired -> charge(
                        expired,
                        expired.charges().stream().mapToLong(Charge::amount).toArray()));
        long now = clock.millis();
        meters.forEach((key, meter) -> {
            if (meter.retire(now)) {
                meters.remove(key, meter);
            }
        });
    }

    @Override
    public QuotaUsage usage(QuotaLimit limit) {
        reap(nanoClock.getAsLong());
        MemoryMeter meter = meters.get(Meter.Key.of(limit));
        if (meter == null) {
            Instant end = limit.period().window(clock.instant()).end();
            return new QuotaUsage(limit, 0, 0, end);
        }
        meter.lock.lock();
        try {
            MemoryMeter.Window window = meter.window(clock.millis());
            return new QuotaUsage(limit, window.used(), window.held(), window.resetsAt(1));
        } finally {
            meter.lock.unlock();
        }
    }

    @Override
    public void close() {
        meters.clear();
    }
}
