package io.bactrian.core.model;

import io.bactrian.core.provider.ModelType;
import java.util.List;

/**
 * Texts to be turned into vectors.
 *
 * @param texts the texts, none of them blank
 * @param inputType what they are
 * @param parameters model parameters such as {@code dimensions}
 */
public record TextEmbeddingRequest(List<String> texts, InputType inputType, ModelParameters parameters)
        implements ModelRequest {

    /** Copies the list. */
    public TextEmbeddingRequest {
        texts = List.copyOf(texts);
    }

    /** Documents to be found later. */
    public static TextEmbeddingRequest ofDocuments(List<String> texts) {
        return new TextEmbeddingRequest(texts, InputType.DOCUMENT, ModelParameters.NONE);
    }

    /** A query to find documents by. */
    public static TextEmbeddingRequest ofQuery(String query) {
        return new TextEmbeddingRequest(List.of(query), InputType.QUERY, ModelParameters.NONE);
    }

    @Override
    public ModelType type() {
        return ModelType.TEXT_EMBEDDING;
    }

    /** Whether a text is stored to be found, or asked with. */
    public enum InputType {
        DOCUMENT,
        QUERY
    }
}
