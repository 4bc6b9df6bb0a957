package io.bactrian.tool.builtin.calculator;

import static io.bactrian.tool.builtin.calculator.Numeral.WORKING;
import static java.util.Map.entry;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions and constants by name. Angles are in radians. */
final class Functions {

    /** A function with the least and the greatest number of its arguments. */
    record Function(int least, int most, Body body) {

        Numeral apply(List<Numeral> arguments) {
            if (arguments.size() < least || arguments.size() > most) {
                throw new ArithmeticException("takes " + (least == most ? least : least + " to " + most)
                        + (most == 1 ? " argument" : " arguments") + ", not " + arguments.size());
            }
            return body.apply(arguments);
        }
    }

    /** What a function does; the number of its arguments is right. */
    @FunctionalInterface
    interface Body {
        Numeral apply(List<Numeral> arguments);
    }

    private static final int MOST_ARGUMENTS = 100;
    private static final int MOST_DECIMALS = 100;

    /** The natural logarithm of the largest number. */
    private static final int LARGEST_LOGARITHM = 23_000;

    private static final BigDecimal HALF_TURN = BigDecimal.valueOf(180);

    /** Angles beyond this have no digits left to tell where on the circle they are. */
    private static final BigDecimal LARGEST_ANGLE = BigDecimal.TEN.pow(30);

    /** What sine and the like give instead of zero for an angle that was rounded: pi has no end. */
    private static final BigDecimal NOISE = BigDecimal.ONE.scaleByPowerOfTen(-40);

    private static final Map<String, Numeral> CONSTANTS = Map.of(
            "pi", Numeral.rounded(Transcendental.PI),
            "π", Numeral.rounded(Transcendental.PI),
            "tau", Numeral.rounded(Transcendental.PI.multiply(BigDecimal.valueOf(2))),
            "e", Numeral.rounded(BigDecimalMath.e(WORKING)));

