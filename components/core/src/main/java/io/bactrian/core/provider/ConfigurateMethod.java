package io.bactrian.core.provider;

import java.util.Arrays;
import java.util.Optional;

/** How a provider's models come to be: declared by the provider, or named by the user. The texts are Dify's. */
public enum ConfigurateMethod {
    /** The provider declares its models; one credential opens them all. */
    PREDEFINED_MODEL("predefined-model"),
    /** The user names models that no declaration lists. */
    CUSTOMIZABLE_MODEL("customizable-model");

    private final String text;

    ConfigurateMethod(String text) {
        this.text = text;
    }

    /** The value as written in a declaration. */
    public String text() {
        return text;
    }

    /** The method of that text, if it is one. */
    public static Optional<ConfigurateMethod> of(String text) {
        return Arrays.stream(values())
                .filter(method -> method.text.equals(text))
                .findFirst();
    }
}
