package io.bactrian.core.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON.
 *
 * @param members the members by name, in order
 */
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {

    /** The object without members. */
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    /** Copies the members. */
    public JsonObject {
        if (!(members instanceof FewMembers)) {
            members = switch (members.size()) {
                case 0 -> Map.of();
                // one member is in order in any map, and there are very many objects of one
                case 1 -> Map.ofEntries(members.entrySet().iterator().next());
                default ->
                    members.size() <= FewMembers.MOST
                            ? FewMembers.copyOf(members)
                            : Collections.unmodifiableMap(new LinkedHashMap<>(members));
            };
        }
    }

    /** An object of one member, whose value is as for {@link JsonValue#of}. */
    public static JsonObject of(String name, @Nullable Object value) {
        return new JsonObject(Map.of(name, JsonValue.of(value)));
    }

    /** An object of two members. */
    public static JsonObject of(String name, @Nullable Object value, String second, @Nullable Object secondValue) {
        return builder().put(name, value).put(second, secondValue).build();
    }

    /** Java's map as an object, whose values are as for {@link JsonValue#of}. */
    public static JsonObject of(Map<?, ?> map) {
        return (JsonObject) JsonValue.of(map);
    }

    /** Starts an object that is put together member by member. */
    public static Builder builder() {
        return builder(4);
    }

    /** Starts one that will have about so many members. */
    public static Builder builder(int expected) {
        return new Builder(expected);
    }

    /** The member of that name; empty if there is none. A null in the JSON is a {@link JsonNull}. */
    public Optional<JsonValue> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The text of that member; empty if there is none or it is no text. */
    public Optional<String> findText(String name) {
        return members.get(name) instanceof JsonString text ? Optional.of(text.value()) : Optional.empty();
    }

    /** Whether there is a member of that name. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** The names, in order. */
    public Set<String> names() {
        return members.keySet();
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** This object with one member put in or replaced. */
    public JsonObject with(String name, @Nullable Object value) {
        Map<String, JsonValue> changed = new LinkedHashMap<>(members);
        changed.put(name, JsonValue.of(value));
        return new JsonObject(changed);
    }

    /** This object with the members of another one put in or replaced. */
    public JsonObject overriddenBy(JsonObject other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        Map<String, JsonValue> merged = new LinkedHashMap<>(members);
        merged.putAll(other.members);
        return new JsonObject(merged);
    }

    @Override
    public Map<String, @Nullable Object> toJava() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        members.forEach((name, value) -> map.put(name, value.toJava()));
        return map;
    }

    @Override
    public String kind() {
        return "object";
    }

    /** Puts an object together. Not thread-safe. */
    public static final class Builder {

        private FewMembers few;
        private @Nullable Map<String, JsonValue> many;
        private boolean given;

        private Builder(int expected) {
            this.few = new FewMembers(expected);
        }

        /** Puts a member in; its value is as for {@link JsonValue#of}. */
        public Builder put(String name, @Nullable Object value) {
            put(name, JsonValue.of(value));
            return this;
        }

        void put(String name, JsonValue value) {
            if (given) {
                // what was built keeps what it has
                few = FewMembers.copyOf(few);
                given = false;
            }
            if (many == null && !few.add(name, value)) {
                many = new LinkedHashMap<>(few);
            }
            if (many != null) {
                many.put(name, value);
            }
        }

        /** The object. */
        public JsonObject build() {
            given = many == null;
            return new JsonObject(many == null ? few : many);
        }
    }
}
