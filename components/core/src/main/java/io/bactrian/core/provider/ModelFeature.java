package io.bactrian.core.provider;

import java.util.Arrays;
import java.util.Optional;

/** What a model can take or do beyond text; the texts are Dify's. */
public enum ModelFeature {
    TOOL_CALL("tool-call"),
    MULTI_TOOL_CALL("multi-tool-call"),
    STREAM_TOOL_CALL("stream-tool-call"),
    AGENT_THOUGHT("agent-thought"),
    VISION("vision"),
    DOCUMENT("document"),
    VIDEO("video"),
    AUDIO("audio"),
    STRUCTURED_OUTPUT("structured-output"),
    POLLING("polling");

    private final String text;

    ModelFeature(String text) {
        this.text = text;
    }

    /** The value as written in a declaration. */
    public String text() {
        return text;
    }

    /** The feature of that text, if it is one. */
    public static Optional<ModelFeature> of(String text) {
        return Arrays.stream(values())
                .filter(feature -> feature.text.equals(text))
                .findFirst();
    }
}
