package io.bactrian.tool.builtin.data;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.json.ToolJson;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON laid out anew, and checked. */
final class JsonDocuments {

    static final int WIDEST_INDENT = 8;

    private JsonDocuments() {}

    /** @param indent blanks for each level; 0 for all on one line */
    static Answer format(String json, long indent, boolean sort) {
        checkRange("indent", indent, 0, WIDEST_INDENT);
        JsonValue value = JsonTexts.read("json", json);
        JsonValue ordered = sort ? sorted(value) : value;
        String text = indent == 0 ? JsonTexts.write(ordered) : JsonTexts.writePretty(ordered, (int) indent);
        return new Answer(text, JsonObject.of("json", text, "kind", value.kind()));
    }

    private static JsonValue sorted(JsonValue value) {
        if (value instanceof JsonObject object) {
            Map<String, JsonValue> members = new TreeMap<>();
            object.members().forEach((name, member) -> members.put(name, sorted(member)));
            return new JsonObject(members);
        }
        return value instanceof JsonArray array
                ? new JsonArray(
                        array.elements().stream().map(JsonDocuments::sorted).toList())
                : value;
    }

    /**
     * Says whether text is JSON, and whether it fits a schema.
     *
     * @param schema a JSON Schema; empty for none
     * @throws BadRequestException if the schema is none
     */
    static Answer validate(String json, String schema) {
        JsonValue value;
        try {
            value = JsonTexts.read("json", json);
        } catch (BadRequestException wrong) {
            return invalid(List.of(wrong.getMessage()));
        }
        if (schema.isBlank()) {
            return valid("valid JSON: " + value.kind());
        }
        List<String> problems = check(schema).problems(value);
        return problems.isEmpty() ? valid("valid, and fits the schema") : invalid(problems);
    }

    private static JsonCodec.Check check(String schema) {
        if (!(JsonTexts.read("schema", schema) instanceof JsonObject object)) {
            throw refused("schema", "has to be a JSON object");
        }
        try {
            return ToolJson.codec().schema(object);
        } catch (MisconfiguredException wrong) {
            throw refused("schema", wrong.getMessage());
        }
    }

    private static Answer valid(String text) {
        return new Answer(text, JsonObject.of("valid", true, "problems", List.of()));
    }

    private static Answer invalid(List<String> problems) {
        return new Answer(
                "not valid:\n" + String.join("\n", problems), JsonObject.of("valid", false, "problems", problems));
    }
}
