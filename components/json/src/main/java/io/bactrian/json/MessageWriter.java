package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the messages of a prompt. */
final class MessageWriter {

    private final JsonGenerator out;
    private final ChatWireOptions options;

    MessageWriter(JsonGenerator out, ChatWireOptions options) {
        this.out = out;
        this.options = options;
    }

    void write(PromptMessage message) throws IOException {
        out.writeStartObject();
        boolean asSystem = message instanceof PromptMessage.Developer && !options.developerRole();
        out.writeStringField("role", asSystem ? "system" : message.role());
        if (message instanceof PromptMessage.System system) {
            name(system.name());
        } else if (message instanceof PromptMessage.Developer developer) {
            name(developer.name());
        } else if (message instanceof PromptMessage.User user) {
            name(user.name());
        } else if (message instanceof PromptMessage.Tool tool) {
            out.writeStringField("tool_call_id", tool.toolCallId());
        }
        if (message instanceof PromptMessage.Assistant assistant) {
            assistant(assistant);
        } else {
            content(message.content());
        }
        out.writeEndObject();
    }

    private void name(@Nullable String name) throws IOException {
        if (name != null) {
            out.writeStringField("name", name);
        }
    }

    private void assistant(PromptMessage.Assistant message) throws IOException {
        name(message.name());
        if (message.content().isEmpty() && !message.toolCalls().isEmpty()) {
            out.writeNullField("content");
        } else {
            content(message.content());
        }
        if (!options.reasoningField().isEmpty() && !message.reasoning().isEmpty()) {
            out.writeStringField(options.reasoningField(), message.reasoning());
        }
        toolCalls(out, message.toolCalls());
    }

    static void toolCalls(JsonGenerator out, List<PromptMessage.ToolCall> calls) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("tool_calls");
        for (PromptMessage.ToolCall call : calls) {
            out.writeStartObject();
            out.writeStringField("id", call.id());
            out.writeStringField("type", "function");
            out.writeObjectFieldStart("function");
            out.writeStringField("name", call.name());
            // a tool without arguments is called with "" by some models, and taken back only with an object
            out.writeStringField("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** One text as a string, which every server takes; anything else as parts. */
    private void content(List<PromptMessageContent> content) throws IOException {
        if (content.isEmpty()) {
            out.writeStringField("content", "");
            return;
        }
        if (content.size() == 1 && content.get(0) instanceof PromptMessageContent.Text text) {
            out.writeStringField("content", text.data());
            return;
        }
        out.writeArrayFieldStart("content");
        for (PromptMessageContent part : content) {
            part(part);
        }
        out.writeEndArray();
    }

    private void part(PromptMessageContent part) throws IOException {
        out.writeStartObject();
        if (part instanceof PromptMessageContent.Text text) {
            out.writeStringField("type", "text");
            out.writeStringField("text", text.data());
        } else if (part instanceof PromptMessageContent.Media media) {
            media(media);
        }
        out.writeEndObject();
    }

    private void media(PromptMessageContent.Media media) throws IOException {
        switch (media.kind()) {
            case IMAGE -> {
                out.writeStringField("type", "image_url");
                out.writeObjectFieldStart("image_url");
                out.writeStringField("url", media.data());
                if (media.detail() != null) {
                    out.writeStringField("detail", media.detail());
                }
            }
            case VIDEO -> {
                // not OpenAI's: vLLM, Alibaba
                out.writeStringField("type", "video_url");
                out.writeObjectFieldStart("video_url");
                out.writeStringField("url", media.data());
            }
            case AUDIO -> {
                if (media.base64() == null) {
                    throw JsonWriting.invalid("audio is sent by value (base64), not by reference");
                }
                out.writeStringField("type", "input_audio");
                out.writeObjectFieldStart("input_audio");
                out.writeStringField("data", media.base64());
                out.writeStringField("format", AudioFormats.ofMimeType(media.mimeType()));
            }
            case DOCUMENT -> {
                out.writeStringField("type", "file");
                out.writeObjectFieldStart("file");
                out.writeStringField("filename", media.filename() == null ? "document" : media.filename());
                out.writeStringField("file_data", media.data());
            }
        }
        out.writeEndObject();
    }
}
