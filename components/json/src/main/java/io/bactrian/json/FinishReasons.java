package io.bactrian.json;

import io.bactrian.core.model.FinishReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words that servers of the OpenAI family use for the end of an answer. */
final class FinishReasons {

    private FinishReasons() {}

    /** The reason of that word; null for no word, or for the empty one, which some servers send while the answer goes on. */
    static @Nullable FinishReason of(@Nullable String word, boolean callsTools) {
        if (word == null || word.isEmpty()) {
            return null;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            // a named tool_choice ends with "stop" although the answer is a call
            case "stop", "eos", "eos_token", "end_turn", "stop_sequence", "end", "complete", "completed", "finished" ->
                end(callsTools);
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                FinishReason.LENGTH;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter", "content_filtered", "refusal", "safety", "sensitive" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** The reason of an answer that is over without a word about why. */
    static FinishReason end(boolean callsTools) {
        return callsTools ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }
}
