package io.bactrian.model;

import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.FailedAttempt;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationReply;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.support.BactrianConstants;
import java.util.List;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Leaves on a message what is known of a call. Only values of our own types get there, never a header of the other side
 * (HDR-13).
 */
final class AnswerHeaders {

    private static final String[] ALL = {
        BactrianConstants.MODEL_NAME,
        BactrianConstants.MODEL_PROVIDER,
        BactrianConstants.MODEL_RESPONSE_MODEL,
        BactrianConstants.MODEL_RESPONSE_ID,
        BactrianConstants.MODEL_REQUEST_ID,
        BactrianConstants.MODEL_ATTEMPTS,
        BactrianConstants.MODEL_FAILED_ATTEMPTS,
        BactrianConstants.MODEL_CREDENTIAL_ID,
        BactrianConstants.MODEL_FINISH_REASON,
        BactrianConstants.MODEL_USAGE_PROMPT_TOKENS,
        BactrianConstants.MODEL_USAGE_COMPLETION_TOKENS,
        BactrianConstants.MODEL_USAGE_TOTAL_TOKENS,
        BactrianConstants.MODEL_USAGE_CACHED_TOKENS,
        BactrianConstants.MODEL_USAGE_REASONING_TOKENS,
        BactrianConstants.MODEL_PRICE_TOTAL,
        BactrianConstants.MODEL_PRICE_CURRENCY
    };

    private AnswerHeaders() {}

    /** Takes away what an earlier call left: nobody should read it as this one's. */
    static void clear(Message message) {
        if (!message.hasHeaders()) {
            return;
        }
        for (String name : ALL) {
            message.removeHeader(name);
        }
    }

    /** Writes what is known of a call, whether or not it succeeded. */
    static void call(Message message, Invocation call) {
        Invocation current = call.trace().current().orElse(call);
        message.setHeader(
                BactrianConstants.MODEL_REQUEST_ID, call.claim().requestId().value());
        message.setHeader(BactrianConstants.MODEL_ATTEMPTS, call.trace().attempts());
        List<FailedAttempt> failed = call.trace().failedAttempts();
        if (!failed.isEmpty()) {
            message.setHeader(
                    BactrianConstants.MODEL_FAILED_ATTEMPTS,
                    failed.stream().map(FailedAttempt::toString).toList());
        }
        if (current.target() instanceof InvocationTarget.Model target) {
            message.setHeader(
                    BactrianConstants.MODEL_PROVIDER, target.provider().value());
            message.setHeader(BactrianConstants.MODEL_NAME, target.model());
        }
        call.trace().resolution().ifPresent(resolution -> credential(message, current, resolution));
    }

    private static void credential(Message message, Invocation current, Resolution resolution) {
        if (current.candidate() >= resolution.candidates().size()) {
            return;
        }
        CredentialRef ref = resolution.candidates().get(current.candidate());
        set(message, BactrianConstants.MODEL_CREDENTIAL_ID, ref.id().isEmpty() ? null : ref.id());
    }

    /** Writes what the answer says of itself. */
    static void answer(Message message, InvocationReply reply) {
        if (reply instanceof LlmResult result) {
            set(message, BactrianConstants.MODEL_RESPONSE_ID, result.id());
            set(message, BactrianConstants.MODEL_RESPONSE_MODEL, result.model());
            set(
                    message,
                    BactrianConstants.MODEL_FINISH_REASON,
                    result.finishReason().text());
            usage(message, result.usage(), result.price());
        } else if (reply instanceof TextEmbeddingResult result) {
            set(message, BactrianConstants.MODEL_RESPONSE_MODEL, result.model());
            usage(message, result.usage(), result.price());
        }
    }

    private static void usage(Message message, @Nullable TokenUsage usage, @Nullable Price price) {
        if (usage != null) {
            message.setHeader(BactrianConstants.MODEL_USAGE_PROMPT_TOKENS, usage.promptTokens());
            message.setHeader(BactrianConstants.MODEL_USAGE_COMPLETION_TOKENS, usage.completionTokens());
            message.setHeader(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS, usage.totalTokens());
            message.setHeader(BactrianConstants.MODEL_USAGE_CACHED_TOKENS, usage.cacheRead());
            message.setHeader(BactrianConstants.MODEL_USAGE_REASONING_TOKENS, usage.reasoning());
        }
        if (price != null) {
            message.setHeader(BactrianConstants.MODEL_PRICE_TOTAL, price.total());
            message.setHeader(BactrianConstants.MODEL_PRICE_CURRENCY, price.currency());
        }
    }

    private static void set(Message message, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            message.setHeader(name, value);
        }
    }
}
