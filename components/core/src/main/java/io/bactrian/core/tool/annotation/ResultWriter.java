package io.bactrian.core.tool.annotation;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes of what a method returns what comes of a tool. */
final class ResultWriter {

    private ResultWriter() {}

    /** The JSON Schema of a method's structured result; null if it is none, or its type does not say. */
    static @Nullable JsonObject schema(Method method) {
        Type returned = method.getGenericReturnType();
        if (!(returned instanceof Class<?> type) || !type.isRecord()) {
            return null;
        }
        try {
            return Bindings.of(type).schema();
        } catch (IllegalArgumentException e) {
            // it can be written all the same; only nothing is promised of it
            return null;
        }
    }

    /**
     * Nothing of null and of an empty {@link Optional}; a list, a map, a record and JSON as structure; messages as they are; all
     * else as text.
     *
     * @throws IllegalArgumentException if something in it has no place in JSON, naming where
     */
    static ToolStream messages(@Nullable Object returned) {
        if (returned == null) {
            return ToolStream.of();
        }
        if (returned instanceof ToolStream stream) {
            return stream;
        }
        if (returned instanceof ToolInvokeMessage message) {
            return ToolStream.of(message);
        }
        if (returned instanceof Optional<?> optional) {
            return messages(optional.orElse(null));
        }
        JsonValue value = JsonValue.of(plain(returned));
        return switch (value.kind()) {
            case "object", "array" -> ToolStream.of(new ToolInvokeMessage.Json(value));
            default -> ToolStream.ofText(String.valueOf(value.toJava()));
        };
    }

    /** Records as maps, at any depth: all else is a value of JSON already, or is refused when it becomes one. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof JsonValue) {
            return value;
        }
        if (value instanceof Record one) {
            return members(one);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(String.valueOf(name), plain(member)));
            return members;
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(plain(item)));
            return list;
        }
        return value instanceof Optional<?> optional ? plain(optional.orElse(null)) : value;
    }

    /** A component without a value is left out: the schema says that it may be missing, and not that it may be null. */
    private static Map<String, Object> members(Record one) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : one.getClass().getRecordComponents()) {
            Object value = plain(read(component, one));
            if (value != null) {
                members.put(component.getName(), value);
            }
        }
        return members;
    }

    private static @Nullable Object read(RecordComponent component, Record of) {
        try {
            Method accessor = component.getAccessor();
            accessor.trySetAccessible();
            return accessor.invoke(of);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("component " + component.getName() + " cannot be read", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("component " + component.getName() + " cannot be read", e);
        }
    }
}
