package io.bactrian.core.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of JSON.
 *
 * @param elements the elements
 */
public record JsonArray(List<JsonValue> elements) implements JsonValue {

    /** Copies the list. */
    public JsonArray {
        elements = List.copyOf(elements);
    }

    /** An array of Java's own values, as for {@link JsonValue#of}. */
    public static JsonArray of(Iterable<?> values) {
        return (JsonArray) JsonValue.of(values);
    }

    @Override
    public List<@Nullable Object> toJava() {
        List<@Nullable Object> list = new ArrayList<>(elements.size());
        elements.forEach(element -> list.add(element.toJava()));
        return list;
    }

    @Override
    public String kind() {
        return "array";
    }
}
