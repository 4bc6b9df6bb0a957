package io.bactrian.core.quota;

/**
 * What a call may use of a limit at most.
 *
 * @param limit the limit
 * @param amount how much, from 0
 */
public record Charge(QuotaLimit limit, long amount) {

    /** @throws IllegalArgumentException if the amount is negative */
    public Charge {
        if (amount < 0) {
            throw new IllegalArgumentException("an amount is never negative");
        }
    }
}
