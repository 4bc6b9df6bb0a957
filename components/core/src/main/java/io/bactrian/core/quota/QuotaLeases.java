package io.bactrian.core.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that several nodes share, such as the tables of a database. A node leases units, spends them by itself, and
 * reports. What is used and what is leased never come to more than a limit. The time here is that of the shared accounts, and
 * no node's.
 *
 * <p>Every method may throw {@link io.bactrian.core.error.UnavailableException}: with {@code store_unavailable} nothing was
 * done; with {@code store_outcome_unknown} nobody knows.
 */
public interface QuotaLeases {

    /**
     * What a node would like to lease.
     *
     * @param limit of which limit
     * @param least less than this is of no use
     * @param wanted what would be of use, at least {@code least}
     * @param current the lease that it is to be added to; null for none. If it is gone, or of a period that is over, or the
     *     limit's present period has another one, a new one is made
     * @param fresh the id of a new one
     * @param duration how long it is to last
     */
    record Ask(
            QuotaLimit limit,
            long least,
            long wanted,
            @Nullable String current,
            String fresh,
            Duration duration) {}

    /** What comes of it. */
    sealed interface Answer permits Granted, QuotaRefusal {}

    /**
     * Leased.
     *
     * @param lease the lease's id
     * @param added how many units more it has now
     * @param now when that was
     * @param window the period it is for
     * @param left how many units of the limit are neither used nor leased
     */
    record Granted(String lease, long added, Instant now, QuotaPeriod.Window window, long left) implements Answer {}

    /**
     * What a node has done with a lease since it last said so.
     *
     * @param lease the lease's id
     * @param limit of which limit
     * @param windowStart the beginning of the period it is for
     * @param used units used
     * @param returned units given back
     * @param last whether the lease ends: nothing is left of it
     * @param duration how long it is to last from now on
     */
    record Report(
            String lease,
            QuotaLimit limit,
            Instant windowStart,
            long used,
            long returned,
            boolean last,
            Duration duration) {}

    /**
     * What became of a report.
     *
     * @param known whether the lease is there; if not, it had expired and counts as used, all of it
     * @param used how much of the limit is used by now
     * @param left how many units of the limit are neither used nor leased
     */
    record Noted(boolean known, long used, long left) {}

    /** Leases units: at least what is of use, or nothing. */
    Answer lease(Ask ask);

    /** Takes reports, all or none of them; the answers are in the same order. */
    List<Noted> report(List<Report> reports);

    /**
     * Notes that an alert's threshold was reached.
     *
     * @param from how many thresholds had been
     * @param to how many have been now
     * @return whether nobody has noted it before, so that it is to be told
     */
    boolean raise(QuotaLimit limit, Instant windowStart, int from, int to);

    /** Counts as used what nodes have leased that have not been heard of since, and removes what nobody asks for. */
    void reap();

    /** How much of a limit is used, as far as nodes have told. */
    QuotaUsage usage(QuotaLimit limit);
}
