package io.bactrian.core.model;

import io.bactrian.core.invoke.InvocationRequest;
import io.bactrian.core.provider.ModelType;

/** What a model is asked. */
public sealed interface ModelRequest extends InvocationRequest permits LlmRequest, TextEmbeddingRequest {

    /** The type of model that can answer. */
    ModelType type();
}
