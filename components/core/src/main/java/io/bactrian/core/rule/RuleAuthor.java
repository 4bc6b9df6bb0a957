package io.bactrian.core.rule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who has set a rule, and may change or remove it. */
public enum RuleAuthor {
    /** Whoever runs the installation, by hand or in a file. The tenant keeps to it and cannot change it. */
    OPERATOR,
    /** The tenant's owners and admins; the operator may change it too. */
    TENANT;

    /** As it is written: {@code operator}, {@code tenant}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The author of that text. */
    public static Optional<RuleAuthor> of(String text) {
        return Arrays.stream(values())
                .filter(author -> author.text().equals(text))
                .findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
