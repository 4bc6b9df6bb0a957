package io.bactrian.core.provider;

import java.util.regex.Pattern;

/**
 * The id of a provider, as it stands before the first slash of a {@code model:} URI.
 *
 * @param value 1 to 64 characters of {@code a-z}, {@code 0-9}, {@code . _ -}, beginning with a letter or digit
 */
public record ProviderId(String value) implements Comparable<ProviderId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** @throws IllegalArgumentException if the value is not of that form */
    public ProviderId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a provider is named by 1 to 64 characters of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit");
        }
    }

    @Override
    public int compareTo(ProviderId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
