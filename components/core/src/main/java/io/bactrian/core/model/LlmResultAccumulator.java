package io.bactrian.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of an answer together. For one thread. */
public final class LlmResultAccumulator {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private @Nullable String id;
    private String model = "";
    private @Nullable FinishReason finishReason;
    private @Nullable TokenUsage usage;
    private @Nullable String systemFingerprint;

    /** Adds the next piece. */
    public void add(LlmResultChunk chunk) {
        id = chunk.id() == null ? id : chunk.id();
        model = chunk.model().isEmpty() ? model : chunk.model();
        text.append(chunk.text());
        reasoning.append(chunk.reasoning());
        for (LlmResultChunk.ToolCallDelta delta : chunk.toolCalls()) {
            calls.computeIfAbsent(delta.index(), index -> new Call()).add(delta);
        }
        finishReason = chunk.finishReason() == null ? finishReason : chunk.finishReason();
        // usage counts the whole call so far: the last word replaces, it does not add
        usage = chunk.usage() == null ? usage : chunk.usage();
        systemFingerprint = chunk.systemFingerprint() == null ? systemFingerprint : chunk.systemFingerprint();
    }

    /** Why the answer ended; null while it goes on. */
    public @Nullable FinishReason finishReason() {
        return finishReason;
    }

    /** The tokens used, as last said; null if nothing was said. */
    public @Nullable TokenUsage usage() {
        return usage;
    }

    /** What was put together so far. */
    public LlmResult result() {
        List<PromptMessageContent> content =
                text.isEmpty() ? List.of() : List.of(new PromptMessageContent.Text(text.toString()));
        List<PromptMessage.ToolCall> toolCalls = new ArrayList<>(calls.size());
        calls.forEach((index, call) -> toolCalls.add(call.toolCall(index)));
        return new LlmResult(
                id,
                model,
                new PromptMessage.Assistant(content, null, toolCalls, reasoning.toString()),
                finishReason == null ? FinishReason.OTHER : finishReason,
                usage,
                null,
                systemFingerprint);
    }

    private static final class Call {
        private final StringBuilder arguments = new StringBuilder();
        private @Nullable String id;
        private @Nullable String name;

        void add(LlmResultChunk.ToolCallDelta delta) {
            id = delta.id() == null || delta.id().isEmpty() ? id : delta.id();
            name = delta.name() == null || delta.name().isEmpty() ? name : delta.name();
            arguments.append(delta.arguments());
        }

        PromptMessage.ToolCall toolCall(int index) {
            return new PromptMessage.ToolCall(
                    id == null ? "call_" + index : id, name == null ? "" : name, arguments.toString());
        }
    }
}
