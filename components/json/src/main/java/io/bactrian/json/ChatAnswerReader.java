package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads whole chat completions. */
final class ChatAnswerReader {

    private ChatAnswerReader() {}

    static LlmResult read(byte[] json, int offset, int length, String askedModel) throws OpenAiErrorReply {
        ChatPiece piece = new ChatPiece();
        try (JsonParser parser = JsonMappers.factory().createParser(json, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Malformed.answer("is not a JSON object");
            }
            piece.read(parser);
        } catch (IOException invalid) {
            throw Malformed.json(invalid);
        }
        if (piece.error != null) {
            throw new OpenAiErrorReply(piece.error);
        }
        if (!piece.hasChoice) {
            throw Malformed.answer("has no choices");
        }
        return result(piece, askedModel);
    }

    private static LlmResult result(ChatPiece piece, String askedModel) {
        List<PromptMessage.ToolCall> calls = toolCalls(piece);
        boolean refused = !piece.refusal.isEmpty();
        String text = piece.text.isEmpty() ? piece.refusal : piece.text;
        FinishReason reason = FinishReasons.of(piece.finishReason, !calls.isEmpty());
        reason = reason == null ? FinishReasons.end(!calls.isEmpty()) : reason;
        reason = refused && reason == FinishReason.STOP ? FinishReason.CONTENT_FILTER : reason;
        List<PromptMessageContent> content = text.isEmpty() ? List.of() : List.of(new PromptMessageContent.Text(text));
        String model = piece.model == null || piece.model.isEmpty() ? askedModel : piece.model;
        return new LlmResult(
                piece.id,
                model,
                new PromptMessage.Assistant(content, null, calls, piece.thinking()),
                reason,
                piece.usage,
                null,
                piece.systemFingerprint);
    }

    private static List<PromptMessage.ToolCall> toolCalls(ChatPiece piece) {
        if (piece.calls.isEmpty()) {
            return List.of();
        }
        List<PromptMessage.ToolCall> calls = new ArrayList<>(piece.calls.size());
        for (ChatPiece.WireCall wire : piece.calls) {
            String id = wire.id() == null || wire.id().isBlank() ? "call_" + calls.size() : wire.id();
            calls.add(new PromptMessage.ToolCall(id, wire.name() == null ? "" : wire.name(), wire.arguments()));
        }
        return calls;
    }
}
