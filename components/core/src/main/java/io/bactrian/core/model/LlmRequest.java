package io.bactrian.core.model;

import io.bactrian.core.provider.ModelType;
import java.time.Duration;
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
 * @param firstTokenTimeout how long an answer that comes piece by piece may take until its first content is there; null for as
 *     long as the call has
 */
public record LlmRequest(
        List<PromptMessage> messages,
        ModelParameters parameters,
        List<PromptMessageTool> tools,
        @Nullable ToolChoice toolChoice,
        List<String> stop,
        @Nullable ResponseFormat responseFormat,
        boolean stream,
        @Nullable String user,
        @Nullable Duration firstTokenTimeout)
        implements ModelRequest {

    /** Copies the lists. */
    public LlmRequest {
        if (firstTokenTimeout != null && (firstTokenTimeout.isNegative() || firstTokenTimeout.isZero())) {
            throw new IllegalArgumentException("firstTokenTimeout is longer than zero");
        }
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
    }

    /** A question whose answer may take as long as the call has. */
    public LlmRequest(
            List<PromptMessage> messages,
            ModelParameters parameters,
            List<PromptMessageTool> tools,
            @Nullable ToolChoice toolChoice,
            List<String> stop,
            @Nullable ResponseFormat responseFormat,
            boolean stream,
            @Nullable String user) {
        this(messages, parameters, tools, toolChoice, stop, responseFormat, stream, user, null);
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
        return streaming == stream ? this : with(parameters, responseFormat, streaming, firstTokenTimeout);
    }

    /** The same question with other parameters. */
    public LlmRequest withParameters(ModelParameters changed) {
        return with(changed, responseFormat, stream, firstTokenTimeout);
    }

    /** The same question with another form of answer. */
    public LlmRequest withResponseFormat(@Nullable ResponseFormat changed) {
        return with(parameters, changed, stream, firstTokenTimeout);
    }

    /** The same question with another time for its first content. */
    public LlmRequest withFirstTokenTimeout(@Nullable Duration changed) {
        return with(parameters, responseFormat, stream, changed);
    }

    private LlmRequest with(
            ModelParameters changed,
            @Nullable ResponseFormat format,
            boolean streaming,
            @Nullable Duration firstToken) {
        return new LlmRequest(messages, changed, tools, toolChoice, stop, format, streaming, user, firstToken);
    }

    @Override
    public ModelType type() {
        return ModelType.LLM;
    }
}
