package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;

/**
 * JSON of tools: their arguments, schemas and results, in Jackson and a JSON Schema validator. What people, models and other
 * people's servers hand in is read strictly and within bounds, and is never quoted in a message. Thread-safe and without state.
 */
public final class ToolJson implements JsonCodec {

    /** How many characters a document may have. */
    public static final int LONGEST_DOCUMENT = 8_000_000;

    /** How many members and elements a document may have in all. */
    public static final int MOST_PARTS = 100_000;

    /** How many characters a number may have as written. */
    public static final int LONGEST_NUMBER = 1_000;

    private static final ToolJson INSTANCE = new ToolJson();

    private ToolJson() {}

    /** The codec. */
    public static ToolJson codec() {
        return INSTANCE;
    }

    @Override
    public JsonValue parse(String json) {
        return new JsonValueReader(json).read();
    }

    /**
     * {@inheritDoc} Half of a surrogate pair is escaped.
     *
     * @throws BadRequestException with {@code invalid_param} if the value is nested more than {@link JsonValue#DEEPEST} deep
     */
    @Override
    public String write(JsonValue value) {
        return new JsonValueWriter().write(value);
    }

    @Override
    public Check schema(JsonObject schema) {
        return SchemaCompiler.compile(schema);
    }

    /** The value as a tree of Jackson's. */
    public static JsonNode toNode(JsonValue value) {
        return JsonNodes.toNode(value);
    }

    /**
     * The value of a tree of Jackson's.
     *
     * @throws BadRequestException with {@code invalid_param} if it is too deep or holds what is no JSON, naming the path
     */
    public static JsonValue fromNode(JsonNode node) {
        return JsonNodes.fromNode(node);
    }
}
