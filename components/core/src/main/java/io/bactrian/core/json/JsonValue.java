package io.bactrian.core.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
        return of(value, "$", 0);
    }

    private static JsonValue of(@Nullable Object value, String path, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(path + " is nested more than " + DEEPEST + " deep");
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, path, depth);
        }
        if (value instanceof Iterable<?> items) {
            return array(items, path, depth);
        }
        if (value instanceof Object[] items) {
            return array(Arrays.asList(items), path, depth);
        }
        return scalar(value, path);
    }

    private static JsonValue scalar(@Nullable Object value, String path) {
        if (value == null) {
            return JsonNull.NULL;
        }
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return new JsonString(value.toString());
        }
        if (value instanceof Boolean truth) {
            return JsonBoolean.of(truth);
        }
        if (value instanceof Number number) {
            return number(number, path);
        }
        if (value instanceof Enum<?> constant) {
            return new JsonString(constant.name());
        }
        if (value instanceof TemporalAccessor) {
            return new JsonString(value.toString());
        }
        throw new IllegalArgumentException(
                path + " is a " + value.getClass().getName() + ", which is no value of JSON");
    }

    private static JsonValue number(Number number, String path) {
        if (number instanceof BigDecimal decimal) {
            return new JsonNumber(decimal);
        }
        if (number instanceof BigInteger integer) {
            return new JsonNumber(new BigDecimal(integer));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(path + " is " + value + ", which is no number of JSON");
            }
            return new JsonNumber(new BigDecimal(number.toString()));
        }
        return new JsonNumber(BigDecimal.valueOf(number.longValue()));
    }

    private static JsonObject object(Map<?, ?> map, String path, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence key)) {
                throw new IllegalArgumentException(path + " has a key that is no text");
            }
            members.put(key.toString(), of(entry.getValue(), path + "." + key, depth + 1));
        }
        return new JsonObject(members);
    }

    private static JsonArray array(Iterable<?> items, String path, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        for (Object item : items) {
            elements.add(of(item, path + "[" + elements.size() + "]", depth + 1));
        }
        return new JsonArray(elements);
    }
}
