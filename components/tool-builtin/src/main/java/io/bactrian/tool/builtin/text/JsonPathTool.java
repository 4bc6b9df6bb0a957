package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.jsonpath.JsonPath;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.util.List;

/** Takes values out of JSON by a JSONPath. */
final class JsonPathTool {

    static final int MOST_MATCHES = 10_000;

    private JsonPathTool() {}

    static Answer find(String json, String path) {
        JsonPath way = JsonPath.parse(path);
        List<JsonPath.Match> matches = way.find(JsonTexts.read("json", json));
        if (matches.size() > MOST_MATCHES) {
            throw refused("path", "leads to more than " + MOST_MATCHES + " values");
        }
        JsonArray values =
                new JsonArray(matches.stream().map(JsonPath.Match::value).toList());
        return new Answer(
                text(way, values),
                JsonObject.builder()
                        .put("values", values)
                        .put("paths", matches.stream().map(JsonPath.Match::path).toList())
                        .put("count", matches.size())
                        .build());
    }

    /** One value as itself, many as an array. */
    private static String text(JsonPath way, JsonArray values) {
        if (values.elements().isEmpty()) {
            return "no match";
        }
        if (!way.leadsToOne()) {
            return JsonTexts.write(values);
        }
        JsonValue only = values.elements().get(0);
        return only instanceof JsonString text ? text.value() : JsonTexts.write(only);
    }
}
