package io.bactrian.json;

import io.bactrian.core.model.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * A chat request as it came in the OpenAI shape.
 *
 * @param model the model asked for; null if it was left out
 * @param request the question
 * @param includeUsage whether {@code stream_options.include_usage} asks for the usage in the stream
 */
public record OpenAiChatRequest(@Nullable String model, LlmRequest request, boolean includeUsage) {}
