package io.bactrian.core.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in memory: exact for all callers of one process, and gone with it. Each limit has a lock that is held for a few
 * additions; a call that is charged to several takes them in one order, looks at all, and then takes from all.
 */
public final class MemoryQuotaLedger implements QuotaLedger {

    private final Meters<MemoryMeter> meters;
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
        this.book = new ReservationBook(alarm, nanoClock.getAsLong());
        this.meters = new Meters<>(limit -> new MemoryMeter(limit.period(), clock::millis));
    }

    @Override
    public QuotaOutcome tryReserve(ReservationKey key, List<Charge> charges, Duration expiresIn) {
        long nanos = nanoClock.getAsLong();
        if (book.reapingIsDue(nanos)) {
            reap(nanos);
        }
        return book.reserve(new Reservation(key, charges, nanos + expiresIn.toNanos()), this::reserved);
    }

    private @Nullable QuotaRefusal reserved(Reservation mine) {
        Refused refused = taken(mine);
        if (refused == null) {
            return null;
        }
        QuotaRefusal refusal = refused.refusal();
        alarm.tell(refusal.limit(), refusal.used() + refusal.held(), refused.from(), refused.to());
        return refusal;
    }

    private @Nullable Refused taken(Reservation mine) {
        while (true) {
            List<@Nullable MemoryMeter> wanted = meters.of(mine.charges());
            Meter[] locked = Meter.lock(wanted);
            try {
                if (anyRetired(wanted)) {
                    continue;
                }
                long now = clock.millis();
                Refused refused = refused(mine.charges(), wanted, now);
                if (refused == null) {
                    mine.opened(hold(mine.charges(), wanted, now));
                }
                return refused;
            } finally {
                Meter.unlock(locked);
            }
        }
    }

    /** A refusal, and the thresholds before it and after it. */
    private record Refused(QuotaRefusal refusal, int from, int to) {}

    private static boolean anyRetired(List<@Nullable MemoryMeter> wanted) {
        for (MemoryMeter meter : wanted) {
            if (meter != null && meter.retired()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Refused refused(List<Charge> charges, List<@Nullable MemoryMeter> wanted, long now) {
        for (int i = 0; i < wanted.size(); i++) {
            MemoryMeter meter = wanted.get(i);
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

    private static Hold[] hold(List<Charge> charges, List<@Nullable MemoryMeter> wanted, long now) {
        Hold[] holds = new Hold[wanted.size()];
        for (int i = 0; i < wanted.size(); i++) {
            MemoryMeter meter = wanted.get(i);
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
        return book.settle(reservation, used);
    }

    @Override
    public boolean release(Reservation reservation) {
        return book.release(reservation);
    }

    private void reap(long nanos) {
        book.reap(nanos);
        long now = clock.millis();
        meters.forget(meter -> meter.retire(now));
    }

    @Override
    public QuotaUsage usage(QuotaLimit limit) {
        reap(nanoClock.getAsLong());
        MemoryMeter meter = meters.find(limit);
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
