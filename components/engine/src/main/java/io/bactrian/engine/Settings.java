package io.bactrian.engine;

import java.util.Map;
import java.util.Optional;

/**
 * The settings of an installation: everything named {@code bactrian.…}, whether it comes from Camel's properties, a file
 * or the environment. Values have their placeholders resolved.
 */
public interface Settings {

    /** The value of a setting; empty if it is not set or blank. */
    Optional<String> find(String name);

    /** All settings whose names begin so, by full name. */
    Map<String, String> startingWith(String prefix);

    /**
     * A text with its placeholders, such as {@code {{env:NAME}}}, replaced.
     *
     * @throws IllegalArgumentException if one of them cannot be resolved, naming it
     */
    String resolve(String text);

    /** A truth value; {@code otherwise} if it is not set. */
    default boolean flag(String name, boolean otherwise) {
        return find(name).map(Boolean::parseBoolean).orElse(otherwise);
    }
}