    private static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            entry("abs", one(a -> new Numeral(a.value().abs(), a.exact()))),
            entry("sign", one(a -> Numeral.whole(a.signum()))),
            entry("sqrt", one(Functions::sqrt)),
            entry("cbrt", one(a -> root(a, 3))),
            entry("exp", one(Functions::exp)),
            entry("ln", one(a -> logarithm(a, Transcendental.ln(positive(a))))),
            entry("log", new Function(1, 2, Functions::log)),
            entry("log10", one(Functions::log10)),
            entry("log2", one(Functions::log2)),
            entry("sin", one(a -> settle(a, Transcendental.sin(angle(a))))),
            entry("cos", one(a -> settle(a, Transcendental.cos(angle(a))))),
            entry("tan", one(Functions::tan)),
            entry("asin", one(a -> settle(a, Transcendental.asin(cosine(a))))),
            entry("acos", one(a -> settle(a, BigDecimalMath.acos(cosine(a), WORKING)))),
            entry("atan", one(a -> settle(a, Transcendental.atan(a.value())))),
            entry("sinh", one(a -> settle(a, Transcendental.sinh(exponent(a))))),
            entry("cosh", one(a -> Numeral.rounded(Transcendental.cosh(exponent(a))))),
            entry("tanh", one(a -> settle(a, Transcendental.tanh(exponent(a))))),
            entry(
                    "rad",
                    one(a -> Numeral.rounded(
                            a.value().multiply(Transcendental.PI).divide(HALF_TURN, WORKING)))),
            entry("deg", one(a -> Numeral.rounded(a.value().multiply(HALF_TURN).divide(Transcendental.PI, WORKING)))),
            entry("pow", two(Arithmetic::power)),
            entry("mod", two(Arithmetic::modulo)),
            entry("factorial", one(Arithmetic::factorial)),
            entry("gcd", many((a, b) -> ofWhole(whole(a).gcd(whole(b)), a, b))),
            entry("lcm", many(Functions::lcm)),
            entry("min", many((a, b) -> a.value().compareTo(b.value()) <= 0 ? a : b)),
            entry("max", many((a, b) -> a.value().compareTo(b.value()) >= 0 ? a : b)),
            entry("sum", many(Arithmetic::add)),
            entry("avg", new Function(1, MOST_ARGUMENTS, Functions::average)),
            entry("round", new Function(1, 2, Functions::round)),
            entry("floor", one(a -> Arithmetic.round(a, 0, RoundingMode.FLOOR))),
            entry("ceil", one(a -> Arithmetic.round(a, 0, RoundingMode.CEILING))),
            entry("trunc", one(a -> Arithmetic.round(a, 0, RoundingMode.DOWN))));

    private Functions() {}

    static @Nullable Numeral constant(String name) {
        return CONSTANTS.get(name);
    }

    static @Nullable Function function(String name) {
        return FUNCTIONS.get(name);
    }

    /** All names, for whoever mistyped one. */
    static String names() {
        return String.join(", ", new TreeSet<>(FUNCTIONS.keySet())) + "; constants are pi, tau and e";
    }

    private static Function one(UnaryOperator<Numeral> body) {
        return new Function(1, 1, arguments -> body.apply(arguments.get(0)));
    }

    private static Function two(BinaryOperator<Numeral> body) {
        return new Function(2, 2, arguments -> body.apply(arguments.get(0), arguments.get(1)));
    }

    private static Function many(BinaryOperator<Numeral> body) {
        return new Function(
                1, MOST_ARGUMENTS, arguments -> arguments.stream().reduce(body).orElse(Numeral.ZERO));
    }

    private static Numeral sqrt(Numeral a) {
        if (a.signum() < 0) {
            throw new ArithmeticException("square root of a negative number");
        }
        return root(a, 2);
    }

    private static Numeral root(Numeral a, int degree) {
        BigDecimal positive = a.value().abs();
        BigDecimal root = degree == 2
                ? positive.sqrt(WORKING)
                : BigDecimalMath.root(positive, BigDecimal.valueOf(degree), WORKING);
        // a cube root comes by approximation: the neighbour with fewer digits may be the root itself
        BigDecimal shown = root.round(Numeral.SHOWN).stripTrailingZeros();
        boolean even = shown.pow(degree).compareTo(positive) == 0;
        BigDecimal best = even ? shown : root;
        return new Numeral(a.signum() < 0 ? best.negate() : best, even && a.exact());
    }

    private static Numeral exp(Numeral a) {
        return a.signum() == 0
                ? new Numeral(BigDecimal.ONE, a.exact())
                : Numeral.rounded(Transcendental.exp(exponent(a)));
    }

    private static Numeral log(List<Numeral> arguments) {
        if (arguments.size() == 1) {
            return log10(arguments.get(0));
        }
        BigDecimal base = positive(arguments.get(1));
        if (base.compareTo(BigDecimal.ONE) == 0) {
            throw new ArithmeticException("logarithm to the base 1");
        }
        BigDecimal number = positive(arguments.get(0));
        BigDecimal quotient = Transcendental.ln(number).divide(Transcendental.ln(base), WORKING);
        return powerCheck(arguments.get(0), arguments.get(1), quotient);
    }

    private static Numeral log10(Numeral a) {
        return powerCheck(a, Numeral.whole(10), Transcendental.log10(positive(a)));
    }

    private static Numeral log2(Numeral a) {
        return powerCheck(a, Numeral.whole(2), Transcendental.log2(positive(a)));
    }

    private static Numeral logarithm(Numeral a, BigDecimal result) {
        return result.signum() == 0 ? new Numeral(BigDecimal.ZERO, a.exact()) : Numeral.rounded(result);
    }

    /** A logarithm that is a whole number is made one, and exact. */
    private static Numeral powerCheck(Numeral number, Numeral base, BigDecimal logarithm) {
        Numeral rounded = Numeral.rounded(logarithm);
        if (!rounded.isWhole()) {
            return rounded;
        }
        Numeral candidate = new Numeral(rounded.settled(), number.exact() && base.exact());
        Numeral power = Arithmetic.power(base, candidate);
        boolean even = power.exact() && power.value().compareTo(number.value()) == 0;
        return even ? candidate : rounded;
    }

    private static Numeral tan(Numeral a) {
        Numeral cosine = settle(a, Transcendental.cos(angle(a)));
        if (cosine.signum() == 0) {
            throw new ArithmeticException("tan has no value at odd multiples of pi/2");
        }
        return Arithmetic.divide(settle(a, Transcendental.sin(angle(a))), cosine);
    }

    private static Numeral settle(Numeral argument, BigDecimal result) {
        if (result.signum() == 0) {
            return new Numeral(BigDecimal.ZERO, argument.exact());
        }
        boolean noise = !argument.exact() && result.abs().compareTo(NOISE) < 0;
        return Numeral.rounded(noise ? BigDecimal.ZERO : result);
    }

    private static BigDecimal angle(Numeral a) {
        if (a.value().abs().compareTo(LARGEST_ANGLE) > 0) {
            throw new ArithmeticException("an angle larger than 10^30");
        }
        return a.value();
    }

    private static BigDecimal cosine(Numeral a) {
        if (a.settled().abs().compareTo(BigDecimal.ONE) > 0) {
            throw new ArithmeticException("takes numbers from -1 to 1");
        }
        return a.settled();
    }

    private static BigDecimal exponent(Numeral a) {
        if (a.value().abs().compareTo(BigDecimal.valueOf(LARGEST_LOGARITHM)) > 0) {
            throw new ArithmeticException("takes numbers from -" + LARGEST_LOGARITHM + " to " + LARGEST_LOGARITHM);
        }
        return a.value();
    }

    private static BigDecimal positive(Numeral a) {
        if (a.signum() <= 0) {
            throw new ArithmeticException("logarithm of a number that is not above zero");
        }
        return a.value();
    }

    private static Numeral lcm(Numeral a, Numeral b) {
        BigInteger divisor = whole(a).gcd(whole(b));
        return divisor.signum() == 0
                ? ofWhole(BigInteger.ZERO, a, b)
                : ofWhole(whole(a).divide(divisor).multiply(whole(b)).abs(), a, b);
    }

    private static BigInteger whole(Numeral a) {
        if (!a.isWhole() || Arithmetic.exponent(a.value()) > 1_000) {
            throw new ArithmeticException("takes whole numbers of at most 1000 digits");
        }
        return a.settled().toBigIntegerExact();
    }

    private static Numeral ofWhole(BigInteger result, Numeral a, Numeral b) {
        return Numeral.of(new BigDecimal(result), a.exact() && b.exact());
    }

    private static Numeral average(List<Numeral> arguments) {
        Numeral sum = arguments.stream().reduce(Numeral.ZERO, Arithmetic::add);
        return Arithmetic.divide(sum, Numeral.whole(arguments.size()));
    }

    private static Numeral round(List<Numeral> arguments) {
        Numeral decimals = arguments.size() == 2 ? arguments.get(1) : Numeral.ZERO;
        if (!decimals.isWhole() || decimals.value().abs().compareTo(BigDecimal.valueOf(MOST_DECIMALS)) > 0) {
            throw new ArithmeticException("rounds to a whole number of decimals from -100 to 100");
        }
        return Arithmetic.round(arguments.get(0), decimals.settled().intValueExact(), RoundingMode.HALF_UP);
    }
}
