package io.bactrian.core.model;

/** The form an answer is to have. */
public sealed interface ResponseFormat {

    /** Free text. */
    record PlainText() implements ResponseFormat {}

    /** Some JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * JSON after a schema.
     *
     * @param name what the schema is called: 1 to 64 letters, digits, {@code _}, {@code -}
     * @param schema the JSON Schema
     * @param strict whether the provider has to keep to it exactly
     */
    record JsonSchema(String name, JsonText schema, boolean strict) implements ResponseFormat {}
}
