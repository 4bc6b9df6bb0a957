package io.bactrian.core.tool;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Declarations as JSON Schema: what a model is shown. Only types that JSON Schema has; lists always say what they hold, which
 * some providers insist on.
 */
final class ToolSchemas {

    private static final String FILE_ID = "the id of a file";

    private ToolSchemas() {}

    /**
     * The schema of what a model gives a tool.
     *
     * @param fixed the names of parameters that are set already, which the model is not shown
     * @param defaults the default of a parameter by its name; null for none
     */
    static JsonObject function(ToolEntity entity, Set<String> fixed, Function<String, @Nullable JsonValue> defaults) {
        JsonObject.Builder properties = JsonObject.builder();
        List<String> required = new ArrayList<>();
        Definitions definitions = new Definitions();
        for (ToolParameter parameter : entity.llmParameters()) {
            if (fixed.contains(parameter.name())) {
                continue;
            }
            JsonObject property = property(parameter, defaults.apply(parameter.name()));
            boolean own = parameter.schema() != null;
            properties.put(parameter.name(), own ? definitions.moveIn(parameter.name(), property) : property);
            if (parameter.required() && parameter.defaultValue() == null) {
                required.add(parameter.name());
            }
        }
        JsonObject.Builder schema = JsonObject.builder().put("type", "object").put("properties", properties.build());
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!definitions.all.isEmpty()) {
            schema.put("$defs", definitions.all);
        }
        return schema.put("additionalProperties", false).build();
    }

    private static JsonObject property(ToolParameter parameter, @Nullable JsonValue defaultValue) {
        JsonObject schema = parameter.schema() == null ? ofType(parameter) : parameter.schema();
        String description = description(parameter, schema);
        JsonObject described = description.isEmpty() ? schema : schema.with("description", description);
        return defaultValue == null || described.has("default") ? described : described.with("default", defaultValue);
    }

    /** What it is for; of a file also that it is named and not given, which no type of JSON Schema says. */
    private static String description(ToolParameter parameter, JsonObject schema) {
        String said = schema.findText("description").orElse(parameter.llmDescription());
        if (parameter.type() != ToolParameterType.FILE) {
            return said;
        }
        return said.isEmpty() ? FILE_ID : said + " (" + FILE_ID + ")";
    }

    private static JsonObject ofType(ToolParameter parameter) {
        if (parameter.multiple()) {
            return JsonObject.of("type", "array", "items", choice(parameter));
        }
        return switch (parameter.type()) {
            case STRING, SECRET_INPUT, CHECKBOX, SELECT, DYNAMIC_SELECT -> choice(parameter);
            case BOOLEAN -> JsonObject.of("type", "boolean");
            case NUMBER -> number(parameter);
            case FILE -> JsonObject.of("type", "string");
            case FILES, SYSTEM_FILES ->
                JsonObject.of("type", "array", "items", JsonObject.of("type", "string", "description", FILE_ID));
            case ANY -> JsonObject.EMPTY;
            case ARRAY -> JsonObject.of("type", "array", "items", JsonObject.of("type", "string"));
            case TOOLS -> JsonObject.of("type", "array", "items", members("provider_id", "tool_name"));
            case OBJECT -> JsonObject.of("type", "object");
            case APP_SELECTOR -> members("app_id");
            case MODEL_SELECTOR -> members("provider", "model", "model_type");
            case DATE -> date();
            case DATE_RANGE ->
                JsonObject.builder()
                        .put("type", "object")
                        .put("properties", JsonObject.of("start", date(), "end", date()))
                        .put("additionalProperties", false)
                        .build();
        };
    }

    private static JsonObject choice(ToolParameter parameter) {
        JsonObject text = JsonObject.of("type", "string");
        return parameter.options().isEmpty()
                ? text
                : text.with(
                        "enum",
                        JsonArray.of(parameter.options().stream()
                                .map(ToolParameterOption::value)
                                .toList()));
    }

    private static JsonObject number(ToolParameter parameter) {
        boolean whole = parameter.precision() != null && parameter.precision() == 0;
        JsonObject schema = JsonObject.of("type", whole ? "integer" : "number");
        schema = bound(schema, "minimum", parameter.min());
        return bound(schema, "maximum", parameter.max());
    }

    private static JsonObject bound(JsonObject schema, String word, @Nullable BigDecimal value) {
        return value == null ? schema : schema.with(word, value);
    }

    private static JsonObject date() {
        return JsonObject.of("type", "string", "format", "date");
    }

    private static JsonObject members(String... names) {
        JsonObject.Builder properties = JsonObject.builder();
        for (String name : names) {
            properties.put(name, JsonObject.of("type", "string", "minLength", 1));
        }
        return JsonObject.builder()
                .put("type", "object")
                .put("properties", properties.build())
                .put("required", List.of(names))
                .build();
    }

    /**
     * Moves schemas of parameters into the schema of a function. Their references begin at their own root, which is no longer
     * the root; their definitions go to the root, where providers look for them. Lists that do not say what they hold get to
     * say that it is anything.
     */
    private static final class Definitions {

        private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");
        private static final Set<String> NAMED =
                Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

        private final Map<String, JsonValue> all = new LinkedHashMap<>();

        /** One schema that is moved in: where its definitions are, and how they are called from now on. */
        private record Moved(String parameter, String container, Map<String, String> names) {}

        JsonObject moveIn(String parameter, JsonObject schema) {
            String container = schema.has("$defs") ? "$defs" : "definitions";
            Map<String, JsonValue> own = schema.find(container).orElse(JsonObject.EMPTY) instanceof JsonObject found
                    ? found.members()
                    : Map.of();
            Moved moved = new Moved(parameter, container, names(own, ""));
            for (int i = 1; !fits(own, moved); i++) {
                // another parameter has other definitions of these names
                moved = new Moved(parameter, container, names(own, parameter + "_".repeat(i)));
            }
            for (Map.Entry<String, String> name : moved.names().entrySet()) {
                all.put(name.getValue(), rewritten(own.getOrDefault(name.getKey(), JsonObject.EMPTY), moved));
            }
            Map<String, JsonValue> rest = new LinkedHashMap<>(schema.members());
            rest.keySet().removeAll(Set.of(container, "$schema", "$id"));
            return (JsonObject) rewritten(new JsonObject(rest), moved);
        }

        private static Map<String, String> names(Map<String, JsonValue> own, String prefix) {
            Map<String, String> names = new LinkedHashMap<>();
            own.keySet().forEach(name -> names.put(name, prefix + name));
            return names;
        }

        private boolean fits(Map<String, JsonValue> own, Moved moved) {
            return own.entrySet().stream().allMatch(one -> {
                JsonValue other = all.get(moved.names().get(one.getKey()));
                return other == null || other.equals(rewritten(one.getValue(), moved));
            });
        }

        private static JsonValue rewritten(JsonValue schema, Moved moved) {
            if (schema instanceof JsonArray list) {
                return new JsonArray(list.elements().stream()
                        .map(element -> rewritten(element, moved))
                        .toList());
            }
            if (!(schema instanceof JsonObject written)) {
                return schema;
            }
            JsonObject object = OlderDrafts.current(written);
            JsonObject.Builder result = JsonObject.builder();
            object.members().forEach((word, value) -> result.put(word, rewritten(word, value, moved)));
            return isList(object) && !object.has("items")
                    ? result.put("items", JsonObject.EMPTY).build()
                    : result.build();
        }

        private static JsonValue rewritten(String word, JsonValue value, Moved moved) {
            if (DATA.contains(word)) {
                return value;
            }
            if (NAMED.contains(word) && value instanceof JsonObject named) {
                JsonObject.Builder result = JsonObject.builder();
                named.members().forEach((name, member) -> result.put(name, rewritten(member, moved)));
                return result.build();
            }
            boolean reference = word.equals("$ref") && value instanceof JsonString;
            return reference ? reference(((JsonString) value).value(), moved) : rewritten(value, moved);
        }

        private static boolean isList(JsonObject schema) {
            JsonValue type = schema.find("type").orElse(JsonObject.EMPTY);
            JsonString list = new JsonString("array");
            return type.equals(list)
                    || type instanceof JsonArray types && types.elements().contains(list);
        }

        /** JSON pointers change, anchors do not (RFC 6901 §6). */
        private static JsonString reference(String reference, Moved moved) {
            if (!reference.equals("#") && !reference.startsWith("#/")) {
                return new JsonString(reference);
            }
            String start = "#/" + moved.container() + "/";
            if (reference.startsWith(start)) {
                int end = reference.indexOf('/', start.length());
                String name = reference.substring(start.length(), end < 0 ? reference.length() : end);
                String rest = end < 0 ? "" : reference.substring(end);
                String changed = moved.names().get(unescaped(name));
                return new JsonString("#/$defs/" + (changed == null ? name : escaped(changed)) + rest);
            }
            return new JsonString("#/properties/" + escaped(moved.parameter()) + reference.substring(1));
        }

        private static String unescaped(String segment) {
            try {
                String decoded = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
                return decoded.replace("~1", "/").replace("~0", "~");
            } catch (IllegalArgumentException e) {
                // a per cent sign that escapes nothing names nothing
                return segment;
            }
        }

        private static String escaped(String name) {
            String pointer = name.replace("~", "~0").replace("/", "~1");
            return URLEncoder.encode(pointer, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("%7E", "~");
        }
    }
}
