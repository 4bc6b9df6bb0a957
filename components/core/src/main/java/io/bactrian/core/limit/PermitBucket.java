package io.bactrian.core.limit;

import io.bactrian.core.config.Flight;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.limit.RateBlocks.PermitsGranted;
import io.bactrian.core.limit.RateBlocks.PermitsWanted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls at once. Each holds a permit until it ends, or until it should have ended long since. Where they are shared, this process
 * leases permits, and begins no call that may last longer than the lease: so they are in nobody else's hands while the call
 * goes on, even if this process is cut off from the others; and if it is killed they are free when the last of its calls would
 * have been over.
 */
final class PermitBucket extends Bucket {

    /** How long a lease lasts beyond the call that it was asked for: for calls after that one, without asking again. */
    private static final Duration BEYOND = Duration.ofSeconds(15);

    /** How long others' permits are taken for gone without asking again. */
    private static final long BELIEVED = Duration.ofMillis(250).toNanos();

    /** Nobody knows when a call ends: worth another try by then. */
    private static final long COME_BACK = Duration.ofSeconds(1).toNanos();

    /** What one asks for at a time, as a part of the amount. */
    private static final int BLOCKS = 16;

    private static final long FOR_EVER = Long.MAX_VALUE / 2;
    private static final int ATTEMPTS = 5;

