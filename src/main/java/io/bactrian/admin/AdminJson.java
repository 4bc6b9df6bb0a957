package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.json.JsonMappers;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shapes in JSON. What comes in is held to its shape: fields that it does not have, fields that are missing, nulls and values of
 * another type are refused by name, and never repeated, as they may be secrets in the wrong place.
 */
final class AdminJson {

    private static final ObjectMapper MAPPER = strict();
    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();
    private static final int LONGEST_NAME = 64;

    private AdminJson() {}

    private static ObjectMapper strict() {
        ObjectMapper mapper = JsonMappers.strict().copy();
        for (CoercionInputShape other : new CoercionInputShape[] {
            CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(other, CoercionAction.Fail);
        }
        mapper.coercionConfigFor(LogicalType.DateTime).setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
        return mapper;
    }

    /** A shape as JSON text: the same text for the same shape. */
    static String write(Object shape) {
        try {
            return MAPPER.writeValueAsString(shape);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a shape cannot be written as JSON: " + shape.getClass(), e);
        }
    }

    /** Text that is JSON already, to stand in a shape. */
    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was stored as JSON is none", e);
        }
    }

    /**
     * What a body says.
     *
     * @throws BadRequestException with {@code invalid_param}, naming the field that is wrong
     */
    static <T> T read(Class<T> shape, String text) {
        JsonNode tree = parse(text);
        if (!tree.isObject()) {
            throw Problems.invalid("the body has to be an object in JSON: it has the fields " + fields(shape));
        }
        refuseNulls(tree, "");
        for (RecordComponent component : shape.getRecordComponents()) {
            JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = NAMES.translate(component.getName());
            if (property != null && property.required() && !tree.has(name)) {
                throw Problems.invalid("the field '" + name + "' is missing");
            }
        }
        try {
            return MAPPER.treeToValue(tree, shape);
        } catch (JsonProcessingException e) {
            throw wrong(e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw Problems.invalid("the body is no JSON, or names a field twice"
                    + (e.getLocation() == null
                            ? ""
                            : ": see line " + e.getLocation().getLineNr() + ", column "
                                    + e.getLocation().getColumnNr()));
        }
    }

    private static void refuseNulls(JsonNode node, String path) {
        node.properties().forEach(field -> {
            String inside = path.isEmpty() ? shown(field.getKey()) : path + "." + shown(field.getKey());
            if (field.getValue().isNull()) {
                throw Problems.invalid("the field '" + inside + "' is null: leave it out, or give it a value");
            }
            refuseNulls(field.getValue(), inside);
        });
        int index = 0;
        for (JsonNode item : node.isArray() ? node : MAPPER.createArrayNode()) {
            if (item.isNull()) {
                throw Problems.invalid("'" + path + "[" + index + "]' is null");
            }
            refuseNulls(item, path + "[" + index + "]");
            index++;
        }
    }

    private static BadRequestException wrong(JsonProcessingException problem) {
        if (problem instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            return Problems.invalid("there is no field '" + path(unknown) + "'; there are "
                    + (known == null
                            ? "others"
                            : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "))));
        }
        if (problem instanceof MismatchedInputException mismatch) {
            return Problems.invalid("the field '" + path(mismatch) + "' has to be " + kind(mismatch.getTargetType()));
        }
        return problem instanceof JsonMappingException mapping
                ? Problems.invalid("the field '" + path(mapping) + "' is not what it has to be")
                : Problems.invalid("the body is not of the shape that is taken here");
    }

    private static String path(JsonMappingException problem) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : problem.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(shown(step.getFieldName()));
            }
        }
        return path.toString();
    }

    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints()
                .limit(LONGEST_NAME)
                .forEach(c -> shown.append(c > ' ' && c < 0x7f && c != '\'' ? (char) c : '?'));
        return shown.toString();
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == Instant.class) {
            return "a moment such as 2026-01-31T12:00:00Z";
        }
        return Collection.class.isAssignableFrom(type)
                ? "a list"
                : Map.class.isAssignableFrom(type) ? "an object" : "an object with the fields " + fields(type);
    }

    private static String fields(Class<?> shape) {
        RecordComponent[] components = shape.getRecordComponents();
        if (components == null) {
            return "of its own";
        }
        return Arrays.stream(components)
                .map(component -> NAMES.translate(component.getName()))
                .collect(Collectors.joining(", "));
    }
}
