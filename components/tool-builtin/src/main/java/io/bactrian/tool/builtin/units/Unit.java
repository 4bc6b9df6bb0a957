package io.bactrian.tool.builtin.units;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A unit of measure. A value in it is {@code (value + shift) * numerator / denominator} base units of its dimension.
 *
 * @param dimension what it measures, such as {@code length}
 * @param symbol its symbol
 * @param name its name
 * @param numerator of the factor
 * @param denominator of the factor
 * @param shift what is added first; zero but for temperatures
 * @param exact whether the factor is exact by definition
 */
record Unit(
        String dimension,
        String symbol,
        String name,
        BigDecimal numerator,
        BigDecimal denominator,
        BigDecimal shift,
        boolean exact) {

    /** Whether base units of nothing are this unit's zero, and less than nothing cannot be. */
    boolean absolute() {
        return dimension.equals("temperature");
    }

    /** A value in base units times the denominator: nothing is divided before it has to be. */
    BigDecimal scaled(BigDecimal value) {
        return value.add(shift).multiply(numerator);
    }

    /**
     * A value of this unit in another one of the same dimension.
     *
     * @param digits to round to
     */
    BigDecimal convert(BigDecimal value, Unit to, MathContext digits) {
        BigDecimal dividend = scaled(value).multiply(to.denominator);
        BigDecimal divisor = denominator.multiply(to.numerator);
        // more digits than asked for, since the shift may cancel the first ones out
        MathContext guarded = new MathContext(digits.getPrecision() + 30);
        return dividend.divide(divisor, guarded).subtract(to.shift).round(digits);
    }

    @Override
    public String toString() {
        return symbol.equals(name) ? name : symbol + " (" + name + ")";
    }
}
