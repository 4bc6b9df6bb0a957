package io.bactrian.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.json.OpenAiJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Makes the question of a message's body and the endpoint's settings. */
final class LlmBody {

    private static final String ACCEPTED =
            "a String, PromptMessage, List of PromptMessage, LlmRequest, a Map or JSON in"
                    + " the shape of the OpenAI chat API (with \"messages\"), or something that Camel converts to text";

    private LlmBody() {}

    /** @throws BadRequestException with {@code invalid_param} if the body is none of the accepted kinds */
    static LlmRequest request(Message message, ModelSettings settings) {
        LlmRequest asked = asked(message.getBody(), message);
        List<String> stop = settings.overrides().stop(message);
        if (stop == null) {
            stop = settings.stop().isEmpty() ? asked.stop() : settings.stop();
        }
        return new LlmRequest(
                messages(asked, settings.systemMessage()),
                asked.parameters()
                        .overriddenBy(settings.parameters())
                        .overriddenBy(settings.overrides().parameters(message, settings.type())),
                asked.tools(),
                asked.toolChoice(),
                stop,
                settings.responseFormat() == null ? asked.responseFormat() : settings.responseFormat(),
                settings.stream(),
                settings.user() == null ? asked.user() : settings.user(),
                settings.firstTokenTimeout() == null ? asked.firstTokenTimeout() : settings.firstTokenTimeout());
    }

    private static List<PromptMessage> messages(LlmRequest asked, @Nullable PromptMessage instructions) {
        if (asked.messages().isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the prompt is empty: it needs at least one message");
        }
        if (instructions == null) {
            return asked.messages();
        }
        List<PromptMessage> all = new ArrayList<>(asked.messages().size() + 1);
        all.add(instructions);
        all.addAll(asked.messages());
        return all;
    }

    private static LlmRequest asked(@Nullable Object body, Message message) {
        if (body instanceof String text) {
            return ofText(text);
        }
        if (body instanceof LlmRequest request) {
            return request;
        }
        if (body instanceof PromptMessage prompt) {
            return LlmRequest.of(List.of(prompt));
        }
        if (body instanceof List<?> list) {
            return ofList(list);
        }
        if (body instanceof Map<?, ?> map) {
            return OpenAiJson.readChatRequest(map).request();
        }
        if (body == null) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "the body is empty: it has to be " + ACCEPTED);
        }
        return ofText(BodyText.of(body, message, ACCEPTED));
    }

    private static LlmRequest ofText(String text) {
        if (text.isBlank()) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "the body is blank: it has to be " + ACCEPTED);
        }
        return BodyText.isJsonWith("messages", text)
                ? OpenAiJson.readChatRequest(text).request()
                : LlmRequest.ofText(text);
    }

    private static LlmRequest ofList(List<?> list) {
        if (list.stream().allMatch(PromptMessage.class::isInstance)) {
            return LlmRequest.of(list.stream().map(PromptMessage.class::cast).toList());
        }
        if (list.stream().allMatch(Map.class::isInstance)) {
            return OpenAiJson.readChatRequest(Map.of("messages", list)).request();
        }
        throw new BadRequestException(
                ErrorCode.INVALID_PARAM, "the body is a List of something else: it has to be " + ACCEPTED);
    }
}
