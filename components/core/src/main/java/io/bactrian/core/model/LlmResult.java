package io.bactrian.core.model;

import io.bactrian.core.invoke.InvocationReply;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a language model.
 *
 * @param id the provider's id of the answer; null if it gave none
 * @param model the model that answered, as the provider names it
 * @param message the answer
 * @param finishReason why it ended
 * @param usage tokens used; null if the provider did not say
 * @param price what it cost; null if prices or usage are unknown
 * @param systemFingerprint the provider's mark of the system that answered; null for none
 */
public record LlmResult(
        @Nullable String id,
        String model,
        PromptMessage.Assistant message,
        FinishReason finishReason,
        @Nullable TokenUsage usage,
        @Nullable Price price,
        @Nullable String systemFingerprint)
        implements InvocationReply {

    /** The text of the answer. */
    public String text() {
        return message.text();
    }

    /** The same answer with its price. */
    public LlmResult withPrice(@Nullable Price known) {
        return new LlmResult(id, model, message, finishReason, usage, known, systemFingerprint);
    }
}
