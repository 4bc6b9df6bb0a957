package io.bactrian.core.quota;

import java.math.BigDecimal;

/**
 * How much of something an account may use.
 *
 * @param account whose use
 * @param unit what is counted
 * @param limit how many; {@link #UNLIMITED} for any number, of which nothing is counted
 * @param period over which time
 */
public record QuotaLimit(QuotaAccount account, QuotaUnit unit, long limit, QuotaPeriod period) {

    /** No limit. */
    public static final long UNLIMITED = -1;

    /** @throws IllegalArgumentException if the limit is negative and not {@link #UNLIMITED} */
    public QuotaLimit {
        if (limit < UNLIMITED) {
            throw new IllegalArgumentException("a limit is a number from 0, or -1 for none");
        }
    }

    /** Whether there is nothing to keep to. */
    public boolean unlimited() {
        return limit == UNLIMITED;
    }

    /** An amount as a person reads it, with its unit. */
    public String show(long amount) {
        if (unit instanceof QuotaUnit.Money money) {
            return BigDecimal.valueOf(amount, 6).stripTrailingZeros().toPlainString() + " " + money.currency();
        }
        return amount + " " + unit;
    }
}
