package io.bactrian.core.quota;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who has reserved: the reservations that are open, and the {@link #REMEMBERED} that ended last, so that the same wish again
 * is known for what it is. Each reservation ends once, and what it held is charged or let go of then.
 */
final class ReservationBook {

    /** How many that were charged are remembered; a power of two. */
    static final int REMEMBERED = 8_192;

    private static final long REAP_EVERY_NANOS = 1_000_000_000L;

    private final ConcurrentHashMap<ReservationKey, Reservation> known = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Reservation> ended = new AtomicReferenceArray<>(REMEMBERED);
    private final AtomicLong ends = new AtomicLong();
    private final AtomicLong reapAt;
    private final Alarm alarm;

    ReservationBook(Alarm alarm, long nanos) {
        this.alarm = alarm;
        this.reapAt = new AtomicLong(nanos + REAP_EVERY_NANOS);
    }

    /**
     * Makes a reservation, unless there is one of that key.
     *
     * @param mine the reservation
     * @param taken opens it, or gives the reason why it cannot be; one at a time of one key
     */
    QuotaOutcome reserve(Reservation mine, Function<Reservation, @Nullable QuotaRefusal> taken) {
        Reservation other = enter(mine);
        if (other != null) {
            return new QuotaOutcome.Repeated(other);
        }
        try {
            QuotaRefusal refusal = taken.apply(mine);
            if (refusal == null) {
                return mine;
            }
            refused(mine);
            return refusal;
        } catch (RuntimeException e) {
            // nobody waits for what will not come
            refused(mine);
            throw e;
        }
    }

    /** Enters a reservation that is being made; gives the one that is there already, or null if there is none. */
    private @Nullable Reservation enter(Reservation mine) {
        while (true) {
            Reservation other = known.putIfAbsent(mine.key(), mine);
            if (other == null) {
                return null;
            }
            switch (other.decided()) {
                case OPEN, SETTLED, EXPIRED -> {
                    return other;
                }
                case PENDING, REFUSED, RELEASED -> known.remove(other.key(), other);
            }
        }
    }

    private void refused(Reservation mine) {
        known.remove(mine.key(), mine);
        mine.decide(Reservation.State.REFUSED);
    }

    /** Ends a reservation by what was used, as {@link QuotaLedger#settle} does. */
    boolean settle(Reservation reservation, long... used) {
        if (used.length != reservation.charges().size()) {
            throw new IllegalArgumentException("what was used is told for each charge");
        }
        if (!end(reservation, Reservation.State.SETTLED)) {
            return false;
        }
        charge(reservation, used);
        return true;
    }

    /** Ends a reservation as if nothing was used, as {@link QuotaLedger#release} does. */
    boolean release(Reservation reservation) {
        if (!end(reservation, Reservation.State.RELEASED)) {
            return false;
        }
        charge(reservation, new long[reservation.charges().size()]);
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
            if (used[i] > 0) {
                holds[i].tell(charge.limit(), alarm);
            }
        }
    }

    private boolean end(Reservation reservation, Reservation.State how) {
        if (!reservation.end(how)) {
            return false;
        }
        if (how == Reservation.State.RELEASED) {
            known.remove(reservation.key(), reservation);
            return true;
        }
        int slot = (int) (ends.getAndIncrement() & (REMEMBERED - 1));
        Reservation oldest = ended.getAndSet(slot, reservation);
        if (oldest != null) {
            known.remove(oldest.key(), oldest);
        }
        return true;
    }

    /** Whether it is time to look for those that expired; true for one of those who ask. */
    boolean reapingIsDue(long nanos) {
        long due = reapAt.get();
        return nanos - due >= 0 && reapAt.compareAndSet(due, nanos + REAP_EVERY_NANOS);
    }

    /** Ends those that expired, charged in full. */
    void reap(long nanos) {
        for (Reservation reservation : known.values()) {
            if (reservation.open() && reservation.expired(nanos)) {
                expire(reservation);
            }
        }
    }

    /** Ends those that are open, charged in full. */
    void endAll() {
        known.values().forEach(this::expire);
    }

    private void expire(Reservation reservation) {
        if (end(reservation, Reservation.State.EXPIRED)) {
            charge(
                    reservation,
                    reservation.charges().stream().mapToLong(Charge::amount).toArray());
        }
    }

    /** How many are known, those that ended lately among them. */
    int size() {
        return known.size();
    }
}
