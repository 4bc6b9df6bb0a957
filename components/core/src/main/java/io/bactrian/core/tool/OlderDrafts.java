package io.bactrian.core.tool;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keywords that older drafts of JSON Schema write otherwise than 2020-12, which is what models are shown and what their
 * providers check: one that is written the old way has the whole request refused.
 */
final class OlderDrafts {

    private OlderDrafts() {}

    /** A schema as 2020-12 writes it; of those within it nothing is changed. */
    static JsonObject current(JsonObject schema) {
        JsonObject lists = schema.members().get("items") instanceof JsonArray first ? tuple(schema, first) : schema;
        return bound(bound(lists, "exclusiveMinimum", "minimum"), "exclusiveMaximum", "maximum");
    }

    /** What is now {@code prefixItems} was {@code items}, and what follows it {@code additionalItems}. */
    private static JsonObject tuple(JsonObject schema, JsonArray first) {
        Map<String, JsonValue> members = new LinkedHashMap<>(schema.members());
        members.remove("items");
        JsonValue rest = members.remove("additionalItems");
        members.put("prefixItems", first);
        if (rest != null) {
            members.put("items", rest);
        }
        return new JsonObject(members);
    }

    /** In draft 4 it is true or false whether the bound beside it is allowed. */
    private static JsonObject bound(JsonObject schema, String exclusive, String inclusive) {
        if (!(schema.members().get(exclusive) instanceof JsonBoolean excluded)) {
            return schema;
        }
        Map<String, JsonValue> members = new LinkedHashMap<>(schema.members());
        members.remove(exclusive);
        JsonValue bound = excluded.value() ? members.remove(inclusive) : null;
        if (bound != null) {
            members.put(exclusive, bound);
        }
        return new JsonObject(members);
    }
}
