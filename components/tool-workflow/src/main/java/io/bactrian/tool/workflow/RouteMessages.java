package io.bactrian.tool.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.json.ToolJson;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes messages of what one call's route leaves, a body or a piece of one. Not thread-safe. */
final class RouteMessages {

    /** Outputs of these names are no variables: the result has places of its own for them. */
    private static final Set<String> TAKEN = Set.of("text", "json", "files");

    private final RouteTool tool;
    private final RouteContent content;
    private final OutputSchema.@Nullable Checking checking;
    private final Consumer<ToolInvokeMessage> out;

    /**
     * @param tool the tool
     * @param caller who calls it
     * @param exchange the exchange whose body it is
     * @param out is told each message
     */
    RouteMessages(RouteTool tool, Caller caller, Exchange exchange, Consumer<ToolInvokeMessage> out) {
        this.tool = tool;
        this.content = new RouteContent(tool, caller, exchange);
        this.checking = tool.outputSchema() == null ? null : tool.outputSchema().checking(tool.name());
        this.out = out;
    }

    /**
     * Tells what a whole body holds.
     *
     * @throws io.bactrian.core.error.InvokeException if it is nothing that a tool can bring
     */
    void whole(@Nullable Object body) {
        if (body != null) {
            tell(body, true);
        }
    }

    /** Tells a piece of a body that streams. */
    void piece(Object piece) {
        if (!(piece instanceof LlmResultChunk chunk)) {
            tell(piece, false);
        } else if (!chunk.text().isEmpty()) {
            out.accept(new ToolInvokeMessage.Text(chunk.text()));
        }
    }

    /** Says that all has been told. */
    void end() {
        if (checking != null) {
            checking.end();
        }
    }

    private void tell(Object body, boolean whole) {
        if (body instanceof ToolInvokeMessage message) {
            message(message);
        } else if (body instanceof ToolResult result) {
            result(result, whole);
        } else if (body instanceof LlmResult answer) {
            text(answer.text(), whole);
        } else if (body instanceof StoredFile file) {
            file(file);
        } else if (content.isText(body)) {
            text(content.text(body), whole);
        } else if (content.isBytes(body)) {
            out.accept(content.bytes(body));
        } else if (RouteJson.isStructure(body)) {
            structure(body, whole);
        } else {
            scalar(body, whole);
        }
    }

    private void text(String text, boolean whole) {
        if (checking != null && whole) {
            value(parsed(text));
        } else if (!text.isEmpty()) {
            out.accept(new ToolInvokeMessage.Text(text));
        }
    }

    /** A route whose result has a schema may leave it as JSON text. */
    private JsonValue parsed(String text) {
        try {
            return tool.json().parse(text);
        } catch (BadRequestException e) {
            throw ToolErrors.failed("the result of " + tool.name()
                    + " has an outputSchema, but the route left text that is no" + " JSON: " + e.getMessage());
        }
    }

    private void scalar(Object body, boolean whole) {
        JsonValue value;
        try {
            value = body instanceof JsonNode node ? ToolJson.fromNode(node) : JsonValue.of(body);
        } catch (IllegalArgumentException | BadRequestException e) {
            throw unknown(body);
        }
        if (checking != null && whole) {
            value(value);
        } else {
            text(written(value), false);
        }
    }

    private RuntimeException unknown(Object body) {
        return ToolErrors.failed(
                "the route of " + tool.name() + " left a " + body.getClass().getName()
                        + " on the body, which is no text, JSON, file or stream: convert it, for instance with convertBodyTo(String)");
    }

    private String written(JsonValue value) {
        return value instanceof JsonString text ? text.value() : tool.json().write(value);
    }

    /** The whole result, as a value. */
    private void value(JsonValue value) {
        if (value instanceof JsonObject object) {
            outputs(object, Set.of());
        } else if (value instanceof JsonArray) {
            json(value, false);
        } else {
            check(value);
            String text = written(value);
            if (!text.isEmpty()) {
                out.accept(new ToolInvokeMessage.Text(text));
            }
        }
    }

    private void structure(Object body, boolean whole) {
        RouteJson reader = new RouteJson();
        JsonValue value;
        try {
            value = reader.of(body);
        } catch (IllegalArgumentException | BadRequestException e) {
            throw ToolErrors.failed("the result of " + tool.name() + " cannot be written as JSON: " + e.getMessage());
        }
        reader.files().forEach(this::file);
        if (whole && value instanceof JsonObject object) {
            outputs(object, onlyFiles(body) ? Set.of("files") : Set.of());
        } else {
            json(value, false);
        }
    }

    /** Whether the output {@code files} holds files and nothing else: then they tell all that it says. */
    private static boolean onlyFiles(Object body) {
        return body instanceof Map<?, ?> map && map.get("files") instanceof Iterable<?> files && allFiles(files);
    }

    private static boolean allFiles(Iterable<?> files) {
        for (Object file : files) {
            if (!(file instanceof StoredFile)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Named outputs: one object, which a route reads, and a variable for each, which a model reads. A text named {@code text} is
     * the text of the result. The object is shown to a model only if something in it would not be shown otherwise.
     */
    private void outputs(JsonObject object, Set<String> toldOtherwise) {
        boolean allShown = true;
        for (Map.Entry<String, JsonValue> output : object.members().entrySet()) {
            boolean isText = output.getKey().equals("text") && output.getValue() instanceof JsonString;
            boolean variable =
                    !TAKEN.contains(output.getKey()) && !output.getKey().isBlank();
            allShown &= isText || variable || toldOtherwise.contains(output.getKey());
        }
        if (object.members().get("text") instanceof JsonString text
                && !text.value().isEmpty()) {
            out.accept(new ToolInvokeMessage.Text(text.value()));
        }
        json(object, allShown && !object.isEmpty());
        for (Map.Entry<String, JsonValue> output : object.members().entrySet()) {
            if (!TAKEN.contains(output.getKey()) && !output.getKey().isBlank()) {
                out.accept(new ToolInvokeMessage.Variable(output.getKey(), output.getValue(), false));
            }
        }
    }

    private void json(JsonValue value, boolean suppressOutput) {
        check(value);
        out.accept(new ToolInvokeMessage.Json(value, suppressOutput));
    }

    private void check(JsonValue value) {
        if (checking != null) {
            checking.value(value);
        }
    }

    private void file(StoredFile file) {
        out.accept(new ToolInvokeMessage.File(content.own(file)));
    }

    /** A message of a tool that the route called: passed on, with a step's label saying which tool it came through. */
    private void message(ToolInvokeMessage message) {
        if (message instanceof ToolInvokeMessage.Json json) {
            check(json.json());
        }
        if (message instanceof ToolInvokeMessage.File one) {
            content.own(one.file());
        }
        out.accept(
                message instanceof ToolInvokeMessage.Log log
                        ? new ToolInvokeMessage.Log(
                                log.id(),
                                tool.name() + " → " + log.label(),
                                log.parentId(),
                                log.error(),
                                log.status(),
                                log.data())
                        : message);
    }

    /** The result of a tool that the route called, as its own. */
    private void result(ToolResult result, boolean whole) {
        // text that is all of it may be the JSON that was promised
        text(result.text(), whole && result.json().isEmpty());
        for (JsonValue json : result.json()) {
            json(json, !result.shown().contains(json));
        }
        result.variables().forEach((name, value) -> out.accept(new ToolInvokeMessage.Variable(name, value, false)));
        result.links().forEach(out);
        result.files().forEach(this::file);
        result.citations().forEach(out);
    }
}
