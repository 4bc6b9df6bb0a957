package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Values of JSON as trees of Jackson's and back. */
final class JsonNodes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNodes() {}

    /** Numbers without a fraction become the nodes that Jackson's parser makes of them, others decimals. */
    static JsonNode toNode(JsonValue value) {
        return toNode(value, JsonNodes::number, 0);
    }

    /** As {@link #toNode(JsonValue)}, with other nodes for numbers. */
    static JsonNode toNode(JsonValue value, Function<BigDecimal, JsonNode> numbers) {
        return toNode(value, numbers, 0);
    }

    private static JsonNode toNode(JsonValue value, Function<BigDecimal, JsonNode> numbers, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw JsonWriting.invalid("the value is nested more than " + JsonValue.DEEPEST + " deep");
        }
        if (value instanceof JsonObject object) {
            ObjectNode node = NODES.objectNode();
            object.members().forEach((name, member) -> node.set(name, toNode(member, numbers, depth + 1)));
            return node;
        }
        if (value instanceof JsonArray array) {
            ArrayNode node = NODES.arrayNode(array.elements().size());
            array.elements().forEach(element -> node.add(toNode(element, numbers, depth + 1)));
            return node;
        }
        return scalar(value, numbers);
    }

    private static JsonNode scalar(JsonValue value, Function<BigDecimal, JsonNode> numbers) {
        if (value instanceof JsonString text) {
            return NODES.textNode(text.value());
        }
        if (value instanceof JsonNumber number) {
            return numbers.apply(number.value());
        }
        return value instanceof JsonBoolean truth ? NODES.booleanNode(truth.value()) : NODES.nullNode();
    }

    private static JsonNode number(BigDecimal value) {
        if (value.scale() != 0) {
            return DecimalNode.valueOf(value);
        }
        int bits = value.unscaledValue().bitLength();
        if (bits < Integer.SIZE) {
            return NODES.numberNode(value.intValueExact());
        }
        return bits < Long.SIZE ? NODES.numberNode(value.longValueExact()) : NODES.numberNode(value.unscaledValue());
    }

    static JsonValue fromNode(JsonNode node) {
        return fromNode(node, "$", 0);
    }

    private static JsonValue fromNode(JsonNode node, String path, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw JsonWriting.invalid(path + " is nested more than " + JsonValue.DEEPEST + " deep");
        }
        return switch (node.getNodeType()) {
            case OBJECT -> object(node, path, depth);
            case ARRAY -> array(node, path, depth);
            case STRING -> new JsonString(node.textValue());
            case NUMBER -> numberOf(node, path);
            case BOOLEAN -> JsonBoolean.of(node.booleanValue());
            case NULL -> JsonNull.NULL;
            // base64, as Jackson writes it
            case BINARY -> new JsonString(node.asText());
            case POJO -> javaValue((POJONode) node, path);
            case MISSING -> throw JsonWriting.invalid(path + " has no value");
        };
    }

    private static JsonObject object(JsonNode node, String path, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        node.properties()
                .forEach(member -> members.put(
                        member.getKey(),
                        fromNode(member.getValue(), path + JsonPaths.member(member.getKey()), depth + 1)));
        return new JsonObject(members);
    }

    private static JsonArray array(JsonNode node, String path, int depth) {
        List<JsonValue> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(fromNode(element, path + "[" + elements.size() + "]", depth + 1));
        }
        return new JsonArray(elements);
    }

    private static JsonNumber numberOf(JsonNode node, String path) {
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            throw JsonWriting.invalid(path + " is not a finite number, as JSON needs");
        }
        // the shortest text that reads back as the same float, not the exact value of its bits
        return new JsonNumber(node.isFloat() ? new BigDecimal(node.asText()) : node.decimalValue());
    }

    private static JsonValue javaValue(POJONode node, String path) {
        try {
            return JsonValue.of(node.getPojo());
        } catch (IllegalArgumentException e) {
            throw JsonWriting.invalid(path + " holds a Java object that is no value of JSON");
        }
    }
}
