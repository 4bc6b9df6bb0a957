package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.model.ToolChoice;
import io.bactrian.core.provider.ParameterValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads requests that callers hand in. */
final class RequestReader {

    private static final Set<String> PARTS_OF_A_CHAT = Set.of(
            "model",
            "messages",
            "tools",
            "tool_choice",
            "response_format",
            "stop",
            "stream",
            "stream_options",
            "user",
            "n");
    private static final Set<String> PARTS_OF_AN_EMBEDDING = Set.of("model", "input", "encoding_format", "input_type");
    private static final Pattern SCHEMA_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private RequestReader() {}

    static JsonFields parse(byte[] json) {
        try {
            JsonNode tree = JsonMappers.strict().readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw JsonWriting.invalid("the request is empty: a JSON object is expected");
            }
            return JsonFields.of(tree, "");
        } catch (StreamConstraintsException tooMuch) {
            throw JsonWriting.invalid("the request goes beyond the limits for JSON: " + JsonMappers.DEEPEST
                    + " levels, " + JsonMappers.LONGEST_TEXT + " characters a text, " + JsonMappers.LONGEST_NAME
                    + " a name");
        } catch (JsonParseException notJson) {
            throw JsonWriting.invalid(
                    "the request is not valid JSON, or names a field twice" + Malformed.place(notJson));
        } catch (IOException notJson) {
            throw JsonWriting.invalid("the request is not valid JSON" + Malformed.place(notJson));
        }
    }

    static OpenAiChatRequest chat(JsonFields root) {
        List<PromptMessage> messages = new ArrayList<>();
        root.need("messages");
        for (JsonFields message : root.children("messages")) {
            messages.add(MessageReader.read(message));
        }
        if (messages.isEmpty()) {
            throw root.invalid("messages", "needs at least one message");
        }
        refuseSeveralAnswers(root);
        JsonFields streamOptions = root.child("stream_options");
        LlmRequest request = new LlmRequest(
                messages,
                parameters(root, PARTS_OF_A_CHAT),
                tools(root),
                toolChoice(root),
                root.texts("stop"),
                responseFormat(root),
                root.flag("stream", false),
                root.text("user"));
        return new OpenAiChatRequest(
                root.text("model"), request, streamOptions != null && streamOptions.flag("include_usage", false));
    }

    static OpenAiEmbeddingRequest embedding(JsonFields root) {
        root.need("input");
        List<String> texts = root.texts("input");
        if (texts.isEmpty()) {
            throw root.invalid("input", "needs at least one text");
        }
        for (String text : texts) {
            if (text.isBlank()) {
                throw root.invalid("input", "holds a blank text, which has no embedding");
            }
        }
        TextEmbeddingRequest request =
                new TextEmbeddingRequest(texts, inputType(root), parameters(root, PARTS_OF_AN_EMBEDDING));
        return new OpenAiEmbeddingRequest(root.text("model"), request, base64(root));
    }

    private static boolean base64(JsonFields root) {
        String encoding = root.text("encoding_format");
        if (encoding == null || "float".equals(encoding)) {
            return false;
        }
        if ("base64".equals(encoding)) {
            return true;
        }
        throw root.invalid("encoding_format", "is float or base64");
    }

    /** Not OpenAI's, but what servers with two kinds of texts call it (Cohere, Jina, Voyage). */
    private static InputType inputType(JsonFields root) {
        String type = root.text("input_type");
        if (type == null) {
            return InputType.DOCUMENT;
        }
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "query", "search_query" -> InputType.QUERY;
            case "document", "passage", "search_document" -> InputType.DOCUMENT;
            default -> throw root.invalid("input_type", "is query or document");
        };
    }

    private static void refuseSeveralAnswers(JsonFields root) {
        JsonNode answers = root.find("n");
        if (answers != null && !(answers.isIntegralNumber() && answers.longValue() == 1)) {
            throw root.invalid("n", "is 1: one answer is given per call");
        }
        for (String legacy : List.of("functions", "function_call")) {
            if (root.find(legacy) != null) {
                throw root.invalid(legacy, "is the older form: use tools and tool_choice");
            }
        }
    }

    private static ModelParameters parameters(JsonFields root, Set<String> parts) {
        Map<String, ParameterValue> parameters = new LinkedHashMap<>();
        root.node().properties().forEach(field -> {
            if (!parts.contains(field.getKey()) && !field.getValue().isNull()) {
                parameters.put(field.getKey(), JsonFields.parameter(field.getValue()));
            }
        });
        return ModelParameters.of(parameters);
    }

    private static List<PromptMessageTool> tools(JsonFields root) {
        List<PromptMessageTool> tools = new ArrayList<>();
        for (JsonFields tool : root.children("tools")) {
            if (!"function".equals(tool.needText("type"))) {
                throw tool.invalid("type", "is function: tools that the provider runs itself are not supported");
            }
            JsonFields function = tool.needChild("function");
            String description = function.text("description");
            boolean hasSchema = function.child("parameters") != null;
            tools.add(new PromptMessageTool(
                    function.needText("name"),
                    description == null ? "" : description,
                    hasSchema ? function.json("parameters") : JsonSchemas.NO_ARGUMENTS,
                    function.flag("strict", false)));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(JsonFields root) {
        JsonNode choice = root.find("tool_choice");
        if (choice == null) {
            return null;
        }
        if (choice.isObject()) {
            JsonFields named = root.needChild("tool_choice");
            if (!"function".equals(named.needText("type"))) {
                throw named.invalid("type", "is function");
            }
            return new ToolChoice.Named(named.needChild("function").needText("name"));
        }
        String word = choice.isTextual() ? choice.textValue() : "";
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required", "any" -> new ToolChoice.Required();
            default -> throw root.invalid("tool_choice", "is auto, none, required, or an object that names a function");
        };
    }

    private static @Nullable ResponseFormat responseFormat(JsonFields root) {
        JsonFields format = root.child("response_format");
        if (format == null) {
            return null;
        }
        return switch (format.needText("type")) {
            case "text" -> new ResponseFormat.PlainText();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> schema(format.needChild("json_schema"));
            default -> throw format.invalid("type", "is text, json_object or json_schema");
        };
    }

    private static ResponseFormat schema(JsonFields schema) {
        String name = schema.needText("name");
        if (!SCHEMA_NAME.matcher(name).matches()) {
            throw schema.invalid("name", "has 1 to 64 letters, digits, '_' or '-'");
        }
        schema.needChild("schema");
        return new ResponseFormat.JsonSchema(name, schema.json("schema"), schema.flag("strict", false));
    }
}
