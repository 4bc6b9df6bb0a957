package io.bactrian.core.limit;

import io.bactrian.core.config.Flight;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.limit.RateBlocks.Correction;
import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests or tokens in a time. Spends a block without a lock; when that is used up, or its slice over, one thread gets another
 * while the rest wait.
 */
final class WindowBucket extends Bucket {

    /** How long others' units are taken for used up without asking again: they may give some back. */
    private static final long BELIEVED = Duration.ofMillis(250).toNanos();

    private static final int ATTEMPTS = 5;

    private final UnitSource source;
    private final LongSupplier nanoClock;
    private final Consumer<Bucket> untidy;
    private final Flight flight;
    private final Corrections corrections = new Corrections();
    private volatile Block block;
    private volatile @Nullable UsedUp usedUp;
    // written and read by the one thread that the flight lets in
    private boolean retired;

    /** What asking came to. */
    private sealed interface Answer {}

    /** Units, for one call. */
    private record Units(WindowBucket bucket, Block block, long units) implements Hold, Answer {

        @Override
        public void settle(long tokens) {
            bucket.correct(block, tokens - units);
        }

        @Override
        public void end() {
            // what was used was used
        }

        @Override
        public void undo() {
            bucket.correct(block, -units);
        }
    }

    /**
     * Nothing to be had.
     *
     * @param units for whoever needs so many or more
     * @param amount as long as the limit allows for that
     * @param until so long, without asking again
     * @param comeBack when to come back
     */
    private record UsedUp(long units, long amount, long until, long comeBack) implements Answer {
        boolean holds(long wanted, long allowed, long now) {
            return wanted >= units && allowed == amount && now - until < 0;
        }
    }

    /** The bucket is not in use any more. */
    private enum Retired implements Answer {
        RETIRED
    }

    /**
     * @param counted what it is for
     * @param source where units come from
     * @param nanoClock this process's clock
     * @param untidy learns of buckets that have something to tell others
     */
    WindowBucket(Counted counted, UnitSource source, LongSupplier nanoClock, Consumer<Bucket> untidy) {
        super(counted);
        this.source = source;
        this.nanoClock = nanoClock;
        this.untidy = untidy;
        this.flight = new Flight(nanoClock);
        this.block = Block.none(nanoClock.getAsLong());
    }

    @Override
    @Nullable
    Hold take(long units, long until) {
        long now = nanoClock.getAsLong();
        Answer answer = known(units, now);
        if (answer == null) {
            answer = asked(units);
        }
        if (answer instanceof UsedUp none) {
            throw refusal(none.comeBack() - now);
        }
        return answer instanceof Hold hold ? hold : null;
    }

    private Answer asked(long units) {
        if (units > limit().amount()) {
            throw new BadRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "the call may use " + units + " tokens, more than " + limit()
                            + " has at all: send less, lower max_tokens, or raise the limit");
        }
        try {
            return flight.get(() -> known(units, nanoClock.getAsLong()), () -> ask(units));
        } catch (UnavailableException e) {
            throw unavailable(e);
        }
    }

    private @Nullable Answer known(long units, long now) {
        Block open = block;
        long amount = limit().amount();
        // what was given under another limit is given back before anything more is taken
        if (open.amount() == amount && open.lasts(now) && open.take(units)) {
            return new Units(this, open, units);
        }
        UsedUp none = usedUp;
        return none != null && none.holds(units, amount, now) && corrections.isEmpty() ? none : null;
    }

    private Answer ask(long units) {
        if (retired) {
            return Retired.RETIRED;
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            long asked = nanoClock.getAsLong();
            // before it is asked by: should it change meanwhile, what comes is taken for that of the former one
            long amount = limit().amount();
            UnitsGranted granted = exchanged(asked, units);
            long now = nanoClock.getAsLong();
            if (granted.units() == 0) {
                long comeBack = asked + granted.comeBack().toNanos();
                UsedUp none = new UsedUp(
                        units, amount, source.shared() ? earlier(comeBack, now + BELIEVED) : comeBack, comeBack);
                usedUp = none;
                return none;
            }
            usedUp = null;
            // counted from the question on, a slice ends here no later than where it is shared
            Block fresh = new Block(granted.slice(), asked + granted.lasting().toNanos(), granted.units(), amount);
            boolean taken = fresh.lasts(now) && fresh.take(units);
            block = fresh;
            if (source.shared()) {
                untidy.accept(this);
            }
            if (taken) {
                return new Units(this, fresh, units);
            }
        }
        throw tooSlow();
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** Gives the block back, and everything else that is to be put right, and gets another. */
    private UnitsGranted exchanged(long now, long units) {
        Block old = block;
        long rest = old.close();
        boolean spendable = old.lasts(now);
        List<Correction> told = corrections.drain();
        try {
            List<Correction> all = rest == 0 ? told : with(told, new Correction(old.slice(), -rest));
            return source.take(new UnitsWanted(units, source.block(units), all));
        } catch (RuntimeException e) {
            boolean perhapsTold = perhapsTold(e);
            corrections.keep(told, perhapsTold);
            if (!perhapsTold && spendable) {
                block = new Block(old.slice(), old.end(), rest, old.amount());
            } else if (!perhapsTold) {
                corrections.add(old.slice(), -rest);
            }
            throw e;
        }
    }

    /** Tells what is to be put right, and what is left of a block that is over; one that can be spent stays, unless all goes. */
    private void tell(long now, boolean all) {
        Block open = block;
        if (all || !open.lasts(now)) {
            corrections.add(open.slice(), -open.close());
        }
        List<Correction> told = corrections.drain();
        if (told.isEmpty()) {
            return;
        }
        try {
            source.take(new UnitsWanted(0, 0, told));
            usedUp = null;
        } catch (RuntimeException e) {
            corrections.keep(told, perhapsTold(e));
            throw e;
        }
    }

    /** Whether it may have been done all the same. */
    private static boolean perhapsTold(RuntimeException e) {
        return !(e instanceof UnavailableException known) || known.code() == ErrorCode.STORE_OUTCOME_UNKNOWN;
    }

    private static List<Correction> with(List<Correction> some, Correction another) {
        List<Correction> all = new ArrayList<>(some);
        all.add(another);
        return all;
    }

    /** A call has used more than it took, or less. */
    private void correct(Block from, long units) {
        if (units == 0 || units < 0 && from.put(-units)) {
            return;
        }
        Block open = block;
        if (units > 0 && open.lasts(nanoClock.getAsLong())) {
            if (open.take(units)) {
                return;
            }
            // what is left is less than what was used already: nobody else gets it before that is told
            corrections.add(open.slice(), -open.close());
        }
        corrections.add(from.slice(), units);
        if (source.shared()) {
            untidy.accept(this);
        }
    }

    @Override
    boolean retire(long now) {
        Boolean done = flight.tryGet(() -> {
            // a database is not asked for this
            boolean told = !source.shared() || corrections.isEmpty() && !block.hasRest();
            boolean quiet = told && !block.lasts(now);
            if (!retired && quiet) {
                tell(now, true);
                retired = source.idle(now);
            }
            return retired;
        });
        return done != null && done;
    }

    @Override
    boolean tend(long now, boolean all) {
        try {
            flight.tryGet(() -> {
                tell(now, all);
                return true;
            });
        } catch (UnavailableException e) {
            // told later: until then others have less than there is, and not more
            return true;
        }
        return block.hasRest() || !corrections.isEmpty();
    }
}
