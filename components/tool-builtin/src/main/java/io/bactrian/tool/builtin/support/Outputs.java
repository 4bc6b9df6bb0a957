package io.bactrian.tool.builtin.support;

import io.bactrian.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** JSON Schemas of results: objects whose members are named with their types. */
public final class Outputs {

    private Outputs() {}

    /**
     * The schema of an object.
     *
     * @param members each as {@code name type}, with {@code ?} behind a name that need not be there; types are those of JSON
     *     Schema, several with {@code |} between them, {@code any} for all, and lists with {@code []} behind
     */
    public static JsonObject object(String... members) {
        JsonObject.Builder properties = JsonObject.builder();
        List<String> required = new ArrayList<>();
        for (String member : members) {
            int blank = member.indexOf(' ');
            String name = member.substring(0, blank);
            boolean optional = name.endsWith("?");
            String plain = optional ? name.substring(0, name.length() - 1) : name;
            properties.put(plain, type(member.substring(blank + 1)));
            if (!optional) {
                required.add(plain);
            }
        }
        return JsonObject.builder()
                .put("type", "object")
                .put("properties", properties.build())
                .put("required", required)
                .put("additionalProperties", false)
                .build();
    }

    private static JsonObject type(String text) {
        if (text.endsWith("[]")) {
            return JsonObject.of("type", "array", "items", type(text.substring(0, text.length() - 2)));
        }
        if (text.equals("any")) {
            return JsonObject.EMPTY;
        }
        String[] types = text.split("\\|");
        return JsonObject.of("type", types.length == 1 ? types[0] : List.of(types));
    }
}
