package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments as a route gets them: maps and lists that are its own to change, text, booleans, and numbers as Java has them, whole
 * ones as {@link Integer} or {@link Long} where they fit and all others as {@link BigDecimal}.
 */
final class JavaValues {

    private JavaValues() {}

    static @Nullable Object of(JsonValue value) {
        if (value instanceof JsonNumber number) {
            return number(number);
        }
        if (value instanceof JsonObject object) {
            return map(object);
        }
        return value instanceof JsonArray array ? list(array) : value.toJava();
    }

    static Map<String, @Nullable Object> map(JsonObject object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            map.put(member.getKey(), of(member.getValue()));
        }
        return map;
    }

    private static List<@Nullable Object> list(JsonArray array) {
        List<@Nullable Object> list = new ArrayList<>(array.elements().size());
        for (JsonValue element : array.elements()) {
            list.add(of(element));
        }
        return list;
    }

    private static Object number(JsonNumber number) {
        BigDecimal value = number.value();
        // numbers as long as their exponent is large are not written out
        if (!number.isWhole() || value.precision() - (long) value.scale() > 19) {
            return value;
        }
        if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) {
            return value;
        }
        long whole = value.longValueExact();
        if (whole == (int) whole) {
            return (int) whole;
        }
        return whole;
    }
}
