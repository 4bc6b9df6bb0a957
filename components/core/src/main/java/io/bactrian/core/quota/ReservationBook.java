package io.bactrian.core.quota;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who has reserved: the reservations that are open, and the {@link #REMEMBERED} that ended last, so that the same wish again
 * is known for what it is.
 */
final class ReservationBook {

    /** How many that were charged are remembered; a power of two. */
    static final int REMEMBERED = 8_192;

    private static final long REAP_EVERY_NANOS = 1_000_000_000L;

    private final ConcurrentHashMap<ReservationKey, Reservation> known = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Reservation> ended = new AtomicReferenceArray<>(REMEMBERED);
    private final AtomicLong ends = new AtomicLong();
    private final AtomicLong reapAt;

    ReservationBook(long nanos) {
        this.reapAt = new AtomicLong(nanos + REAP_EVERY_NANOS);
    }

    /** Enters a reservation that is being made; gives the one that is there already, or null if there is none. */
    @Nullable
    Reservation enter(Reservation mine) {
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

    /** Strikes one out that was refused. */
    void refused(Reservation mine) {
        known.remove(mine.key(), mine);
        mine.decide(Reservation.State.REFUSED);
    }

    /** Ends a reservation, if nobody has. */
    boolean end(Reservation reservation, Reservation.State how) {
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

    /** Ends those that expired. */
    void reap(long nanos, Consumer<Reservation> settle) {
        for (Reservation reservation : known.values()) {
            if (reservation.open() && reservation.expired(nanos) && end(reservation, Reservation.State.EXPIRED)) {
                settle.accept(reservation);
            }
        }
    }

    /** Ends those that are open, as charged. */
    void endAll(Consumer<Reservation> settle) {
        for (Reservation reservation : known.values()) {
            if (end(reservation, Reservation.State.EXPIRED)) {
                settle.accept(reservation);
            }
        }
    }
}
