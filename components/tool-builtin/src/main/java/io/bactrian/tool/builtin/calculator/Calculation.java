package io.bactrian.tool.builtin.calculator;

import java.math.BigDecimal;

/** What comes of an expression. */
sealed interface Calculation {

    /** Whether no digit was lost on the way. */
    boolean exact();

    /** The result as it is read. */
    String text();

    /**
     * A number.
     *
     * @param value at most 34 digits
     * @param exact whether these are all
     */
    record Number(BigDecimal value, boolean exact) implements Calculation {

        private static final int MOST_PLAIN_DIGITS = 40;

        @Override
        public String text() {
            boolean plain =
                    value.scale() <= MOST_PLAIN_DIGITS && value.precision() - value.scale() <= MOST_PLAIN_DIGITS;
            return plain ? value.toPlainString() : value.toString();
        }
    }

    /**
     * The outcome of a comparison.
     *
     * @param value whether it holds
     * @param exact whether the numbers compared were exact
     */
    record Truth(boolean value, boolean exact) implements Calculation {

        @Override
        public String text() {
            return Boolean.toString(value);
        }
    }

    static Calculation number(Numeral numeral) {
        return new Number(numeral.shown(), numeral.shownExactly());
    }

    static Calculation truth(boolean value, boolean exact) {
        return new Truth(value, exact);
    }
}
