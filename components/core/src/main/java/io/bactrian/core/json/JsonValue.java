package io.bactrian.core.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON (RFC 8259). Immutable. What a model, a route or a tool hands over becomes one of these at the edge, so that
 * nothing further in has to guess what an {@code Object} may be.
 */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

    /** How deep values may be nested. */
    int DEEPEST = 64;

    /** The value as Java's own: map, list, string, {@link BigDecimal}, boolean or null. */
    @Nullable
    Object toJava();

    /** What it is called in messages: {@code object}, {@code array}, {@code string}, {@code number}, {@code boolean}, {@code null}. */
    String kind();

    /**
     * The value of Java's own values: maps with text keys, lists, arrays of objects, text, numbers, booleans, null; dates, times,
     * UUIDs and enum constants become text. Nothing is turned into text that is none: a class of somebody's is refused.
     *
     * @throws IllegalArgumentException naming the path of what has no place in JSON
     */
    static JsonValue of(@Nullable Object value) {
        return JavaValues.toJson(value);
    }
}
