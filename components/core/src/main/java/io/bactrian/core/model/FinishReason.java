package io.bactrian.core.model;

import java.util.Locale;

/** Why an answer ended. */
public enum FinishReason {
    /** The model was done, or came to a stop text. */
    STOP,
    /** The limit of tokens was reached. */
    LENGTH,
    /** The model wants tools to be called. */
    TOOL_CALLS,
    /** The provider held the rest back. */
    CONTENT_FILTER,
    /** A reason of the provider's own. */
    OTHER;

    /** The value in the OpenAI chat API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
