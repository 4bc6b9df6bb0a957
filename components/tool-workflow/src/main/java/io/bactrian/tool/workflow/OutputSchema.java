package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolErrors;
import java.util.List;

/** The JSON Schema that a route's structured result has to fit; there has to be one. Thread-safe. */
final class OutputSchema {

    private final JsonObject schema;
    private final JsonCodec.Check check;

    /** @throws io.bactrian.core.error.MisconfiguredException if it is no schema */
    OutputSchema(JsonObject schema, JsonCodec codec) {
        this.schema = schema;
        this.check = codec.schema(schema);
    }

    /** The schema. */
    JsonObject schema() {
        return schema;
    }

    /** Starts to check what comes of one call. */
    Checking checking(String tool) {
        return new Checking(tool);
    }

    /** Checks what comes of one call. Not thread-safe. */
    final class Checking {

        private final String tool;
        private boolean seen;

        private Checking(String tool) {
            this.tool = tool;
        }

        /** @throws io.bactrian.core.error.InvokeException with {@code tool_invoke_error} if the value does not fit */
        void value(JsonValue value) {
            seen = true;
            List<String> problems = check.problems(value);
            if (!problems.isEmpty()) {
                throw ToolErrors.failed(
                        "the result of " + tool + " does not fit its outputSchema: " + String.join("; ", problems));
            }
        }

        /** @throws io.bactrian.core.error.InvokeException with {@code tool_invoke_error} if there was no value */
        void end() {
            if (!seen) {
                throw ToolErrors.failed("the result of " + tool
                        + " has no structure, but its outputSchema says so: the route has to leave a Map, a List, a record or"
                        + " JSON on the body");
            }
        }
    }
}
