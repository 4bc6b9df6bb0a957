package io.bactrian.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.ResponseFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * JSON Schemas of Java classes, in the subset that providers accept in strict mode (every property required, none
 * beyond, what may be absent nullable), and the way back from JSON to an instance. For records and beans of scalars,
 * enums, {@code java.time}, lists, sets, arrays and each other. Thread-safe; a class is looked at once.
 */
public final class JsonSchemas {

    /** The schema of a tool without arguments. */
    public static final JsonText NO_ARGUMENTS = new JsonText("{\"type\":\"object\",\"properties\":{}}");

    private static final int LONGEST_NAME = 64;

    private record Shape(ObjectNode schema, ResponseFormat.JsonSchema format) {}

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            ObjectNode schema = new SchemaBuilder().root(type);
            return new Shape(schema, new ResponseFormat.JsonSchema(name(type), new JsonText(schema.toString()), true));
        }
    };

    private JsonSchemas() {}

    /**
     * The form of answer that gives instances of a class.
     *
     * @throws MisconfiguredException if the class has a part that has no schema, naming the part
     */
    public static ResponseFormat.JsonSchema responseFormat(Class<?> type) {
        return SHAPES.get(type).format();
    }

    /**
     * The instance that JSON text describes.
     *
     * @throws ProtocolException if the text is not JSON or does not fit the class; the message names the path, such as
     *     {@code $.days[2].high}, and never quotes a value
     */
    public static <T> T bind(String json, Class<T> type) {
        JsonNode tree = tree(json, type);
        Optional<String> problem =
                SchemaCheck.firstProblem(tree, SHAPES.get(type).schema());
        if (problem.isPresent()) {
            throw unfit(type, problem.get());
        }
        try {
            return JsonMappers.strict().treeToValue(tree, type);
        } catch (JsonMappingException unbound) {
            throw unfit(type, path(unbound) + " cannot be made from this value");
        } catch (JsonProcessingException | IllegalArgumentException unbound) {
            throw unfit(type, "the value cannot be bound");
        }
    }

    private static JsonNode tree(String json, Class<?> type) {
        try {
            JsonNode tree = JsonMappers.strict().readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw unfit(type, "it is empty");
            }
            return tree;
        } catch (JsonProcessingException notJson) {
            throw unfit(type, "it is not valid JSON" + Malformed.place(notJson));
        }
    }

    private static ProtocolException unfit(Class<?> type, String problem) {
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR, "the model's answer does not fit " + type.getSimpleName() + ": " + problem);
    }

    private static String path(JsonMappingException error) {
        return "$"
                + error.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                        .collect(Collectors.joining());
    }

    /** Providers take 1 to 64 letters, digits, {@code _} and {@code -}. */
    private static String name(Class<?> type) {
        String name = type.getSimpleName().replaceAll("[^A-Za-z0-9_-]", "_");
        String some = name.isEmpty() ? "answer" : name;
        return some.length() <= LONGEST_NAME ? some : some.substring(0, LONGEST_NAME);
    }
}
