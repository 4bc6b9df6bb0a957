package io.bactrian.core.model;

import io.bactrian.core.provider.ModelType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to a language model.
 *
 * @param messages the prompt, at least one message
 * @param parameters model parameters such as {@code temperature}
 * @param tools tools the model may call
 * @param toolChoice whether it has to; null for the provider's default
 * @param stop texts that end the answer
 * @param responseFormat the form of the answer; null for the provider's default
 * @param stream whether the answer comes piece by piece
 * @param user who is asking, as the provider may learn it; null for nobody in particular
 */
public record LlmRequest(
        List<PromptMessage> messages,
        ModelParameters parameters,
        List<PromptMessageTool> tools,
        @Nullable ToolChoice toolChoice,
        List<String> stop,
        @Nullable ResponseFormat responseFormat,
        boolean stream,
        @Nullable String user)
        implements ModelRequest {

    /** Copies the lists. */
    public LlmRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
    }

    /** A question in plain text. */
    public static LlmRequest ofText(String question) {
        return of(List.of(new PromptMessage.User(question)));
    }

    /** A prompt without anything else. */
    public static LlmRequest of(List<PromptMessage> messages) {
        return new LlmRequest(messages, ModelParameters.NONE, List.of(), null, List.of(), null, false, null);
    }

    /** The same question, with the answer piece by piece or whole. */
    public LlmRequest streaming(boolean streaming) {
        return streaming == stream
                ? this
                : new LlmRequest(messages, parameters, tools, toolChoice, stop, responseFormat, streaming, user);
    }

    /** The same question with other parameters. */
    public LlmRequest withParameters(ModelParameters changed) {
        return new LlmRequest(messages, changed, tools, toolChoice, stop, responseFormat, stream, user);
    }

    /** The same question with another form of answer. */
    public LlmRequest withResponseFormat(@Nullable ResponseFormat changed) {
        return new LlmRequest(messages, parameters, tools, toolChoice, stop, changed, stream, user);
    }

    @Override
    public ModelType type() {
        return ModelType.LLM;
    }
}
