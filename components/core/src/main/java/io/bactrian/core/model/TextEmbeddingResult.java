package io.bactrian.core.model;

import io.bactrian.core.invoke.InvocationReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of texts.
 *
 * @param model the model that made them, as the provider names it
 * @param embeddings one vector per text, in the order of the request; all of one length; not copied, not to be changed
 * @param usage tokens used; null if unknown
 * @param price what it cost; null if unknown
 */
public record TextEmbeddingResult(
        String model,
        List<float[]> embeddings,
        @Nullable TokenUsage usage,
        @Nullable Price price) implements InvocationReply {

    /** Copies the list. */
    public TextEmbeddingResult {
        embeddings = List.copyOf(embeddings);
    }

    /** The same vectors with their price. */
    public TextEmbeddingResult withPrice(@Nullable Price known) {
        return new TextEmbeddingResult(model, embeddings, usage, known);
    }
}
