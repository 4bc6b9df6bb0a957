package io.bactrian.core.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The type of a model parameter; the texts are Dify's. */
public enum ParameterType {
    FLOAT,
    INT,
    STRING,
    BOOLEAN,
    TEXT;

    /** The value as written in a declaration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that text, if it is one. */
    public static Optional<ParameterType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }
}
