package io.bactrian.core.json;

import java.math.BigDecimal;

/**
 * A number of JSON. Two are equal if they have the same value: {@code 5} and {@code 5.0} are.
 *
 * @param value the number, exactly
 */
public record JsonNumber(BigDecimal value) implements JsonValue {

    /** A whole number. */
    public static JsonNumber of(long value) {
        return new JsonNumber(BigDecimal.valueOf(value));
    }

    /** Whether it has no fraction. */
    public boolean isWhole() {
        return value.signum() == 0
                || value.scale() <= 0
                || value.stripTrailingZeros().scale() <= 0;
    }

    @Override
    public BigDecimal toJava() {
        return value;
    }

    @Override
    public String kind() {
        return "number";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonNumber number && value.compareTo(number.value) == 0;
    }

    @Override
    public int hashCode() {
        return value.stripTrailingZeros().hashCode();
    }
}
