package io.bactrian.core.json;

import java.io.Serial;
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
        try {
            return of(value, 0);
        } catch (Misfit e) {
            throw new IllegalArgumentException("$" + e.path + " " + e.problem);
        }
    }

    /** What is wrong, and where: each value that holds it puts its own step before the path. Nobody sees its trace. */
    private static final class Misfit extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private final String path;
        private final String problem;

        Misfit(String path, String problem) {
            super(problem, null, false, false);
            this.path = path;
            this.problem = problem;
        }

        Misfit in(String step) {
            return new Misfit(step + path, problem);
        }
    }

    private static JsonValue of(@Nullable Object value, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw new Misfit("", "is nested more than " + JsonValue.DEEPEST + " deep");
        }
        if (value instanceof String text) {
            // most values are: no need to ask a class for all that it implements
            return new JsonString(text);
        }
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        if (value instanceof Iterable<?> items) {
            return array(items, depth);
        }
        if (value instanceof Object[] items) {
            return array(Arrays.asList(items), depth);
        }
        return scalar(value);
    }

    private static JsonValue scalar(@Nullable Object value) {
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
            return number(number);
        }
        if (value instanceof Enum<?> constant) {
            return new JsonString(constant.name());
        }
        if (value instanceof TemporalAccessor) {
            return new JsonString(value.toString());
        }
        throw new Misfit("", "is a " + value.getClass().getName() + ", which is no value of JSON");
    }

    private static JsonValue number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return new JsonNumber(decimal);
        }
        if (number instanceof BigInteger integer) {
            return new JsonNumber(new BigDecimal(integer));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new Misfit("", "is " + value + ", which is no number of JSON");
            }
            return new JsonNumber(new BigDecimal(number.toString()));
        }
        return new JsonNumber(BigDecimal.valueOf(number.longValue()));
    }

    private static JsonObject object(Map<?, ?> map, int depth) {
        JsonObject.Builder members = JsonObject.builder(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence key)) {
                throw new Misfit("", "has a key that is no text");
            }
            members.put(key.toString(), member(entry.getValue(), key, depth + 1));
        }
        return members.build();
    }

    private static JsonArray array(Iterable<?> items, int depth) {
        List<JsonValue> elements = new ArrayList<>();
        for (Object item : items) {
            elements.add(element(item, elements.size(), depth + 1));
        }
        return new JsonArray(elements);
    }

    private static JsonValue member(@Nullable Object value, CharSequence name, int depth) {
        try {
            return of(value, depth);
        } catch (Misfit e) {
            throw e.in("." + name);
        }
    }

    private static JsonValue element(@Nullable Object item, int index, int depth) {
        try {
            return of(item, depth);
        } catch (Misfit e) {
            throw e.in("[" + index + "]");
        }
    }
}
