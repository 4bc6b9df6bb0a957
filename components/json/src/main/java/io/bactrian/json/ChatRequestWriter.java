package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.ToolChoice;
import io.bactrian.core.provider.ParameterValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes chat requests. */
final class ChatRequestWriter {

    /** Fields that only the writer sets: a parameter of that name would ask something else than was checked. */
    private static final Set<String> OURS =
            Set.of("model", "messages", "stream", "stream_options", "input", "functions", "function_call");

    private static final Set<String> LIMITS = Set.of("max_tokens", "max_completion_tokens");

    private final LlmRequest request;
    private final ChatWireOptions options;
    private final JsonGenerator out;

    private ChatRequestWriter(LlmRequest request, ChatWireOptions options, JsonGenerator out) {
        this.request = request;
        this.options = options;
        this.out = out;
    }

    static byte[] write(LlmRequest request, String model, ChatWireOptions options) {
        if (request.messages().isEmpty()) {
            throw JsonWriting.invalid("messages: at least one message is needed");
        }
        return JsonWriting.toBytes(1024, out -> new ChatRequestWriter(request, options, out).write(model));
    }

    private void write(String model) throws IOException {
        out.writeStartObject();
        out.writeStringField("model", model);
        out.writeArrayFieldStart("messages");
        MessageWriter messages = new MessageWriter(out, options);
        for (PromptMessage message : request.messages()) {
            messages.write(message);
        }
        out.writeEndArray();
        parameters();
        tools();
        responseFormat();
        stop();
        if (request.user() != null) {
            out.writeStringField("user", request.user());
        }
        if (request.stream()) {
            out.writeBooleanField("stream", true);
            if (options.includeUsage()) {
                out.writeObjectFieldStart("stream_options");
                out.writeBooleanField("include_usage", true);
                out.writeEndObject();
            }
        }
        out.writeEndObject();
    }

    private void parameters() throws IOException {
        boolean limited = false;
        for (Map.Entry<String, ParameterValue> parameter :
                request.parameters().values().entrySet()) {
            String name = parameter.getKey();
            refuseOurs(name, parameter.getValue());
            if (LIMITS.contains(name)) {
                if (limited) {
                    throw JsonWriting.invalid("max_tokens and max_completion_tokens are the same limit: give one");
                }
                limited = true;
                JsonWriting.write(out, options.maxTokensField(), parameter.getValue());
            } else {
                JsonWriting.write(out, name, parameter.getValue());
            }
        }
    }

    private void refuseOurs(String name, ParameterValue value) {
        boolean given =
                switch (name) {
                    case "tools" -> !request.tools().isEmpty();
                    case "tool_choice" -> request.toolChoice() != null;
                    case "response_format" -> request.responseFormat() != null;
                    case "stop" -> !request.stop().isEmpty();
                    case "user" -> request.user() != null;
                    default -> false;
                };
        if (given) {
            throw JsonWriting.invalid(name + " is given both in the request and as a parameter: give it once");
        }
        if (OURS.contains(name)) {
            throw JsonWriting.invalid(name + " is not a parameter of a model: it is a part of the request itself");
        }
        boolean one =
                value instanceof ParameterValue.Number number && number.number().compareTo(BigDecimal.ONE) == 0;
        if ("n".equals(name) && !one) {
            throw JsonWriting.invalid("n: one answer is given per call");
        }
    }

    private void tools() throws IOException {
        List<PromptMessageTool> tools = request.tools();
        ToolChoice choice = request.toolChoice();
        if (tools.isEmpty()) {
            if (choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named) {
                throw JsonWriting.invalid("tool_choice: a tool has to be called, but the request has no tools");
            }
            // servers refuse a choice of nothing
            return;
        }
        out.writeArrayFieldStart("tools");
        for (PromptMessageTool tool : tools) {
            tool(tool);
        }
        out.writeEndArray();
        if (choice != null) {
            toolChoice(choice, tools);
        }
    }

    private void tool(PromptMessageTool tool) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "function");
        out.writeObjectFieldStart("function");
        out.writeStringField("name", tool.name());
        if (!tool.description().isEmpty()) {
            out.writeStringField("description", tool.description());
        }
        out.writeFieldName("parameters");
        JsonWriting.writeJsonObject(
                out, "the schema of tool " + tool.name(), tool.parameters().json());
        if (tool.strict() && options.strictTools()) {
            out.writeBooleanField("strict", true);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private void toolChoice(ToolChoice choice, List<PromptMessageTool> tools) throws IOException {
        out.writeFieldName("tool_choice");
        if (choice instanceof ToolChoice.Named named) {
            if (tools.stream().noneMatch(tool -> tool.name().equals(named.tool()))) {
                throw JsonWriting.invalid("tool_choice: the request has no tool named " + named.tool());
            }
            out.writeStartObject();
            out.writeStringField("type", "function");
            out.writeObjectFieldStart("function");
            out.writeStringField("name", named.tool());
            out.writeEndObject();
            out.writeEndObject();
        } else if (choice instanceof ToolChoice.Required) {
            out.writeString(options.requiredToolChoice());
        } else {
            out.writeString(choice instanceof ToolChoice.None ? "none" : "auto");
        }
    }

    private void responseFormat() throws IOException {
        ResponseFormat format = request.responseFormat();
        if (format == null) {
            return;
        }
        out.writeObjectFieldStart("response_format");
        if (format instanceof ResponseFormat.JsonSchema schema && options.jsonSchema()) {
            out.writeStringField("type", "json_schema");
            out.writeObjectFieldStart("json_schema");
            out.writeStringField("name", schema.name());
            out.writeFieldName("schema");
            JsonWriting.writeJsonObject(
                    out, "response_format.json_schema.schema", schema.schema().json());
            if (schema.strict()) {
                out.writeBooleanField("strict", true);
            }
            out.writeEndObject();
        } else {
            out.writeStringField("type", format instanceof ResponseFormat.PlainText ? "text" : "json_object");
        }
        out.writeEndObject();
    }

    private void stop() throws IOException {
        if (request.stop().isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("stop");
        for (String stop : request.stop()) {
            out.writeString(stop);
        }
        out.writeEndArray();
    }
}
