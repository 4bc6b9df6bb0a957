package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes parameters of a JSON Schema: of an object, whose properties they are. The schema of each property is kept whole, and
 * holds for its arguments. A text of the format {@code file} is a file, by its id.
 */
final class SchemaParameters {

    private static final Set<String> UNDERSTOOD = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "type",
            "title",
            "description",
            "properties",
            "required",
            "additionalProperties");

    private final JsonObject document;
    private final Set<String> required;

    private SchemaParameters(JsonObject document) {
        this.document = document;
        this.required = required(document);
    }

    /**
     * The parameters, in the order of the properties.
     *
     * @throws IllegalArgumentException naming what has no place in it
     */
    static List<ToolParameter> of(JsonObject schema) {
        SchemaParameters parameters = new SchemaParameters(schema);
        parameters.check();
        List<ToolParameter> all = new ArrayList<>();
        for (var property : parameters.properties().members().entrySet()) {
            all.add(parameters.parameter(property.getKey(), property.getValue()));
        }
        return all;
    }

    private static Set<String> required(JsonObject schema) {
        Set<String> names = new LinkedHashSet<>();
        if (!(schema.members().getOrDefault("required", new JsonArray(List.of())) instanceof JsonArray list)) {
            throw new IllegalArgumentException("required has to be a list of names");
        }
        for (JsonValue name : list.elements()) {
            if (!(name instanceof JsonString text)) {
                throw new IllegalArgumentException("required has to be a list of names");
            }
            names.add(text.value());
        }
        return names;
    }

    private void check() {
        if (document.findText("type").filter("object"::equals).isEmpty()) {
            throw new IllegalArgumentException("it has to be the schema of an object: \"type\": \"object\"");
        }
        // what is said of all properties together cannot be kept with any one of them
        Set<String> others = new TreeSet<>(document.names());
        others.removeAll(UNDERSTOOD);
        if (document.members().get("additionalProperties") instanceof JsonObject) {
            others.add("additionalProperties with a schema");
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "at its top it has " + others + ", which no parameter can keep:" + " say it within a property");
        }
        for (String name : required) {
            if (!properties().has(name)) {
                throw new IllegalArgumentException("it requires '" + name + "', which is no property");
            }
        }
    }

    private JsonObject properties() {
        if (document.members().get("properties") instanceof JsonObject properties) {
            return properties;
        }
        throw new IllegalArgumentException("it has to have properties, an object");
    }

    private ToolParameter parameter(String name, JsonValue property) {
        if (!(property instanceof JsonObject written)) {
            throw new IllegalArgumentException("property '" + name + "' has to be a schema, an object");
        }
        try {
            JsonObject schema = SchemaReferences.standingAlone(written, document);
            String description = schema.findText("description").orElse("");
            ToolParameter.Builder builder =
                    ToolParameter.llm(name, typeOf(schema), description).required(required.contains(name));
            schema.findText("title").map(I18nText::of).ifPresent(builder::label);
            if (types(schema).equals(List.of("integer"))) {
                builder.whole();
            }
            schema.find("default").filter(value -> value != JsonNull.NULL).ifPresent(builder::defaultValue);
            return builder.schema(schema).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("property '" + name + "': " + e.getMessage(), e);
        }
    }

    private static ToolParameterType typeOf(JsonObject schema) {
        List<String> types = types(schema);
        if (types.size() != 1) {
            return ToolParameterType.ANY;
        }
        return switch (types.get(0)) {
            case "string" -> textType(schema);
            case "number", "integer" -> ToolParameterType.NUMBER;
            case "boolean" -> ToolParameterType.BOOLEAN;
            case "object" -> ToolParameterType.OBJECT;
            case "array" -> isFile(schema.find("items")) ? ToolParameterType.FILES : ToolParameterType.ARRAY;
            default -> throw new IllegalArgumentException("there is no such type in JSON Schema");
        };
    }

    private static ToolParameterType textType(JsonObject schema) {
        return switch (schema.findText("format").orElse("")) {
            case "file" -> ToolParameterType.FILE;
            case "date" -> ToolParameterType.DATE;
            default -> ToolParameterType.STRING;
        };
    }

    private static boolean isFile(Optional<JsonValue> items) {
        return items.filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(schema -> types(schema).equals(List.of("string")))
                .filter(schema -> textType(schema) == ToolParameterType.FILE)
                .isPresent();
    }

    /** The types a value may have, but for null: a parameter that is null is one that is not given. */
    private static List<String> types(JsonObject schema) {
        JsonValue type = schema.members().get("type");
        List<String> types = new ArrayList<>();
        List<JsonValue> named =
                type instanceof JsonArray list ? list.elements() : type == null ? List.of() : List.of(type);
        for (JsonValue one : named) {
            if (!(one instanceof JsonString text)) {
                throw new IllegalArgumentException("type has to be a name, or a list of names");
            }
            types.add(text.value());
        }
        types.remove("null");
        return types;
    }
}
