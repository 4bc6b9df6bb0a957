package io.bactrian.core.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whose credentials are used: the tenant's own, or the operator's. The texts are Dify's. */
public enum ProviderType {
    CUSTOM,
    SYSTEM;

    /** The value as written and stored. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that text, if it is one. */
    public static Optional<ProviderType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }
}