    private static final VarHandle STATE = stateHandle();

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(PermitBucket.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Lessor lessor;
    private final LongSupplier nanoClock;
    private final Consumer<Bucket> untidy;
    private final Flight flight;
    private final Permits permits;
    private volatile State state;
    // since others were last given what is not needed here
    private volatile int peak;
    private volatile boolean scarce;
    private volatile long believedUntil;
    // how many others believe to be here; for the one thread that the flight lets in
    private int told;

    /** Who leases permits to this process. */
    interface Lessor {

        PermitsGranted lease(PermitsWanted wanted);

        void giveBack(int keep);
    }

    /**
     * @param granted how many this process may hold
     * @param held how many it holds
     * @param end until when it may
     * @param amount what the limit allowed for when they were granted
     * @param retired whether it is not in use any more
     */
    private record State(int granted, int held, long end, int amount, boolean retired) {

        /** Whether a call that is over by then may begin, of a limit that allows for so many. */
        boolean admits(long until, int allowed) {
            return held < granted && until - end <= 0 && allowed == amount && !retired;
        }

        State holding(int number) {
            return new State(granted, number, end, amount, retired);
        }

        State granting(int number) {
            return new State(number, held, end, amount, retired);
        }

        State under(int allowed, int number) {
            return new State(number, held, end, allowed, retired);
        }

        /** How many others cannot have. */
        int here() {
            return Math.max(granted, held);
        }
    }

    /** What asking came to. */
    private enum Answer {
        TRY_AGAIN,
        NONE_FREE,
        RETIRED
    }

    /**
     * @param counted what it is for
     * @param lessor who shares the permits; null if nobody else has any
     * @param nanoClock this process's clock
     * @param untidy learns of buckets that have something to give others
     */
    PermitBucket(Counted counted, @Nullable Lessor lessor, LongSupplier nanoClock, Consumer<Bucket> untidy) {
        super(counted);
        this.lessor = lessor;
        this.nanoClock = nanoClock;
        this.untidy = untidy;
        this.flight = new Flight(nanoClock);
        long now = nanoClock.getAsLong();
        int own = lessor == null ? amount() : 0;
        this.state = new State(own, 0, now + (lessor == null ? FOR_EVER : 0), amount(), false);
        this.permits = new Permits(now);
        this.believedUntil = now;
    }

    private int amount() {
        return (int) limit().amount();
    }

    @Override
    @Nullable
    Hold take(long units, long until) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Permit permit = begun(until);
            if (permit != null) {
                return permit;
            }
            Answer answer = asked(until);
            if (answer == Answer.RETIRED) {
                return null;
            }
            if (answer == Answer.NONE_FREE) {
                break;
            }
        }
        throw refusal(COME_BACK);
    }

    private @Nullable Permit begun(long until) {
        State present = state;
        int amount = amount();
        if (!present.admits(until, amount)) {
            return null;
        }
        Permit permit = new Permit(this, until);
        // before it counts: whoever looks for those that are over finds it
        permits.add(permit);
        while (present.admits(until, amount)) {
            if (STATE.compareAndSet(this, present, present.holding(present.held + 1))) {
                permit.counted();
                peak = Math.max(peak, present.held + 1);
                return permit;
            }
            present = state;
        }
        permits.remove(permit);
        return null;
    }

    private void change(UnaryOperator<State> how) {
        State was = state;
        while (!STATE.compareAndSet(this, was, how.apply(was))) {
            was = state;
        }
    }

    /** One of its permits has ended. */
    void ended(Permit permit) {
        permits.remove(permit);
        change(was -> was.holding(was.held - 1));
        if (lessor != null) {
            untidy.accept(this);
        }
    }

    private Answer asked(long until) {
        if (state.retired) {
            return Answer.RETIRED;
        }
        long now = nanoClock.getAsLong();
        if (permits.reap(now)) {
            return Answer.TRY_AGAIN;
        }
        Lessor asked = lessor;
        if (asked == null) {
            int amount = amount();
            change(was -> was.amount == amount ? was : was.under(amount, amount));
            // one may have ended in between
            State present = state;
            return present.held < present.granted ? Answer.TRY_AGAIN : Answer.NONE_FREE;
        }
        try {
            return flight.get(() -> known(until, nanoClock.getAsLong()), () -> lease(asked, until));
        } catch (UnavailableException e) {
            throw unavailable(e);
        }
    }

    private @Nullable Answer known(long until, long now) {
        State present = state;
        if (present.retired) {
            return Answer.RETIRED;
        }
        if (present.amount != amount()) {
            return null;
        }
        if (present.admits(until, present.amount)) {
            return Answer.TRY_AGAIN;
        }
        return present.held >= present.granted && now - believedUntil < 0 ? Answer.NONE_FREE : null;
    }

    private Answer lease(Lessor from, long until) {
        State present = state;
        if (present.retired) {
            return Answer.RETIRED;
        }
        int amount = amount();
        if (present.amount != amount) {
            // what was leased by another limit begins no call any more; what is held of it is held still
            change(was -> was.under(amount, 0));
            present = state;
        }
        long now = nanoClock.getAsLong();
        // when a lease is over, so are the calls under it
        int granted = now - present.end < 0 ? present.granted : present.held;
        int need = present.held < granted ? granted : present.held + 1;
        int welcome = need + Math.max(1, amount / BLOCKS) - 1;
        Duration lasting = Duration.ofNanos(Math.max(0, until - now)).plus(BEYOND);
        PermitsGranted answer = need > amount
                ? new PermitsGranted(0, Duration.ZERO)
                : from.lease(new PermitsWanted(need, Math.min(amount, welcome), lasting));
        scarce = answer.permits() < welcome;
        if (answer.permits() == 0) {
            believedUntil = nanoClock.getAsLong() + BELIEVED;
            return Answer.NONE_FREE;
        }
        long end = now + lasting.toNanos();
        boolean over = now - present.end >= 0;
        told = answer.permits();
        change(was -> new State(answer.permits(), was.held, over || end - was.end > 0 ? end : was.end, amount, false));
        untidy.accept(this);
        return Answer.TRY_AGAIN;
    }

    @Override
    boolean retire(long now) {
        permits.reap(now);
        // not while a lease is asked for
        Boolean done = flight.tryGet(() -> {
            State present = state;
            boolean nothing = lessor == null || present.granted == 0 && told == 0 || now - present.end >= 0;
            return present.retired
                    || nothing
                            && present.held == 0
                            && STATE.compareAndSet(
                                    this, present, new State(present.granted, 0, present.end, present.amount, true));
        });
        return done != null && done;
    }

    @Override
    boolean tend(long now, boolean all) {
        Lessor from = lessor;
        if (from == null) {
            return false;
        }
        permits.reap(now);
        try {
            Boolean done = flight.tryGet(() -> {
                giveBack(from, all);
                return true;
            });
            State present = state;
            return done == null || present.granted > present.held;
        } catch (UnavailableException e) {
            // until the lease is over others have less than there is, and not more
            return true;
        }
    }

    private void giveBack(Lessor to, boolean all) {
        State present = state;
        int busy = all || scarce ? 0 : peak;
        peak = present.held;
        int keep = Math.max(busy, present.held);
        while (keep < present.granted) {
            // here first: nobody begins a call with what somebody else has
            STATE.compareAndSet(this, present, present.granting(keep));
            present = state;
            keep = Math.max(keep, present.held);
        }
        int here = present.here();
        if (here < told) {
            to.giveBack(here);
            told = here;
        }
    }
}
