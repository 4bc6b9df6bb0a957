package io.bactrian.core.quota;

import io.bactrian.core.error.RateLimitedException;
import java.time.Duration;
import java.util.List;

/**
 * Keeps accounts of what is used up. What is used and what is held for calls under way never come to more than a limit, by
 * however many callers. Thread-safe.
 *
 * <p>A reservation ends once: it is settled, released, or expires. What comes after the first end has no effect. One that
 * expires counts as used in full, as nobody said otherwise.
 */
public interface QuotaLedger extends AutoCloseable {

    /**
     * Reserves for a call: all of it or nothing.
     *
     * @param key what the reservation is known by; the same again while it is open, or was settled not long ago, is the same
     *     reservation and charges nothing. One that was released or refused is made anew
     * @param charges what the call may use at most, of each limit once; unlimited ones are passed over
     * @param expiresIn after which time it expires
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if the accounts cannot be reached
     */
    QuotaOutcome tryReserve(ReservationKey key, List<Charge> charges, Duration expiresIn);

    /**
     * As {@link #tryReserve}, for whoever does not go on after a refusal.
     *
     * @throws RateLimitedException with {@code provider_quota_exceeded}, naming the account, its limit, what is used, and
     *     when it resets
     */
    default Reservation reserve(ReservationKey key, List<Charge> charges, Duration expiresIn) {
        QuotaOutcome outcome = tryReserve(key, charges, expiresIn);
        if (outcome instanceof Reservation reservation) {
            return reservation;
        }
        if (outcome instanceof QuotaOutcome.Repeated repeated) {
            return repeated.earlier();
        }
        throw ((QuotaRefusal) outcome).toException();
    }

    /**
     * Replaces what was reserved by what was used. More than was reserved is charged as far as there is room; what is beyond
     * is logged and told ({@link QuotaAlerts#overrun}), as the provider has been asked already.
     *
     * @param reservation the reservation
     * @param used what was used, in the order of its charges
     * @return whether this has ended it
     */
    boolean settle(Reservation reservation, long... used);

    /**
     * Gives back what was reserved.
     *
     * @return whether this has ended it
     */
    boolean release(Reservation reservation);

    /** How much of a limit is used. */
    QuotaUsage usage(QuotaLimit limit);

    /** Keeps no more accounts. What is still open counts as used where that outlives the process. */
    @Override
    void close();
}
