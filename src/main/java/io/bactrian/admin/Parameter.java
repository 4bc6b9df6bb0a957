package io.bactrian.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter behind the question mark.
 *
 * @param name its name
 * @param type {@code string} or {@code integer}
 * @param description what it is for
 * @param allowed the values it may have; empty for any
 * @param usual the value it has unless given; null for none
 */
record Parameter(
        String name,
        String type,
        String description,
        List<String> allowed,
        @Nullable String usual) {

    static final Parameter LIMIT = new Parameter("limit", "integer", "How many at most, 1 to 200.", List.of(), "50");
    static final Parameter AFTER =
            new Parameter("after", "string", "Where to go on: what 'next' of the page before says.", List.of(), null);

    /** Copies the list. */
    Parameter {
        allowed = List.copyOf(allowed);
    }

    static Parameter text(String name, String description) {
        return new Parameter(name, "string", description, List.of(), null);
    }

    static Parameter oneOf(String name, String description, List<String> allowed, @Nullable String usual) {
        return new Parameter(name, "string", description, allowed, usual);
    }
}
