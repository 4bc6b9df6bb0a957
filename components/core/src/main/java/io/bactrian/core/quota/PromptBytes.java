package io.bactrian.core.quota;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ParameterValue;

/** The bytes of a prompt in UTF-8, with a few for what stands around each of its parts. */
final class PromptBytes {

    /** For role, name and marks of a message, a tool, a text. */
    static final long AROUND = 16;

    /** The least for a picture, sound or document, however few bytes it has: providers count by what is in it. */
    private static final long LEAST_OF_MEDIA = 8_192;

    /** For what only the provider fetches, where the model's window is not known either. */
    private static final long MOST_OF_REFERENCE = 131_072;

    private final AIModelEntity model;
    private long sum;

    private PromptBytes(AIModelEntity model) {
        this.model = model;
    }

    static long of(ModelRequest request, AIModelEntity model) {
        PromptBytes bytes = new PromptBytes(model);
        if (request instanceof LlmRequest llm) {
            bytes.add(llm);
        } else if (request instanceof TextEmbeddingRequest embedding) {
            for (String text : embedding.texts()) {
                bytes.sum += Utf8.bytes(text) + AROUND;
            }
        }
        return bytes.sum;
    }

    private void add(LlmRequest request) {
        sum += AROUND;
        for (PromptMessage message : request.messages()) {
            add(message);
        }
        for (PromptMessageTool tool : request.tools()) {
            sum += AROUND
                    + Utf8.bytes(tool.name())
                    + Utf8.bytes(tool.description())
                    + Utf8.bytes(tool.parameters().json());
        }
        if (request.responseFormat() instanceof ResponseFormat.JsonSchema schema) {
            sum += AROUND
                    + Utf8.bytes(schema.name())
                    + Utf8.bytes(schema.schema().json());
        }
        // what only the provider understands may be a prompt too
        for (ParameterValue value : request.parameters().values().values()) {
            if (value instanceof ParameterValue.Json json) {
                sum += Utf8.bytes(json.json());
            }
        }
    }

    private void add(PromptMessage message) {
        sum += AROUND;
        for (PromptMessageContent part : message.content()) {
            sum += part instanceof PromptMessageContent.Text text
                    ? Utf8.bytes(text.data())
                    : media((PromptMessageContent.Media) part);
        }
        if (message instanceof PromptMessage.Assistant said) {
            sum += Utf8.bytes(said.reasoning()) + Utf8.bytes(said.name());
            for (PromptMessage.ToolCall call : said.toolCalls()) {
                sum += AROUND + Utf8.bytes(call.id()) + Utf8.bytes(call.name()) + Utf8.bytes(call.arguments());
            }
        } else if (message instanceof PromptMessage.Tool result) {
            sum += Utf8.bytes(result.toolCallId());
        } else if (message instanceof PromptMessage.User user) {
            sum += Utf8.bytes(user.name());
        }
    }

    private long media(PromptMessageContent.Media media) {
        String base64 = media.base64();
        if (base64 != null) {
            return Math.max(LEAST_OF_MEDIA, base64.length());
        }
        Integer window = model.contextSize();
        return window == null ? MOST_OF_REFERENCE : Math.max(LEAST_OF_MEDIA, window);
    }
}
