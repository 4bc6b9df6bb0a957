package io.bactrian.core.tenant;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the calls within a call have cost, for it and for all that it is nested in. Only what has a price counts.
 * Thread-safe.
 */
public final class Spending {

    /** Adds nothing up: of calls that are nested in nothing. */
    public static final Spending NOBODY = new Spending(null);

    private final @Nullable Spending outer;
    private final Map<String, BigDecimal> amounts = new ConcurrentHashMap<>(2);

    private Spending(@Nullable Spending outer) {
        this.outer = outer;
    }

    /** What is added up for a call within this one; it is added to this one, too. */
    public Spending within() {
        return new Spending(this);
    }

    /**
     * Adds what a call has cost.
     *
     * @param currency ISO 4217 code
     */
    public void add(BigDecimal amount, String currency) {
        for (Spending each = this; each != null && each != NOBODY; each = each.outer) {
            each.amounts.merge(currency, amount, BigDecimal::add);
        }
    }

    /** What it comes to so far, by currency; empty if nothing had a price. */
    public Map<String, BigDecimal> total() {
        return amounts.isEmpty() ? Map.of() : Map.copyOf(amounts);
    }

    @Override
    public String toString() {
        return "Spending" + amounts;
    }
}
