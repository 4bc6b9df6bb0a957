package io.bactrian.core.quota;

/** Where an amount is held until its reservation ends. */
interface Hold {

    /** Where nothing is limited. */
    Hold NOTHING = (charge, used) -> 0;

    /** Where nothing was reserved, as nothing was to be used. */
    Hold EMPTY = (charge, used) -> used;

    /**
     * Lets go of what is held.
     *
     * @param charge what was held, and by which limit
     * @param used what counts as used; may be more
     * @return what could not be charged
     */
    long settle(Charge charge, long used);

    /** Tells of thresholds that what is used has reached, where this is known at once. */
    default void tell(QuotaLimit limit, Alarm alarm) {}
}
