package io.bactrian.core.provider;

import java.util.Arrays;
import java.util.Optional;

/** What a model does; the texts are Dify's, its older spellings are understood too. */
public enum ModelType {
    LLM("llm", "text-generation"),
    TEXT_EMBEDDING("text-embedding", "embeddings"),
    RERANK("rerank", "reranking"),
    SPEECH2TEXT("speech2text", "speech2text"),
    MODERATION("moderation", "moderation"),
    TTS("tts", "tts");

    private final String text;
    private final String legacy;

    ModelType(String text, String legacy) {
        this.text = text;
        this.legacy = legacy;
    }

    /** The value as written in URIs, declarations and tables. */
    public String text() {
        return text;
    }

    /** The type of that text, in the present or the older spelling. */
    public static Optional<ModelType> of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.text.equals(text) || type.legacy.equals(text))
                .findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
