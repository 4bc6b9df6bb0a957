package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts in place what a schema refers to within its own document, so that each of its properties can stand alone. What refers to
 * itself keeps its reference, and the definitions go along.
 */
final class SchemaReferences {

    private static final int MOST_NODES = 20_000;
    private static final String REF = "$ref";

    /** Says how the rest is to be read: a schema without it is one of the newest draft. */
    private static final String DRAFT = "$schema";

    /** Where definitions are kept: in the drafts since 2019, and before. */
    private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

    /** What holds data, in which nothing is a reference. */
    private static final Set<String> DATA = Set.of("enum", "const", "default", "examples", "example");

    /** What says something of a reference's target without narrowing it. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment");

    private final JsonObject document;
    private int nodes;
    private boolean keepsDefinitions;

    private SchemaReferences(JsonObject document) {
        this.document = document;
    }

    /**
     * A schema of a document, to stand alone.
     *
     * @throws IllegalArgumentException if it refers to elsewhere, to nothing, or to so much that nobody could read it
     */
    static JsonObject standingAlone(JsonObject schema, JsonObject document) {
        SchemaReferences references = new SchemaReferences(document);
        JsonObject resolved = (JsonObject) references.resolve(schema, List.of());
        JsonValue draft = document.members().get(DRAFT);
        JsonObject whole = draft == null || resolved.has(DRAFT) ? resolved : resolved.with(DRAFT, draft);
        if (!references.keepsDefinitions) {
            return whole;
        }
        for (String place : DEFINITIONS) {
            whole = document.find(place).isPresent() && !whole.has(place)
                    ? whole.with(place, document.members().get(place))
                    : whole;
        }
        return whole;
    }

    private JsonValue resolve(JsonValue value, List<String> open) {
        if (++nodes > MOST_NODES) {
            throw new IllegalArgumentException("with its references it has more than " + MOST_NODES + " parts");
        }
        if (value instanceof JsonArray array) {
            List<JsonValue> elements = new ArrayList<>();
            array.elements().forEach(element -> elements.add(resolve(element, open)));
            return new JsonArray(elements);
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        return object.members().get(REF) instanceof JsonString reference
                ? referred(object, reference.value(), open)
                : members(object, open);
    }

    private JsonObject members(JsonObject object, List<String> open) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        object.members()
                .forEach((name, member) -> members.put(name, DATA.contains(name) ? member : resolve(member, open)));
        return new JsonObject(members);
    }

    private JsonValue referred(JsonObject object, String reference, List<String> open) {
        if (!reference.startsWith("#/")) {
            throw new IllegalArgumentException("a reference has to be within the file, as #/$defs/NAME");
        }
        if (open.contains(reference)) {
            if (DEFINITIONS.stream().noneMatch(place -> reference.startsWith("#/" + place + "/"))) {
                throw new IllegalArgumentException("what refers to itself has to stand under $defs");
            }
            keepsDefinitions = true;
            return object;
        }
        List<String> deeper = new ArrayList<>(open);
        deeper.add(reference);
        JsonValue target = resolve(target(reference), deeper);
        Map<String, JsonValue> besides = new LinkedHashMap<>(object.members());
        besides.remove(REF);
        return besides.isEmpty() ? target : joined(target, members(new JsonObject(besides), open));
    }

    /** What stands beside a reference holds as well: annotations in its place, all else on top of it. */
    private static JsonValue joined(JsonValue target, JsonObject besides) {
        if (target instanceof JsonObject object && ANNOTATIONS.containsAll(besides.names())) {
            return object.overriddenBy(besides);
        }
        return besides.has("allOf")
                ? JsonObject.of("allOf", List.of(target, besides))
                : besides.with("allOf", List.of(target));
    }

    private JsonValue target(String reference) {
        JsonValue at = document;
        for (String step : reference.substring(2).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            JsonValue next = at instanceof JsonObject object ? object.members().get(name) : null;
            if (next == null) {
                throw new IllegalArgumentException("a reference leads to nothing");
            }
            at = next;
        }
        return at;
    }
}
