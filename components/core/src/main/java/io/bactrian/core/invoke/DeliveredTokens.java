package io.bactrian.core.invoke;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.quota.Utf8;

/**
 * How many tokens an answer is taken to have whose provider does not say: a quarter of its bytes, and of a streamed one at
 * least as many as it had pieces.
 */
final class DeliveredTokens {

    private long bytes;
    private long pieces;

    /** Adds a piece. */
    void add(LlmResultChunk chunk) {
        if (!chunk.hasContent()) {
            return;
        }
        pieces++;
        bytes += Utf8.bytes(chunk.text()) + Utf8.bytes(chunk.reasoning());
        for (LlmResultChunk.ToolCallDelta delta : chunk.toolCalls()) {
            bytes += Utf8.bytes(delta.name()) + Utf8.bytes(delta.arguments());
        }
    }

    long tokens() {
        return Math.max(pieces, (bytes + 3) / 4);
    }

    static long of(LlmResult result) {
        DeliveredTokens delivered = new DeliveredTokens();
        delivered.bytes =
                Utf8.bytes(result.text()) + Utf8.bytes(result.message().reasoning());
        for (PromptMessage.ToolCall call : result.message().toolCalls()) {
            delivered.bytes += Utf8.bytes(call.name()) + Utf8.bytes(call.arguments());
        }
        return delivered.tokens();
    }
}
