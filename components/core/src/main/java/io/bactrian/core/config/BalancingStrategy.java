package io.bactrian.core.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How one of a model's credentials is picked for a call. */
public enum BalancingStrategy {
    /** One after the other, all alike. */
    ROUND_ROBIN,
    /** In proportion to their weights. */
    WEIGHTED,
    /** The better of two drawn at random: by how long it takes, how much it has to do, and how often it fails. */
    POWER_OF_TWO;

    /** The value as written: {@code round_robin}, {@code weighted}, {@code power_of_two}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The strategy of that text, if it is one. */
    public static Optional<BalancingStrategy> of(String text) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.text().equals(text))
                .findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
