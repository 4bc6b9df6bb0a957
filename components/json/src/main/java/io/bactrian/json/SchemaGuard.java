package io.bactrian.json;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.Map;
import java.util.Set;

/**
 * Looks through a JSON Schema before anything is made of it: other people's servers send schemas too. Refuses what is too
 * large, refers elsewhere, or has a regular expression that needs backtracking. Used once.
 */
final class SchemaGuard {

    private static final int MOST_PARTS = 20_000;
    private static final int MOST_CHARACTERS = 1_000_000;

    // keywords whose value is not a schema but data of whatever shape
    private static final Set<String> DATA = Set.of("enum", "const", "default", "examples", "example");
    // keywords whose members are named by the schema's author
    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

    private int parts;
    private int characters;

    private SchemaGuard() {}

    /** @throws MisconfiguredException naming the place and what is wrong */
    static void check(JsonObject schema) {
        new SchemaGuard().schema(schema, "$", 0);
    }

    static MisconfiguredException refused(String problem) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, "the JSON Schema " + problem);
    }

    private void schema(JsonValue schema, String path, int depth) {
        count(schema, depth);
        if (schema instanceof JsonArray list) {
            list.elements().forEach(element -> schema(element, path, depth + 1));
        }
        if (!(schema instanceof JsonObject object)) {
            return;
        }
        object.members().forEach((word, value) -> {
            characters += word.length();
            keyword(word, value, path + JsonPaths.member(word), depth + 1);
        });
    }

    private void keyword(String word, JsonValue value, String path, int depth) {
        if (DATA.contains(word)) {
            data(value, depth);
            return;
        }
        if (NAMED.contains(word) && value instanceof JsonObject named) {
            count(named, depth);
            named(word, named, path, depth);
            return;
        }
        if (value instanceof JsonString text) {
            text(word, text.value(), path);
        }
        schema(value, path, depth);
    }

    private void named(String word, JsonObject named, String path, int depth) {
        for (Map.Entry<String, JsonValue> member : named.members().entrySet()) {
            String name = member.getKey();
            characters += name.length();
            String at = path + JsonPaths.member(name);
            if (word.equals("patternProperties")) {
                pattern(name, at);
            }
            schema(member.getValue(), at, depth + 1);
        }
    }

    private static void text(String word, String text, String path) {
        if (REFERENCES.contains(word) && !text.startsWith("#")) {
            throw refused(
                    "refers elsewhere at " + path + ": only references within it are followed, such as #/$defs/NAME");
        }
        if (word.equals("$schema")) {
            SchemaDrafts.check(text);
        }
        if (word.equals("pattern")) {
            pattern(text, path);
        }
    }

    private static void pattern(String expression, String path) {
        try {
            LinearPattern.compile(expression);
        } catch (LinearPattern.Refused e) {
            throw refused("has a regular expression at " + path + " that " + e.reason());
        }
    }

    private void data(JsonValue value, int depth) {
        count(value, depth);
        if (value instanceof JsonArray list) {
            list.elements().forEach(element -> data(element, depth + 1));
        } else if (value instanceof JsonObject object) {
            object.members().forEach((name, member) -> {
                characters += name.length();
                data(member, depth + 1);
            });
        }
    }

    private void count(JsonValue value, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw refused("is nested more than " + JsonValue.DEEPEST + " deep");
        }
        parts++;
        characters += value instanceof JsonString text ? text.value().length() : 0;
        if (parts > MOST_PARTS || characters > MOST_CHARACTERS) {
            throw refused(
                    "is too large: at most " + MOST_PARTS + " values and " + MOST_CHARACTERS + " characters in all");
        }
    }
}
