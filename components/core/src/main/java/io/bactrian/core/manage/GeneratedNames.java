package io.bactrian.core.manage;

import io.bactrian.core.credential.CredentialName;
import java.util.stream.Stream;

/** Names for credentials that are given none: a word and the next number. */
final class GeneratedNames {

    private static final int MOST_DIGITS = 8;

    private GeneratedNames() {}

    /**
     * A name that is free.
     *
     * @param prefix what it begins with, such as {@code "API KEY "}
     * @param taken the names that are there
     */
    static CredentialName next(String prefix, Stream<CredentialName> taken) {
        int highest = taken.map(CredentialName::value)
                .filter(name -> name.startsWith(prefix))
                .mapToInt(name -> number(name.substring(prefix.length())))
                .max()
                .orElse(0);
        return new CredentialName(prefix + (highest + 1));
    }

    private static int number(String text) {
        boolean digits =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }
}
