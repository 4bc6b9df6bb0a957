package io.bactrian.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an answer. Exactly one piece, normally the last or last but one, has a finish reason; usage comes with it or
 * after it.
 *
 * @param id the provider's id of the answer; null if it gave none
 * @param model the model that answers, as the provider names it
 * @param text text to be appended; empty for none
 * @param reasoning reasoning to be appended; empty for none
 * @param toolCalls pieces of tool calls
 * @param finishReason why the answer ended; null while it goes on
 * @param usage tokens used by the whole call; null if not said in this piece
 * @param systemFingerprint the provider's mark of the system that answered; null for none
 */
public record LlmResultChunk(
        @Nullable String id,
        String model,
        String text,
        String reasoning,
        List<ToolCallDelta> toolCalls,
        @Nullable FinishReason finishReason,
        @Nullable TokenUsage usage,
        @Nullable String systemFingerprint) {

    /** Copies the list. */
    public LlmResultChunk {
        toolCalls = List.copyOf(toolCalls);
    }

    /** Whether it carries something of the answer itself, as opposed to role, usage or keep-alive. */
    public boolean hasContent() {
        return !text.isEmpty() || !reasoning.isEmpty() || !toolCalls.isEmpty();
    }

    /**
     * A piece of a tool call.
     *
     * @param index which call of the answer it belongs to, from 0
     * @param id the id of the call; null in pieces after the first
     * @param name the tool; null in pieces after the first
     * @param arguments JSON text to be appended; empty for none
     */
    public record ToolCallDelta(
            int index, @Nullable String id, @Nullable String name, String arguments) {}
}
