package io.bactrian.tool.builtin.calculator;

import static io.bactrian.tool.builtin.calculator.Numeral.WORKING;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The operators, each bounded in time and size. What cannot be worked out is an {@link ArithmeticException} that says why;
 * whoever knows the place in the expression adds it.
 */
final class Arithmetic {

    /** The most digits that a power is worked out to in full, to see whether rounding loses any. */
    private static final int FULL_POWER_DIGITS = 2_000;

    private static final int LARGEST_WHOLE_POWER = 999_999_999;
    private static final int LARGEST_FACTORIAL = 1_000;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Arithmetic() {}

    static Numeral add(Numeral a, Numeral b) {
        return Numeral.of(a.value().add(b.value()), a.exact() && b.exact());
    }

    static Numeral subtract(Numeral a, Numeral b) {
        return Numeral.of(a.value().subtract(b.value()), a.exact() && b.exact());
    }

    static Numeral multiply(Numeral a, Numeral b) {
        return Numeral.of(a.value().multiply(b.value()), a.exact() && b.exact());
    }

    static Numeral divide(Numeral a, Numeral b) {
        refuseZero(b, "division by zero");
        BigDecimal quotient = a.value().divide(b.value(), WORKING);
        boolean even = quotient.multiply(b.value()).compareTo(a.value()) == 0;
        return new Numeral(quotient, even && a.exact() && b.exact());
    }

    static Numeral percent(Numeral a) {
        return new Numeral(a.value().divide(HUNDRED, WORKING), a.exact());
    }

    static Numeral negate(Numeral a) {
        return new Numeral(a.value().negate(), a.exact());
    }

    /** The rest of a division that rounds down: it has the sign of the divisor, as in Python and spreadsheets. */
    static Numeral modulo(Numeral a, Numeral b) {
        refuseZero(b, "modulo of zero");
        long digits = exponent(a.value()) - exponent(b.value());
        if (digits > 1_000) {
            throw new ArithmeticException("the numbers of a modulo differ by more than 1000 digits");
        }
        BigDecimal rest = a.settled().remainder(b.settled());
        boolean otherSide = rest.signum() != 0 && rest.signum() != b.signum();
        return Numeral.of(otherSide ? rest.add(b.settled()) : rest, a.exact() && b.exact());
    }

    static Numeral power(Numeral base, Numeral exponent) {
        if (base.signum() == 0) {
            return powerOfZero(base, exponent);
        }
        refuseTooLarge(base.value(), exponent.value());
        if (exponent.isWhole()) {
            return wholePower(base, exponent);
        }
        if (base.signum() < 0) {
            throw new ArithmeticException("a negative number to a power that is not whole");
        }
        return Numeral.rounded(BigDecimalMath.pow(base.value(), exponent.value(), WORKING));
    }

    private static Numeral powerOfZero(Numeral base, Numeral exponent) {
        if (exponent.signum() < 0) {
            throw new ArithmeticException("zero to a negative power");
        }
        return new Numeral(exponent.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO, base.exact() && exponent.exact());
    }

    private static Numeral wholePower(Numeral base, Numeral exponent) {
        if (exponent.settled().abs().compareTo(BigDecimal.valueOf(LARGEST_WHOLE_POWER)) > 0) {
            throw new ArithmeticException("a power larger than " + LARGEST_WHOLE_POWER);
        }
        int times = exponent.settled().intValueExact();
        boolean exact = base.exact() && exponent.exact();
        if (times < 0) {
            Numeral inverse = wholePower(base, negate(exponent));
            return divide(Numeral.whole(1), inverse);
        }
        BigDecimal stripped = base.value().stripTrailingZeros();
        if ((long) stripped.precision() * times <= FULL_POWER_DIGITS) {
            return Numeral.of(stripped.pow(times), exact);
        }
        boolean powerOfTen = stripped.unscaledValue().abs().equals(BigInteger.ONE);
        return new Numeral(stripped.pow(times, WORKING), exact && powerOfTen);
    }

    /** Tells by logarithms of a few digits, so that {@code 9^9^9} costs nothing. */
    private static void refuseTooLarge(BigDecimal base, BigDecimal exponent) {
        double digits = log10(base.abs()) * exponent.doubleValue();
        if (Math.abs(digits) > Numeral.LARGEST_EXPONENT + 1.0) {
            throw new ArithmeticException("the result would be "
                    + (digits > 0 ? "larger than 10^" : "closer to zero than 10^-")
                    + Numeral.LARGEST_EXPONENT);
        }
    }

    private static double log10(BigDecimal positive) {
        int exponent = (int) exponent(positive);
        return exponent + Math.log10(positive.scaleByPowerOfTen(-exponent).doubleValue());
    }

    static long exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : (long) value.precision() - value.scale() - 1;
    }

    static Numeral factorial(Numeral n) {
        if (!n.isWhole() || n.signum() < 0) {
            throw new ArithmeticException("factorial is for whole numbers from 0");
        }
        if (n.settled().compareTo(BigDecimal.valueOf(LARGEST_FACTORIAL)) > 0) {
            throw new ArithmeticException("factorial is for numbers up to " + LARGEST_FACTORIAL);
        }
        return Numeral.of(new BigDecimal(product(1, n.settled().intValueExact())), n.exact());
    }

    /** The product of the numbers from one to another, by halves: factors of like size multiply fastest. */
    private static BigInteger product(int from, int to) {
        if (from > to) {
            return BigInteger.ONE;
        }
        if (from == to) {
            return BigInteger.valueOf(from);
        }
        int middle = (from + to) / 2;
        return product(from, middle).multiply(product(middle + 1, to));
    }

    /** Rounds to a number of decimals, which may be negative for tens, hundreds and so on. What was asked for is exact. */
    static Numeral round(Numeral a, int decimals, RoundingMode mode) {
        return Numeral.of(a.settled().setScale(decimals, mode), true);
    }

    private static void refuseZero(Numeral divisor, String what) {
        if (divisor.signum() == 0) {
            throw new ArithmeticException(what);
        }
    }
}
