package io.bactrian.core.quota;

/** What became of a wish to reserve. */
public sealed interface QuotaOutcome permits Reservation, QuotaOutcome.Repeated, QuotaRefusal {

    /**
     * That key is reserved for already, or was settled not long ago: nothing was charged again (CONC-02).
     *
     * @param earlier the reservation, as it was made then
     */
    record Repeated(Reservation earlier) implements QuotaOutcome {}
}
