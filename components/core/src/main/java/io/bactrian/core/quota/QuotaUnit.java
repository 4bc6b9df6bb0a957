package io.bactrian.core.quota;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a limit counts. Amounts are whole numbers. */
public sealed interface QuotaUnit {

    /** Calls. */
    QuotaUnit TIMES = Counted.TIMES;

    /** Tokens, those of the prompt and those of the answer alike. */
    QuotaUnit TOKENS = Counted.TOKENS;

    /** Credits: each call costs what its model is declared to. */
    QuotaUnit CREDITS = Counted.CREDITS;

    /** How it is written: {@code times}, {@code tokens}, {@code credits}, {@code money:USD}. */
    String text();

    /** Things that are counted. */
    enum Counted implements QuotaUnit {
        TIMES("times"),
        TOKENS("tokens"),
        CREDITS("credits");

        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Money, counted in millionths of a currency's main unit. A fraction of a millionth counts as a whole one.
     *
     * @param currency ISO 4217 code
     */
    record Money(String currency) implements QuotaUnit {

        /** How many are one of the currency's main unit. */
        public static final long MICROS = 1_000_000;

        private static final String PREFIX = "money:";
        private static final Pattern FORM = Pattern.compile("[A-Z]{3}");

        /** @throws IllegalArgumentException unless the code is three capital letters */
        public Money {
            if (!FORM.matcher(currency).matches()) {
                throw new IllegalArgumentException("a currency is three capital letters, such as USD (ISO 4217)");
            }
        }

        @Override
        public String text() {
            return PREFIX + currency;
        }

        @Override
        public String toString() {
            return text();
        }
    }

    /** The unit of that {@link #text}. */
    static Optional<QuotaUnit> of(String text) {
        return text.startsWith(Money.PREFIX)
                ? Optional.of(new Money(text.substring(Money.PREFIX.length())))
                : counted(text);
    }

    /** The counted unit of that text: {@code times}, {@code tokens} or {@code credits}. */
    static Optional<QuotaUnit> counted(String text) {
        for (Counted unit : Counted.values()) {
            if (unit.text.equals(text)) {
                return Optional.of(unit);
            }
        }
        return Optional.empty();
    }
}
