package io.bactrian.json;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the OpenAI API for chats and embeddings, in both directions and on both sides: as a client, requests are
 * written and answers read; as a server, requests are read and answers written. All JSON is UTF-8.
 */
public final class OpenAiJson {

    private OpenAiJson() {}

    // as a client

    /**
     * Writes a chat request, once and to bytes.
     *
     * @param model the model's name as the server knows it
     * @throws BadRequestException if the request cannot be said in this shape, or holds JSON that is none
     */
    public static byte[] writeChatRequest(LlmRequest request, String model, ChatWireOptions options) {
        return ChatRequestWriter.write(request, model, options);
    }

    /**
     * Writes an embedding request, once and to bytes.
     *
     * @param model the model's name as the server knows it
     * @throws BadRequestException if there is no text, a text is blank, or a parameter is not one
     */
    public static byte[] writeEmbeddingRequest(
            TextEmbeddingRequest request, String model, EmbeddingWireOptions options) {
        return EmbeddingRequestWriter.write(request, model, options);
    }

    /**
     * Reads a whole chat completion.
     *
     * @param askedModel what the model is called if the answer does not say
     * @throws OpenAiErrorReply if the body is an error
     * @throws ProtocolException if it is not a chat completion
     */
    public static LlmResult readChatCompletion(byte[] json, int offset, int length, String askedModel)
            throws OpenAiErrorReply {
        return ChatAnswerReader.read(json, offset, length, askedModel);
    }

    /**
     * A reader for the events of one streamed chat completion.
     *
     * @param askedModel what the model is called if the answer does not say
     */
    public static ChatChunkReader chunkReader(String askedModel) {
        return new ChatChunkReader(askedModel);
    }

    /**
     * Reads embeddings.
     *
     * @param askedModel what the model is called if the answer does not say
     * @param texts how many vectors have to be there
     * @throws OpenAiErrorReply if the body is an error
     * @throws ProtocolException if it is not a list of that many embeddings, all of one length
     */
    public static TextEmbeddingResult readEmbeddings(byte[] json, int offset, int length, String askedModel, int texts)
            throws OpenAiErrorReply {
        return EmbeddingReader.read(json, offset, length, askedModel, texts);
    }

    /** What an error body says, in any known shape, even if it is cut off; empty if it is no JSON. Never throws. */
    public static OpenAiError readError(byte[] json, int offset, int length) {
        return ErrorReader.readBody(json, offset, length);
    }

    // as a server

    /**
     * Reads a chat request.
     *
     * @throws BadRequestException with {@code invalid_param}, naming the field that is wrong
     */
    public static OpenAiChatRequest readChatRequest(byte[] json) {
        return RequestReader.chat(RequestReader.parse(json));
    }

    /** As {@link #readChatRequest(byte[])}, from text. */
    public static OpenAiChatRequest readChatRequest(String json) {
        return readChatRequest(json.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #readChatRequest(byte[])}, from the maps, lists and values that a route may hold it in. */
    public static OpenAiChatRequest readChatRequest(Map<?, ?> json) {
        return readChatRequest(bytes(json));
    }

    /**
     * Reads an embedding request.
     *
     * @throws BadRequestException with {@code invalid_param}, naming the field that is wrong
     */
    public static OpenAiEmbeddingRequest readEmbeddingRequest(byte[] json) {
        return RequestReader.embedding(RequestReader.parse(json));
    }

    /** As {@link #readEmbeddingRequest(byte[])}, from text. */
    public static OpenAiEmbeddingRequest readEmbeddingRequest(String json) {
        return readEmbeddingRequest(json.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #readEmbeddingRequest(byte[])}, from the maps, lists and values that a route may hold it in. */
    public static OpenAiEmbeddingRequest readEmbeddingRequest(Map<?, ?> json) {
        return readEmbeddingRequest(bytes(json));
    }

    /** Writes an answer as a {@code chat.completion}. */
    public static byte[] writeChatCompletion(LlmResult result, Instant created) {
        return AnswerWriter.completion(result, created);
    }

    /**
     * Writes a piece of an answer as a {@code chat.completion.chunk}, without any framing.
     *
     * @param first whether it is the first piece, which names the role
     */
    public static byte[] writeChunk(LlmResultChunk chunk, Instant created, boolean first) {
        return AnswerWriter.chunk(chunk, created, first);
    }

    /**
     * Writes embeddings.
     *
     * @param base64 as base64 of little-endian floats instead of lists of numbers
     */
    public static byte[] writeEmbeddings(TextEmbeddingResult result, boolean base64) {
        return AnswerWriter.embeddings(result, base64);
    }

    /** Writes an error: {@code {"error":{"message","type","param","code"}}}. */
    public static byte[] writeError(String message, String type, @Nullable String code, @Nullable String param) {
        return AnswerWriter.error(message, type, code, param);
    }

    private static byte[] bytes(Map<?, ?> json) {
        try {
            return JsonMappers.shared().writeValueAsBytes(json);
        } catch (IOException | IllegalArgumentException unwritable) {
            // the message of the cause may quote a value
            throw JsonWriting.invalid("the map holds something that cannot be written as JSON");
        }
    }
}
