package io.bactrian.core.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes JSON of Java's own values. */
final class JavaValues {

    private JavaValues() {}

    /** As {@link JsonValue#of}. */
    static JsonValue toJson(@Nullable Object value) {
        return of(value, null, "$", 0);
    }

    /**
     * Where a value stands: a name or an index, below another place. Made for what holds values, and for what is wrong: most
     * values are neither.
     */
    private record Place(@Nullable Place parent, Object step) {

        @Override
        public String toString() {
            if (parent == null) {
                return step.toString();
            }
            return step instanceof Integer ? parent + "[" + step + "]" : parent + "." + step;
        }
    }

    private static JsonValue of(@Nullable Object value, @Nullable Place parent, Object step, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw new IllegalArgumentException(
                    new Place(parent, step) + " is nested more than " + JsonValue.DEEPEST + " deep");
        }
        if (value instanceof String text) {
            // most values are: no need to ask a class for all that it implements
            return new JsonString(text);
        }
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, new Place(parent, step), depth);
        }
        if (value instanceof Iterable<?> items) {
            return array(items, new Place(parent, step), depth);
        }
        if (value instanceof Object[] items) {
            return array(Arrays.asList(items), new Place(parent, step), depth);
        }
        return scalar(value, parent, step);
    }

    private static JsonValue scalar(@Nullable Object value, @Nullable Place parent, Object step) {
        if (value == null) {
            return JsonNull.NULL;
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return new JsonString(value.toString());
        }
        if (value instanceof Boolean truth) {
            return JsonBoolean.of(truth);
        }
        if (value instanceof Number number) {
            return number(number, parent, step);
        }
        if (value instanceof Enum<?> constant) {
            return new JsonString(constant.name());
        }
        if (value instanceof TemporalAccessor) {
            return new JsonString(value.toString());
        }
        throw new IllegalArgumentException(
                new Place(parent, step) + " is a " + value.getClass().getName() + ", which is no value of JSON");
    }

    private static JsonValue number(Number number, @Nullable Place parent, Object step) {
        if (number instanceof BigDecimal decimal) {
            return new JsonNumber(decimal);
        }
        if (number instanceof BigInteger integer) {
            return new JsonNumber(new BigDecimal(integer));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(
                        new Place(parent, step) + " is " + value + ", which is no number of JSON");
            }
            return new JsonNumber(new BigDecimal(number.toString()));
        }
        return new JsonNumber(BigDecimal.valueOf(number.longValue()));
    }

    private static JsonObject object(Map<?, ?> map, Place place, int depth) {
        JsonObject.Own members = new JsonObject.Own(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence key)) {
                throw new IllegalArgumentException(place + " has a key that is no text");
            }
            members.put(key.toString(), of(entry.getValue(), place, key, depth + 1));
        }
        return new JsonObject(members);
    }

    private static JsonArray array(Iterable<?> items, Place place, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        for (Object item : items) {
            elements.add(of(item, place, elements.size(), depth + 1));
        }
        return new JsonArray(elements);
    }
}
