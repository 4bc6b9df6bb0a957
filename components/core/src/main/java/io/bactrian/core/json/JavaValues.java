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
        return of(value, Place.ROOT, 0);
    }

    /** Where a value stands: a name or an index, below another place. Written out only when something is wrong there. */
    private record Place(@Nullable Place parent, Object step) {

        private static final Place ROOT = new Place(null, "$");

        @Override
        public String toString() {
            if (parent == null) {
                return step.toString();
            }
            return step instanceof Integer ? parent + "[" + step + "]" : parent + "." + step;
        }
    }

    private static JsonValue of(@Nullable Object value, Place place, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw new IllegalArgumentException(place + " is nested more than " + JsonValue.DEEPEST + " deep");
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, place, depth);
        }
        if (value instanceof Iterable<?> items) {
            return array(items, place, depth);
        }
        if (value instanceof Object[] items) {
            return array(Arrays.asList(items), place, depth);
        }
        return scalar(value, place);
    }

    private static JsonValue scalar(@Nullable Object value, Place place) {
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
            return number(number, place);
        }
        if (value instanceof Enum<?> constant) {
            return new JsonString(constant.name());
        }
        if (value instanceof TemporalAccessor) {
            return new JsonString(value.toString());
        }
        throw new IllegalArgumentException(
                place + " is a " + value.getClass().getName() + ", which is no value of JSON");
    }

    private static JsonValue number(Number number, Place place) {
        if (number instanceof BigDecimal decimal) {
            return new JsonNumber(decimal);
        }
        if (number instanceof BigInteger integer) {
            return new JsonNumber(new BigDecimal(integer));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(place + " is " + value + ", which is no number of JSON");
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
            members.put(key.toString(), of(entry.getValue(), new Place(place, key), depth + 1));
        }
        return new JsonObject(members);
    }

    private static JsonArray array(Iterable<?> items, Place place, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        for (Object item : items) {
            elements.add(of(item, new Place(place, elements.size()), depth + 1));
        }
        return new JsonArray(elements);
    }
}
