package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes answers. */
final class AnswerWriter {

    private AnswerWriter() {}

    static byte[] completion(LlmResult result, Instant created) {
        return JsonWriting.toBytes(512, out -> {
            head(out, result.id(), "chat.completion", created, result.model(), result.systemFingerprint());
            out.writeArrayFieldStart("choices");
            out.writeStartObject();
            out.writeNumberField("index", 0);
            out.writeObjectFieldStart("message");
            message(out, result.message());
            out.writeEndObject();
            out.writeNullField("logprobs");
            out.writeStringField("finish_reason", result.finishReason().text());
            out.writeEndObject();
            out.writeEndArray();
            usage(out, result.usage());
            out.writeEndObject();
        });
    }

    static byte[] chunk(LlmResultChunk chunk, Instant created, boolean first) {
        return JsonWriting.toBytes(256, out -> {
            head(out, chunk.id(), "chat.completion.chunk", created, chunk.model(), chunk.systemFingerprint());
            out.writeArrayFieldStart("choices");
            // as OpenAI does it: usage alone comes without a choice
            if (first || chunk.hasContent() || chunk.finishReason() != null || chunk.usage() == null) {
                choice(out, chunk, first);
            }
            out.writeEndArray();
            usage(out, chunk.usage());
            out.writeEndObject();
        });
    }

    private static void head(
            JsonGenerator out,
            @Nullable String id,
            String object,
            Instant created,
            String model,
            @Nullable String systemFingerprint)
            throws IOException {
        out.writeStartObject();
        // clients of the API take the id for granted
        out.writeStringField("id", id == null ? "chatcmpl-" + Long.toHexString(created.toEpochMilli()) : id);
        out.writeStringField("object", object);
        out.writeNumberField("created", created.getEpochSecond());
        out.writeStringField("model", model);
        if (systemFingerprint != null) {
            out.writeStringField("system_fingerprint", systemFingerprint);
        }
    }

    private static void message(JsonGenerator out, PromptMessage.Assistant message) throws IOException {
        out.writeStringField("role", message.role());
        String text = message.text();
        if (text.isEmpty() && !message.toolCalls().isEmpty()) {
            out.writeNullField("content");
        } else {
            out.writeStringField("content", text);
        }
        if (!message.reasoning().isEmpty()) {
            out.writeStringField("reasoning_content", message.reasoning());
        }
        MessageWriter.toolCalls(out, message.toolCalls());
    }

    private static void choice(JsonGenerator out, LlmResultChunk chunk, boolean first) throws IOException {
        out.writeStartObject();
        out.writeNumberField("index", 0);
        out.writeObjectFieldStart("delta");
        if (first) {
            out.writeStringField("role", "assistant");
        }
        if (!chunk.text().isEmpty()) {
            out.writeStringField("content", chunk.text());
        }
        if (!chunk.reasoning().isEmpty()) {
            out.writeStringField("reasoning_content", chunk.reasoning());
        }
        deltas(out, chunk.toolCalls());
        out.writeEndObject();
        if (chunk.finishReason() == null) {
            out.writeNullField("finish_reason");
        } else {
            out.writeStringField("finish_reason", chunk.finishReason().text());
        }
        out.writeEndObject();
    }

    private static void deltas(JsonGenerator out, List<LlmResultChunk.ToolCallDelta> deltas) throws IOException {
        if (deltas.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("tool_calls");
        for (LlmResultChunk.ToolCallDelta delta : deltas) {
            out.writeStartObject();
            out.writeNumberField("index", delta.index());
            if (delta.id() != null) {
                out.writeStringField("id", delta.id());
                out.writeStringField("type", "function");
            }
            out.writeObjectFieldStart("function");
            if (delta.name() != null) {
                out.writeStringField("name", delta.name());
            }
            out.writeStringField("arguments", delta.arguments());
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void usage(JsonGenerator out, @Nullable TokenUsage usage) throws IOException {
        if (usage == null) {
            return;
        }
        out.writeObjectFieldStart("usage");
        out.writeNumberField("prompt_tokens", usage.promptTokens());
        out.writeNumberField("completion_tokens", usage.completionTokens());
        out.writeNumberField("total_tokens", usage.totalTokens());
        out.writeObjectFieldStart("prompt_tokens_details");
        out.writeNumberField("cached_tokens", usage.cacheRead());
        if (usage.cacheWrite() > 0) {
            out.writeNumberField("cache_write_tokens", usage.cacheWrite());
        }
        out.writeNumberField("audio_tokens", usage.audioInput());
        out.writeEndObject();
        out.writeObjectFieldStart("completion_tokens_details");
        out.writeNumberField("reasoning_tokens", usage.reasoning());
        out.writeNumberField("audio_tokens", usage.audioOutput());
        out.writeEndObject();
        out.writeEndObject();
    }

    static byte[] embeddings(TextEmbeddingResult result, boolean base64) {
        int size = 256 + result.embeddings().size() * 16 * 1024;
        return JsonWriting.toBytes(size, out -> {
            out.writeStartObject();
            out.writeStringField("object", "list");
            out.writeArrayFieldStart("data");
            for (int i = 0; i < result.embeddings().size(); i++) {
                embedding(out, i, result.embeddings().get(i), base64);
            }
            out.writeEndArray();
            out.writeStringField("model", result.model());
            TokenUsage usage = result.usage();
            if (usage != null) {
                out.writeObjectFieldStart("usage");
                out.writeNumberField("prompt_tokens", usage.promptTokens());
                out.writeNumberField("total_tokens", usage.totalTokens());
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }

    private static void embedding(JsonGenerator out, int index, float[] vector, boolean base64) throws IOException {
        out.writeStartObject();
        out.writeStringField("object", "embedding");
        out.writeNumberField("index", index);
        out.writeFieldName("embedding");
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            out.writeString(Base64.getEncoder().encodeToString(bytes.array()));
        } else {
            out.writeStartArray();
            for (float number : vector) {
                out.writeNumber(number);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    static byte[] error(String message, String type, @Nullable String code, @Nullable String param) {
        return JsonWriting.toBytes(256, out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("error");
            out.writeStringField("message", message);
            out.writeStringField("type", type);
            nullable(out, "param", param);
            nullable(out, "code", code);
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    private static void nullable(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, value);
        }
    }
}
