package io.bactrian.tool.builtin.data;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2 into JSON, and JSON into YAML. */
final class YamlDocuments {

    private static final int INDENT = 2;

    private YamlDocuments() {}

    static Answer toJson(String yaml, long indent) {
        JsonValue value = YamlReader.read("yaml", yaml);
        String text = indent == 0 ? JsonTexts.write(value) : JsonTexts.writePretty(value, (int) indent);
        return new Answer(text, JsonObject.of("value", value));
    }

    static Answer toYaml(String json) {
        JsonValue value = JsonTexts.read("json", json);
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(INDENT)
                .setSplitLines(false)
                .setSchema(new CoreSchema())
                .build();
        String yaml = new Dump(settings).dumpToString(plain(value));
        return new Answer(yaml, JsonObject.of("yaml", yaml));
    }

    /** Java's values, each list and map one of its own, so that no alias is written for two that are equal. */
    private static @Nullable Object plain(JsonValue value) {
        if (value instanceof JsonObject object) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            object.members().forEach((name, member) -> map.put(name, plain(member)));
            return map;
        }
        if (value instanceof JsonArray array) {
            List<@Nullable Object> list = new ArrayList<>();
            array.elements().forEach(element -> list.add(plain(element)));
            return list;
        }
        // a whole number that is written with a point or an exponent stays so
        return value instanceof JsonNumber number && number.value().scale() == 0
                ? number.value().toBigIntegerExact()
                : value.toJava();
    }
}
