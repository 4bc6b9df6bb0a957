package io.bactrian.core.quota;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** What is held for one call. Made and ended by a {@link QuotaLedger} alone. */
public final class Reservation implements QuotaOutcome {

    private static final Hold[] NONE = {};
    private static final AtomicReferenceFieldUpdater<Reservation, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Reservation.class, State.class, "state");

    private final ReservationKey key;
    private final List<Charge> charges;
    private final long expiresAtNanos;
    private volatile State state = State.PENDING;
    private volatile @Nullable CompletableFuture<Void> waiting;
    // written once, before the state says that it is open
    private Hold[] holds = NONE;

    /** What has become of it. */
    public enum State {
        /** It is being made. */
        PENDING,
        /** Held for a call under way. */
        OPEN,
        /** There was not enough, or it could not be told. */
        REFUSED,
        /** What was used is charged. */
        SETTLED,
        /** Given back. */
        RELEASED,
        /** Nobody ended it: charged in full. */
        EXPIRED
    }

    Reservation(ReservationKey key, List<Charge> charges, long expiresAtNanos) {
        this.key = key;
        this.charges = List.copyOf(charges);
        this.expiresAtNanos = expiresAtNanos;
        refuseDoubles();
    }

    private void refuseDoubles() {
        for (int i = 1; i < charges.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (charges.get(i).limit().equals(charges.get(j).limit())) {
                    throw new IllegalArgumentException("a call is charged to each limit once");
                }
            }
        }
    }

    /** What it is known by. */
    public ReservationKey key() {
        return key;
    }

    /** What is held at most, by limit. */
    public List<Charge> charges() {
        return charges;
    }

    /** What has become of it. */
    public State state() {
        return state;
    }

    /** Whether it is held for a call under way. */
    public boolean open() {
        return state == State.OPEN;
    }

    boolean expired(long nanos) {
        return nanos - expiresAtNanos >= 0;
    }

    Hold[] holds() {
        return holds;
    }

    void opened(Hold[] where) {
        holds = where;
        decide(State.OPEN);
    }

    void decide(State decided) {
        state = decided;
        CompletableFuture<Void> others = waiting;
        if (others != null) {
            others.complete(null);
        }
    }

    boolean end(State how) {
        return STATE.compareAndSet(this, State.OPEN, how);
    }

    /** Waits until it is known what became of it; for those who want the same. */
    State decided() {
        if (state == State.PENDING) {
            CompletableFuture<Void> others = waiters();
            // whoever decides writes the state before it looks for those who wait
            if (state == State.PENDING) {
                others.join();
            }
        }
        return state;
    }

    private synchronized CompletableFuture<Void> waiters() {
        CompletableFuture<Void> known = waiting;
        if (known == null) {
            known = new CompletableFuture<>();
            waiting = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return "Reservation[" + key + ", " + state + "]";
    }
}
