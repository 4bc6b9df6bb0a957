package io.bactrian.tool.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.json.JsonMappers;
import io.bactrian.json.ToolJson;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON of what a route leaves: maps, lists, arrays, records, beans, trees of Jackson's, and each within the other. A stored
 * file, at any depth, becomes a reference to it and is told of. Made for one value.
 */
final class RouteJson {

    private static final List<String> NO_BEANS = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.apache.camel.",
            "io.bactrian.",
            "com.fasterxml.");

    private static final ClassValue<Method[]> ACCESSORS = new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
            Method[] accessors = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toArray(Method[]::new);
            for (Method accessor : accessors) {
                // the record may be of a class that is not public
                accessor.setAccessible(true);
            }
            return accessors;
        }
    };

    private final List<StoredFile> files = new ArrayList<>();

    /** The files that were found, in order. */
    List<StoredFile> files() {
        return files;
    }

    /** Whether a body has structure, as opposed to a text or a number. */
    static boolean isStructure(Object body) {
        if (body instanceof JsonValue json) {
            return json instanceof JsonObject || json instanceof JsonArray;
        }
        if (body instanceof JsonNode node) {
            return node.isContainerNode();
        }
        return body instanceof Map<?, ?>
                || body instanceof Collection<?>
                || body instanceof Object[]
                || body instanceof Record
                || isBean(body);
    }

    private static boolean isBean(Object body) {
        Class<?> type = body.getClass();
        return !type.isEnum()
                && !type.isArray()
                && !type.isHidden()
                && !(body instanceof CharSequence)
                && !(body instanceof Number)
                && !(body instanceof JsonValue)
                && NO_BEANS.stream().noneMatch(type.getName()::startsWith);
    }

    /**
     * The value.
     *
     * @throws IllegalArgumentException naming the path of what has no place in JSON
     * @throws io.bactrian.core.error.BadRequestException if a tree of Jackson's holds such a thing
     */
    JsonValue of(@Nullable Object value) {
        return of(value, "$", 0);
    }

    private JsonValue of(@Nullable Object value, String path, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw new IllegalArgumentException(path.substring(0, Math.min(path.length(), 80)) + "… is nested more than "
                    + JsonValue.DEEPEST + " deep");
        }
        if (value == null) {
            return JsonNull.NULL;
        }
        if (value instanceof StoredFile file) {
            files.add(file);
            return reference(file);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, path, depth);
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null), path, depth);
        }
        return value instanceof JsonNode node ? ToolJson.fromNode(node) : ofOthers(value, path, depth);
    }

    private JsonValue ofOthers(Object value, String path, int depth) {
        if (value instanceof Collection<?> items) {
            return array(items, path, depth);
        }
        if (value instanceof Object[] items) {
            return array(Arrays.asList(items), path, depth);
        }
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof Record fields) {
            return record(fields, path, depth);
        }
        return isBean(value) ? bean(value, path) : scalar(value, path);
    }

    private static JsonValue scalar(Object value, String path) {
        try {
            return JsonValue.of(value);
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(reason.startsWith("$") ? path + reason.substring(1) : reason, e);
        }
    }

    /** What stands in the place of a file: a tool that takes a file understands it. */
    static JsonObject reference(StoredFile file) {
        return JsonObject.builder()
                .put("file_id", file.id().value())
                .put("name", file.name())
                .put("mime_type", file.mimeType())
                .put("size", file.size())
                .build();
    }

    private JsonObject object(Map<?, ?> map, String path, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof CharSequence key)) {
                throw new IllegalArgumentException(path + " has a key that is no text");
            }
            members.put(key.toString(), of(entry.getValue(), path + "." + key, depth + 1));
        }
        return new JsonObject(members);
    }

    private JsonArray array(Collection<?> items, String path, int depth) {
        List<JsonValue> elements = new ArrayList<>(items.size());
        for (Object item : items) {
            elements.add(of(item, path + "[" + elements.size() + "]", depth + 1));
        }
        return new JsonArray(elements);
    }

    private JsonObject record(Record fields, String path, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (Method accessor : ACCESSORS.get(fields.getClass())) {
            members.put(accessor.getName(), of(value(accessor, fields), path + "." + accessor.getName(), depth + 1));
        }
        return new JsonObject(members);
    }

    private static @Nullable Object value(Method accessor, Record fields) {
        try {
            return accessor.invoke(fields);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalArgumentException(
                    accessor.getName() + " of " + fields.getClass().getName() + " cannot be read", e);
        }
    }

    private static JsonValue bean(Object bean, String path) {
        try {
            return ToolJson.fromNode(JsonMappers.shared().valueToTree(bean));
        } catch (IllegalArgumentException e) {
            // Jackson's message may hold values
            throw new IllegalArgumentException(
                    path + " is a " + bean.getClass().getName() + ", which cannot be written as JSON", e);
        }
    }
}
