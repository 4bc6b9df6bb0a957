package io.bactrian.tool.builtin.calculator;

import static io.bactrian.tool.builtin.calculator.Numeral.WORKING;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Functions whose series take long for large or small numbers, brought first into the range where they are quick. Next to
 * zero the first term of the series is all that 50 digits can show.
 */
final class Transcendental {

    static final BigDecimal PI = BigDecimalMath.pi(WORKING);

    /** Digits for steps between, so that what cancels out does not show. */
    private static final MathContext GUARDED = new MathContext(WORKING.getPrecision() + 12);

    /** Below it the second term of a series, of at least the square, is beyond the digits worked with. */
    private static final BigDecimal TINY = BigDecimal.ONE.scaleByPowerOfTen(-26);

    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal HALF_PI = BigDecimalMath.pi(GUARDED).divide(TWO, GUARDED);
    private static final BigDecimal FULL_TURN =
            BigDecimalMath.pi(new MathContext(2 * WORKING.getPrecision() + 30)).multiply(TWO);
    private static final BigDecimal LN_10 = BigDecimalMath.log(BigDecimal.TEN, GUARDED);
    private static final BigDecimal LN_2 = BigDecimalMath.log(TWO, GUARDED);

    private Transcendental() {}

    static BigDecimal ln(BigDecimal positive) {
        return guardedLn(positive).round(WORKING);
    }

    static BigDecimal log10(BigDecimal positive) {
        int exponent = (int) Arithmetic.exponent(positive);
        BigDecimal fraction =
                BigDecimalMath.log(mantissa(positive, exponent), GUARDED).divide(LN_10, GUARDED);
        return fraction.add(BigDecimal.valueOf(exponent), WORKING);
    }

    static BigDecimal log2(BigDecimal positive) {
        return guardedLn(positive).divide(LN_2, WORKING);
    }

    private static BigDecimal guardedLn(BigDecimal positive) {
        int exponent = (int) Arithmetic.exponent(positive);
        // near 1 the two terms would cancel each other out
        if (exponent == 0 || exponent == -1) {
            return BigDecimalMath.log(positive, GUARDED);
        }
        BigDecimal fraction = BigDecimalMath.log(mantissa(positive, exponent), GUARDED);
        return fraction.add(LN_10.multiply(BigDecimal.valueOf(exponent)), GUARDED);
    }

    private static BigDecimal mantissa(BigDecimal positive, int exponent) {
        return positive.scaleByPowerOfTen(-exponent);
    }

    private static boolean tiny(BigDecimal x) {
        return x.abs().compareTo(TINY) < 0;
    }

    static BigDecimal exp(BigDecimal x) {
        return tiny(x) ? BigDecimal.ONE.add(x, WORKING) : BigDecimalMath.exp(x, WORKING);
    }

    static BigDecimal sin(BigDecimal x) {
        return tiny(x) ? x : BigDecimalMath.sin(turned(x), WORKING);
    }

    static BigDecimal cos(BigDecimal x) {
        return tiny(x) ? BigDecimal.ONE : BigDecimalMath.cos(turned(x), WORKING);
    }

    /** The same place on the circle without the full turns: a large angle needs more digits of pi. */
    private static BigDecimal turned(BigDecimal x) {
        return x.abs().compareTo(BigDecimal.TEN) < 0 ? x : x.remainder(FULL_TURN);
    }

    static BigDecimal asin(BigDecimal x) {
        return tiny(x) ? x : BigDecimalMath.asin(x, WORKING);
    }

    static BigDecimal atan(BigDecimal x) {
        if (tiny(x)) {
            return x;
        }
        if (x.abs().compareTo(BigDecimal.ONE) <= 0) {
            return BigDecimalMath.atan(x, WORKING);
        }
        BigDecimal inverse = BigDecimal.ONE.divide(x.abs(), GUARDED);
        BigDecimal rest = tiny(inverse) ? inverse : BigDecimalMath.atan(inverse, GUARDED);
        BigDecimal angle = HALF_PI.subtract(rest, WORKING);
        return x.signum() < 0 ? angle.negate() : angle;
    }

    static BigDecimal sinh(BigDecimal x) {
        if (tiny(x)) {
            return x;
        }
        if (x.abs().compareTo(HALF) < 0) {
            return BigDecimalMath.sinh(x, WORKING);
        }
        BigDecimal grown = BigDecimalMath.exp(x, GUARDED);
        return grown.subtract(BigDecimal.ONE.divide(grown, GUARDED), GUARDED).multiply(HALF, WORKING);
    }

    static BigDecimal cosh(BigDecimal x) {
        if (tiny(x)) {
            return BigDecimal.ONE;
        }
        BigDecimal grown = BigDecimalMath.exp(x, GUARDED);
        return grown.add(BigDecimal.ONE.divide(grown, GUARDED), GUARDED).multiply(HALF, WORKING);
    }

    static BigDecimal tanh(BigDecimal x) {
        if (tiny(x)) {
            return x;
        }
        if (x.abs().compareTo(HALF) < 0) {
            return BigDecimalMath.tanh(x, WORKING);
        }
        BigDecimal grown = BigDecimalMath.exp(x.multiply(TWO), GUARDED);
        return grown.subtract(BigDecimal.ONE).divide(grown.add(BigDecimal.ONE), WORKING);
    }
}
