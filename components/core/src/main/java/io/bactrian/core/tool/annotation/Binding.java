package io.bactrian.core.tool.annotation;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;

/** How values of a Java type are declared, and read from JSON. Made once for each parameter; thread-safe. */
interface Binding {

    /** What a parameter of the type holds. */
    ToolParameterType type();

    /** Its JSON Schema, as it stands within that of another value. */
    JsonObject schema();

    /** Whether a parameter of it declares its schema; otherwise what follows from its type is all there is to say. */
    default boolean declaresSchema() {
        return false;
    }

    /** Adds to a parameter's declaration what follows from the Java type: options, bounds. */
    default void declare(ToolParameter.Builder parameter) {}

    /**
     * The Java value.
     *
     * @throws Unfit if there is none
     */
    Object read(JsonValue value);

    /** Says why a value does not fit: continues a sentence that begins with its name. Without a trace: it is an answer. */
    final class Unfit extends RuntimeException {

        private static final long serialVersionUID = 1;

        Unfit(String reason) {
            super(reason, null, false, false);
        }

        /** The sentence, of the value of that name. */
        String of(String name) {
            String reason = String.valueOf(getMessage());
            return reason.startsWith("/") ? name + reason : name + " " + reason;
        }

        /** The same of what that is within. */
        Unfit within(String name) {
            return new Unfit("/" + of(name));
        }
    }
}
