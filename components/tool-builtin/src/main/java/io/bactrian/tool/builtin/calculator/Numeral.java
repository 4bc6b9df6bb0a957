package io.bactrian.tool.builtin.calculator;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A number while an expression is worked out, with more digits than are shown, so that {@code 1/3*3} is 1.
 *
 * @param value the number, in at most {@link #WORKING} digits
 * @param exact whether nothing was rounded on the way to it
 */
record Numeral(BigDecimal value, boolean exact) {

    /** The digits that are worked with. */
    static final MathContext WORKING = new MathContext(50);

    /** The digits that are shown and compared: those of IEEE 754 decimal128, 34. */
    static final MathContext SHOWN = MathContext.DECIMAL128;

    /** Numbers end at 10 to the power of this, and begin at 10 to the power of minus this. */
    static final int LARGEST_EXPONENT = 9_999;

    static final Numeral ZERO = new Numeral(BigDecimal.ZERO, true);

    /** @throws ArithmeticException if it is too large or too close to zero */
    Numeral {
        long exponent = value.signum() == 0 ? 0 : (long) value.precision() - value.scale() - 1;
        if (exponent > LARGEST_EXPONENT) {
            throw new ArithmeticException("the number is larger than 10^" + LARGEST_EXPONENT);
        }
        if (exponent < -LARGEST_EXPONENT) {
            throw new ArithmeticException("the number is closer to zero than 10^-" + LARGEST_EXPONENT);
        }
    }

    /** The exact result of a step, rounded to the digits worked with. */
    static Numeral of(BigDecimal result, boolean exactSoFar) {
        BigDecimal rounded = result.round(WORKING);
        return new Numeral(rounded, exactSoFar && rounded.compareTo(result) == 0);
    }

    /** The result of a step that rounds. */
    static Numeral rounded(BigDecimal result) {
        return new Numeral(result.round(WORKING), false);
    }

    static Numeral whole(long number) {
        return new Numeral(BigDecimal.valueOf(number), true);
    }

    boolean isWhole() {
        BigDecimal settled = settled();
        return settled.signum() == 0 || settled.stripTrailingZeros().scale() <= 0;
    }

    /** The number as steps see it that jump: a rounded 0.99…9 with all digits that are worked with is 1. */
    BigDecimal settled() {
        return exact ? value : value.round(SHOWN);
    }

    int signum() {
        return value.signum();
    }

    /** The digits that are shown. */
    BigDecimal shown() {
        BigDecimal rounded = value.round(SHOWN);
        return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    }

    /** Whether the digits that are shown are all there are. */
    boolean shownExactly() {
        return exact && value.compareTo(shown()) == 0;
    }
}
