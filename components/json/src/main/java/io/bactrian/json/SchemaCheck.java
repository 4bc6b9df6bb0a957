package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** Checks a value against a schema that {@link SchemaBuilder} made; knows the words that one uses and no others. */
final class SchemaCheck {

    private final JsonNode root;

    private SchemaCheck(JsonNode root) {
        this.root = root;
    }

    /** What is wrong first, with its path; empty if the value fits. */
    static Optional<String> firstProblem(JsonNode value, JsonNode schema) {
        return new SchemaCheck(schema).problem(value, schema, "$");
    }

    private Optional<String> problem(JsonNode value, JsonNode schema, String path) {
        JsonNode reference = schema.get("$ref");
        if (reference != null) {
            return problem(value, root.at(reference.textValue().substring(1)), path);
        }
        JsonNode choices = schema.get("anyOf");
        if (choices != null) {
            // the builder writes it as: the real schema, or null
            return value.isNull() ? Optional.empty() : problem(value, choices.get(0), path);
        }
        JsonNode type = schema.get("type");
        if (type != null && !hasType(value, type)) {
            String expected = type.isArray() ? type.get(0).textValue() : type.textValue();
            return Optional.of(path + " is not of type " + expected);
        }
        JsonNode allowed = schema.get("enum");
        if (allowed != null && !contains(allowed, value)) {
            return Optional.of(path + " is not one of the values allowed");
        }
        if (value.isObject() && schema.has("properties")) {
            return objectProblem(value, schema, path);
        }
        return value.isArray() && schema.has("items")
                ? itemsProblem(value, schema.get("items"), path)
                : Optional.empty();
    }

    private Optional<String> objectProblem(JsonNode value, JsonNode schema, String path) {
        JsonNode properties = schema.get("properties");
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode given = value.get(property.getKey());
            String at = path + "." + property.getKey();
            if (given == null) {
                // without strict mode, models leave out what may be null
                if (nullable(property.getValue())) {
                    continue;
                }
                return Optional.of(at + " is missing");
            }
            Optional<String> problem = problem(given, property.getValue(), at);
            if (problem.isPresent()) {
                return problem;
            }
        }
        for (Map.Entry<String, JsonNode> given : value.properties()) {
            if (!properties.has(given.getKey())) {
                return Optional.of(path + " has a property that is not in the schema");
            }
        }
        return Optional.empty();
    }

    private Optional<String> itemsProblem(JsonNode value, JsonNode items, String path) {
        for (int i = 0; i < value.size(); i++) {
            Optional<String> problem = problem(value.get(i), items, path + "[" + i + "]");
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static boolean nullable(JsonNode schema) {
        return schema.has("anyOf") || schema.has("type") && schema.get("type").isArray();
    }

    private static boolean contains(JsonNode allowed, JsonNode value) {
        for (JsonNode one : allowed) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasType(JsonNode value, JsonNode type) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (hasType(value, one)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.textValue()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                value.isIntegralNumber()
                        || value.isNumber()
                                && value.decimalValue().stripTrailingZeros().scale() <= 0;
            case "number" -> value.isNumber();
            case "null" -> value.isNull();
            default -> false;
        };
    }
}
