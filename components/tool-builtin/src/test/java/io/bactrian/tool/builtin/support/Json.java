package io.bactrian.tool.builtin.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.bactrian.core.json.JsonValue;
import io.bactrian.json.JsonMappers;

/** JSON in tests, with single quotes for readability where wanted. */
public final class Json {

    private Json() {}

    /** The value of JSON text. */
    public static JsonValue of(String json) {
        try {
            return JsonValue.of(JsonMappers.strict().readValue(json, Object.class));
        } catch (JsonProcessingException wrong) {
            throw new AssertionError("the test's own JSON is wrong", wrong);
        }
    }

    /** The value of JSON text whose double quotes are written as single ones. */
    public static JsonValue quoted(String json) {
        return of(json.replace('\'', '"'));
    }
}
