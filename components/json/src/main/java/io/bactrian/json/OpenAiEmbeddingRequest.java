package io.bactrian.json;

import io.bactrian.core.model.TextEmbeddingRequest;
import org.jspecify.annotations.Nullable;

/**
 * An embedding request as it came in the OpenAI shape.
 *
 * @param model the model asked for; null if it was left out
 * @param request the texts
 * @param base64 whether {@code encoding_format} asks for vectors as base64 of little-endian floats
 */
public record OpenAiEmbeddingRequest(@Nullable String model, TextEmbeddingRequest request, boolean base64) {}
