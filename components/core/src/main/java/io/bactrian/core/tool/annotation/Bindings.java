package io.bactrian.core.tool.annotation;

import io.bactrian.core.file.FileId;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterOption;
import io.bactrian.core.tool.ToolParameterType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the {@link Binding} of a Java type. */
final class Bindings {

    /** What a type may be, for messages. */
    static final String ACCEPTED =
            "text, a number, boolean, an enum, a date or time, UUID, FileId, a record, a JsonValue, a List of these, or a Map"
                    + " with text keys";

    private Bindings() {}

    /** @throws IllegalArgumentException if values of the type cannot be read, saying what can */
    static Binding of(Type type) {
        return of(type, Set.of());
    }

    /** @param within the records that the type is within, which it cannot hold again */
    static Binding of(Type type, Set<Class<?>> within) {
        if (type instanceof ParameterizedType generic) {
            return generic(generic, within);
        }
        if (!(type instanceof Class<?> plain)) {
            throw unknown(type);
        }
        if (plain.isEnum()) {
            return new OfEnum(plain);
        }
        // before records: values of JSON and ids of files are records too
        if (JsonValue.class.isAssignableFrom(plain)) {
            return ofJson(plain);
        }
        Optional<Binding> scalar = Scalars.find(plain);
        if (scalar.isPresent()) {
            return scalar.get();
        }
        if (plain.isRecord()) {
            return RecordBinding.of(plain, within);
        }
        if (plain == Map.class || plain == List.class || plain == Collection.class) {
            throw new IllegalArgumentException(
                    "a " + plain.getSimpleName() + " says what it holds, as List<String> does");
        }
        throw unknown(type);
    }

    private static Binding generic(ParameterizedType type, Set<Class<?>> within) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class || type.getRawType() == Collection.class) {
            ToolParameterType listed = arguments[0] == FileId.class ? ToolParameterType.FILES : ToolParameterType.ARRAY;
            return new OfList(listed, of(arguments[0], within));
        }
        if (type.getRawType() == Map.class && arguments[0] == String.class) {
            boolean anything =
                    arguments[1] == Object.class || arguments[1].getTypeName().equals("?");
            return new OfMap(anything ? Optional.empty() : Optional.of(of(arguments[1], within)));
        }
        throw unknown(type);
    }

    private static Binding ofJson(Class<?> type) {
        if (type == JsonValue.class) {
            return new OfJson(type, ToolParameterType.ANY, JsonObject.EMPTY);
        }
        if (type == JsonObject.class) {
            return new OfJson(type, ToolParameterType.OBJECT, JsonObject.of("type", "object"));
        }
        if (type == JsonArray.class) {
            return new OfJson(type, ToolParameterType.ARRAY, JsonObject.of("type", "array"));
        }
        throw new IllegalArgumentException("of the values of JSON, JsonValue, JsonObject and JsonArray are accepted");
    }

    private static IllegalArgumentException unknown(Type type) {
        return new IllegalArgumentException(type.getTypeName() + " is not accepted: it is " + ACCEPTED);
    }

    private record OfEnum(Class<?> constants) implements Binding {

        private List<String> names() {
            return Arrays.stream(constants.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .toList();
        }

        @Override
        public ToolParameterType type() {
            return ToolParameterType.SELECT;
        }

        @Override
        public JsonObject schema() {
            return JsonObject.of("type", "string", "enum", names());
        }

        @Override
        public void declare(ToolParameter.Builder parameter) {
            parameter.options(names().stream().map(ToolParameterOption::of).toList());
        }

        @Override
        public Object read(JsonValue value) {
            return Arrays.stream(constants.getEnumConstants())
                    .filter(constant -> value instanceof JsonString text
                            && ((Enum<?>) constant).name().equals(text.value()))
                    .findFirst()
                    .orElseThrow(() -> new Unfit("has to be one of " + String.join(", ", names())));
        }
    }

    private record OfList(ToolParameterType type, Binding items) implements Binding {
        @Override
        public JsonObject schema() {
            return JsonObject.of("type", "array", "items", items.schema());
        }

        @Override
        public boolean declaresSchema() {
            return type == ToolParameterType.ARRAY;
        }

        @Override
        public Object read(JsonValue value) {
            if (!(value instanceof JsonArray array)) {
                throw new Unfit("has to be a list");
            }
            List<Object> read = new ArrayList<>();
            for (JsonValue item : array.elements()) {
                try {
                    read.add(items.read(item));
                } catch (Unfit e) {
                    throw e.within(String.valueOf(read.size()));
                }
            }
            return List.copyOf(read);
        }
    }

    /** @param values the values; empty for anything, as Java's own values */
    private record OfMap(Optional<Binding> values) implements Binding {
        @Override
        public ToolParameterType type() {
            return ToolParameterType.OBJECT;
        }

        @Override
        public JsonObject schema() {
            JsonObject object = JsonObject.of("type", "object");
            return values.map(one -> object.with("additionalProperties", one.schema()))
                    .orElse(object);
        }

        @Override
        public boolean declaresSchema() {
            return values.isPresent();
        }

        @Override
        public Object read(JsonValue value) {
            if (!(value instanceof JsonObject object)) {
                throw new Unfit("has to be an object");
            }
            if (values.isEmpty()) {
                return object.toJava();
            }
            Map<String, Object> read = new LinkedHashMap<>();
            object.members().forEach((name, member) -> {
                try {
                    read.put(name, values.get().read(member));
                } catch (Unfit e) {
                    throw e.within(name);
                }
            });
            return read;
        }
    }

    private record OfJson(Class<?> accepted, ToolParameterType type, JsonObject schema) implements Binding {
        @Override
        public Object read(JsonValue value) {
            if (!accepted.isInstance(value)) {
                throw new Unfit("has to be an " + (accepted == JsonArray.class ? "array" : "object"));
            }
            return value;
        }
    }
}
