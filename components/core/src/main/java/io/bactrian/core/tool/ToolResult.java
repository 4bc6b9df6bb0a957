package io.bactrian.core.tool;

import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that came of a tool.
 *
 * @param text the text, pieces put together as they came
 * @param json the structured parts, in order
 * @param files the files, images among them
 * @param links links that people may follow
 * @param variables the named parts
 * @param citations what was found where
 * @param shown those of the structured parts that a model is shown
 * @param meta time, cost and sizes
 */
public record ToolResult(
        String text,
        List<JsonValue> json,
        List<StoredFile> files,
        List<ToolInvokeMessage.Link> links,
        Map<String, JsonValue> variables,
        List<ToolInvokeMessage.RetrieverResources> citations,
        List<JsonValue> shown,
        ToolInvokeMeta meta) {

    /** Copies lists and map. */
    public ToolResult {
        json = List.copyOf(json);
        files = List.copyOf(files);
        links = List.copyOf(links);
        // in the order they came: a model that reads them must read the same each time
        variables = variables.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        citations = List.copyOf(citations);
        shown = List.copyOf(shown);
    }

    /** Puts a result together, message by message. Not thread-safe. */
    public static final class Collector {

        private String text = "";
        private @Nullable StringBuilder texts;
        // made when something is put in: most results have a text, and one object at most
        private List<JsonValue> json = List.of();
        private List<JsonValue> shown = List.of();
        private List<StoredFile> files = List.of();
        private List<ToolInvokeMessage.Link> links = List.of();
        private List<ToolInvokeMessage.RetrieverResources> citations = List.of();
        private Map<String, JsonValue> variables = Map.of();
        private Map<String, StringBuilder> streamed = Map.of();

        /** Adds a message. */
        public void add(ToolInvokeMessage message) {
            if (message instanceof ToolInvokeMessage.Text one) {
                text(one.text());
            } else if (message instanceof ToolInvokeMessage.Json one) {
                json = with(json, one.json());
                if (!one.suppressOutput()) {
                    shown = with(shown, one.json());
                }
            } else if (message instanceof ToolInvokeMessage.Variable one) {
                variable(one);
            } else if (message instanceof ToolInvokeMessage.Link one) {
                links = with(links, one);
            } else if (message instanceof ToolInvokeMessage.RetrieverResources one) {
                citations = with(citations, one);
            } else {
                fileOf(message);
            }
        }

        /** The list with one more; the first is alone in a list that needs no copy. */
        private static <T> List<T> with(List<T> list, T item) {
            if (list.isEmpty()) {
                return List.of(item);
            }
            List<T> longer = list.size() == 1 ? new ArrayList<>(list) : list;
            longer.add(item);
            return longer;
        }

        /** Most results have one text, which is the text. */
        private void text(String more) {
            if (text.isEmpty()) {
                text = more;
                return;
            }
            if (texts == null) {
                texts = new StringBuilder(text);
            }
            texts.append(more);
        }

        private void fileOf(ToolInvokeMessage message) {
            if (message instanceof ToolInvokeMessage.File one) {
                files = with(files, one.file());
            } else if (message instanceof ToolInvokeMessage.ImageLink one) {
                files = with(files, one.file());
            } else if (message instanceof ToolInvokeMessage.BinaryLink one) {
                files = with(files, one.file());
            } else if (!(message instanceof ToolInvokeMessage.Log)) {
                throw new IllegalStateException("a message of type " + message.type() + " was not transformed");
            }
        }

        private void variable(ToolInvokeMessage.Variable variable) {
            String name = variable.name();
            if (variables.isEmpty()) {
                variables = new LinkedHashMap<>();
                streamed = new HashMap<>();
            }
            if (variable.stream() && variable.value() instanceof JsonString piece) {
                // put together once, at the end: there may be very many pieces
                streamed.computeIfAbsent(name, first -> beginning(variables.get(name)))
                        .append(piece.value());
                variables.putIfAbsent(name, piece);
            } else {
                streamed.remove(name);
                variables.put(name, variable.value());
            }
        }

        private static StringBuilder beginning(@Nullable JsonValue before) {
            return new StringBuilder(before instanceof JsonString text ? text.value() : "");
        }

        /** The result so far. */
        public ToolResult result(ToolInvokeMeta meta) {
            streamed.forEach((name, pieces) -> variables.put(name, new JsonString(pieces.toString())));
            String whole = texts == null ? text : texts.toString();
            return new ToolResult(whole, json, files, links, variables, citations, shown, meta);
        }
    }

    /** The one object that the result holds, if it is one: for callers who want structure. */
    public JsonObject object() {
        return json.size() == 1 && json.get(0) instanceof JsonObject only ? only : JsonObject.EMPTY;
    }
}
