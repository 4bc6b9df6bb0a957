package io.bactrian.core.limit;

import java.time.Duration;
import java.util.List;

/**
 * What several processes share of limits: each takes a block, and spends it by itself. Thread-safe; may block. Errors: an
 * {@link io.bactrian.core.error.UnavailableException}, {@code store_outcome_unknown} if nobody knows whether it was done.
 */
public interface RateBlocks {

    /** Takes units of what a limit has in a time, for the slice of it that it is now. */
    UnitsGranted take(RateKey key, UnitsWanted wanted);

    /**
     * Has a node hold permits for calls at once. Those of a node that is not heard of again are free when their time is over.
     *
     * @param node the process: no two have the same
     */
    PermitsGranted lease(RateKey key, String node, PermitsWanted wanted);

    /** Gives back all permits of a node but some, whose time stays as it is. */
    void giveBack(RateKey key, String node, int keep);

    /** Forgets what is of no use any more. */
    void sweep();

    /**
     * Units that were used otherwise than was said when they were taken.
     *
     * @param slice the slice that they were taken of
     * @param units how many more; below 0: how many less
     */
    record Correction(long slice, long units) {}

    /**
     * What is asked for.
     *
     * @param need with fewer than these, none are wanted; 0 only to tell corrections
     * @param want so many would be welcome
     * @param corrections what is to be known before
     */
    record UnitsWanted(long need, long want, List<Correction> corrections) {
        /** Copies the list. */
        public UnitsWanted {
            corrections = List.copyOf(corrections);
        }
    }

    /**
     * What is given.
     *
     * @param slice the slice that they are of: they may be spent in it alone
     * @param units how many; 0 if fewer than needed are free
     * @param lasting how long that slice lasts, from a moment no earlier than that of the question
     * @param comeBack how long until what is needed is free, if nobody else takes it; zero if it was given
     */
    record UnitsGranted(long slice, long units, Duration lasting, Duration comeBack) {}

    /**
     * What is asked for.
     *
     * @param need so many altogether are needed
     * @param want so many altogether would be welcome
     * @param lasting for how long from now, at least
     */
    record PermitsWanted(int need, int want, Duration lasting) {}

    /**
     * What is held.
     *
     * @param permits how many altogether; 0 if fewer than needed are free, and then what was held before is held still
     * @param comeBack how long until some of others' are free in any case; zero if they were given
     */
    record PermitsGranted(int permits, Duration comeBack) {}
}
