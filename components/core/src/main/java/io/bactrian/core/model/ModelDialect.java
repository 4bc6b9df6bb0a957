package io.bactrian.core.model;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import java.util.Optional;

/**
 * Speaks to one kind of model back end: a wire protocol, or models in the JVM. Makes one attempt per call; retries, keys
 * and limits are not its business. Thread-safe. Errors are {@link io.bactrian.core.error.InvokeException}s.
 */
public interface ModelDialect extends AutoCloseable {

    /** The name that provider declarations refer to. */
    String name();

    /** Asks a language model and waits for the whole answer. */
    default LlmResult invokeLlm(ModelCall call, LlmRequest request) {
        throw unsupported(ModelType.LLM);
    }

    /**
     * Asks a language model. Returns when the provider has accepted the question, with the answer to come; errors after
     * that come out of the stream. With a {@link LlmRequest#firstTokenTimeout} the first content is there within that time,
     * counted from now, or the call ends with {@code TIMEOUT_FIRST_TOKEN}.
     */
    default ModelStream streamLlm(ModelCall call, LlmRequest request) {
        throw unsupported(ModelType.LLM);
    }

    /** Turns texts into vectors. */
    default TextEmbeddingResult invokeTextEmbedding(ModelCall call, TextEmbeddingRequest request) {
        throw unsupported(ModelType.TEXT_EMBEDDING);
    }

    /**
     * Asks the other side whether credentials open it.
     *
     * @throws io.bactrian.core.error.InvokeException if they do not, or it could not be asked
     */
    void validate(ProviderEntity provider, Credentials credentials, Deadline deadline);

    /** What is known of a model that a user named, from its credentials; empty to take the provider's template. */
    default Optional<AIModelEntity> describe(
            ProviderEntity provider, ModelType type, String model, Credentials credentials) {
        return Optional.empty();
    }

    @Override
    default void close() {}

    private BadRequestException unsupported(ModelType type) {
        return new BadRequestException(
                ErrorCode.MODEL_TYPE_UNSUPPORTED,
                "the dialect '" + name() + "' does not speak to models of type " + type);
    }
}
