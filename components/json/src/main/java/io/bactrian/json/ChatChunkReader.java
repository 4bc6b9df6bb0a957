package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResultChunk;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one streamed chat completion. For one stream and one thread at a time. Mends what servers of the
 * family get wrong: tool calls without numbers, a second finish reason, none at all.
 */
public final class ChatChunkReader {

    private final ChatPiece piece = new ChatPiece();
    private final ToolCallIndexes indexes = new ToolCallIndexes();
    // made once: a lambda per event would be garbage per event
    private final ChunkParsers.Action action = this::piece;
    private final String askedModel;
    private boolean begun;
    private boolean refused;
    private boolean finished;

    ChatChunkReader(String askedModel) {
        this.askedModel = askedModel;
    }

    /**
     * Reads one event.
     *
     * @return the piece; null if the event says nothing new, such as the role alone or a second finish reason
     * @throws OpenAiErrorReply if the event is an error
     * @throws ProtocolException if it is not a JSON object, or beyond the limits
     */
    public @Nullable LlmResultChunk read(byte[] event, int offset, int length) throws OpenAiErrorReply {
        ChunkParsers.read(event, offset, length, action);
        if (piece.error != null) {
            throw new OpenAiErrorReply(piece.error);
        }
        begun |= piece.hasChoice;
        refused |= !piece.refusal.isEmpty();
        List<LlmResultChunk.ToolCallDelta> deltas = indexes.deltas(piece.calls);
        FinishReason reason = finished ? null : finishReason();
        finished |= reason != null;
        String text = piece.text.isEmpty() ? piece.refusal : piece.text;
        LlmResultChunk chunk = new LlmResultChunk(
                piece.id, model(), text, piece.thinking(), deltas, reason, piece.usage, piece.systemFingerprint);
        return chunk.hasContent() || reason != null || piece.usage != null ? chunk : null;
    }

    /** Whether the provider said why the answer ended. */
    public boolean finished() {
        return finished;
    }

    /** Whether any event carried a piece of an answer. */
    public boolean begun() {
        return begun;
    }

    /** The last piece of an answer that was declared done without a word about why; for once. */
    public LlmResultChunk lastPiece() {
        finished = true;
        FinishReason reason = refused ? FinishReason.CONTENT_FILTER : FinishReasons.end(indexes.any());
        return new LlmResultChunk(piece.id, model(), "", "", List.of(), reason, null, piece.systemFingerprint);
    }

    private void piece(JsonParser json) throws IOException {
        piece.read(json);
    }

    private String model() {
        return piece.model == null || piece.model.isEmpty() ? askedModel : piece.model;
    }

    private @Nullable FinishReason finishReason() {
        FinishReason reason = FinishReasons.of(piece.finishReason, indexes.any());
        return refused && reason == FinishReason.STOP ? FinishReason.CONTENT_FILTER : reason;
    }
}
