package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.json.OpenAiJson;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/** Makes of a message's body what an agent is asked. */
final class AgentBody {

    private static final String ACCEPTED =
            "a String, PromptMessage, List of PromptMessage, LlmRequest, a Map or JSON in the shape of the OpenAI chat API"
                    + " (with \"messages\"), {\"approval\":\"ID\"} or an AgentResume to go on, or something that Camel"
                    + " converts to text";

    private AgentBody() {}

    /** What an agent is asked: a question, or to go on. */
    sealed interface Asked {

        /**
         * A question.
         *
         * @param request the question
         */
        record Question(LlmRequest request) implements Asked {}

        /**
         * To go on with a run.
         *
         * @param approval the approval that it waited for
         */
        record Resume(String approval) implements Asked {}
    }

    /** @throws BadRequestException with {@code invalid_param} if the body is none of the accepted kinds */
    static Asked read(Message message, JsonCodec json) {
        Asked asked = asked(message.getBody(), message, json);
        if (asked instanceof Asked.Question question) {
            check(question.request());
        }
        return asked;
    }

    private static void check(LlmRequest request) {
        if (request.messages().isEmpty()) {
            throw wrong("the prompt is empty: it needs at least one message");
        }
        if (!request.tools().isEmpty() || request.toolChoice() != null) {
            throw wrong("an agent brings its own tools: leave tools and tool_choice out");
        }
        if (!AgentPrompt.openCalls(request.messages()).isEmpty()) {
            // they would be the caller's calls, and only the model's are made
            throw wrong(
                    "the last answer in the prompt calls tools that no message answers: add their results, or leave it out");
        }
    }

    private static Asked asked(@Nullable Object body, Message message, JsonCodec json) {
        if (body instanceof AgentResume resume) {
            return new Asked.Resume(resume.approval());
        }
        if (body instanceof LlmRequest request) {
            return new Asked.Question(request);
        }
        if (body instanceof PromptMessage prompt) {
            return new Asked.Question(LlmRequest.of(List.of(prompt)));
        }
        if (body instanceof List<?> list) {
            return new Asked.Question(ofList(list));
        }
        if (body instanceof Map<?, ?> map) {
            return map.get("approval") instanceof String id && map.size() == 1
                    ? new Asked.Resume(id)
                    : new Asked.Question(OpenAiJson.readChatRequest(map).request());
        }
        if (body == null) {
            throw wrong("the body is empty: it has to be " + ACCEPTED);
        }
        return ofText(text(body, message), json);
    }

    private static Asked ofText(String text, JsonCodec json) {
        if (text.isBlank()) {
            throw wrong("the body is blank: it has to be " + ACCEPTED);
        }
        if (text.strip().startsWith("{")) {
            JsonValue value = parsed(text, json);
            if (value instanceof JsonObject object
                    && object.members().size() == 1
                    && object.findText("approval").isPresent()) {
                return new Asked.Resume(object.findText("approval").get());
            }
            if (value instanceof JsonObject object && object.has("messages")) {
                return new Asked.Question(OpenAiJson.readChatRequest(text).request());
            }
        }
        return new Asked.Question(LlmRequest.ofText(text));
    }

    /** The JSON of a text; text that only looks like JSON is text. */
    private static @Nullable JsonValue parsed(String text, JsonCodec json) {
        try {
            return json.parse(text.strip());
        } catch (BadRequestException e) {
            return null;
        }
    }

    private static LlmRequest ofList(List<?> list) {
        if (list.stream().allMatch(PromptMessage.class::isInstance)) {
            return LlmRequest.of(list.stream().map(PromptMessage.class::cast).toList());
        }
        if (list.stream().allMatch(Map.class::isInstance)) {
            return OpenAiJson.readChatRequest(Map.of("messages", list)).request();
        }
        throw wrong("the body is a List of something else: it has to be " + ACCEPTED);
    }

    private static String text(Object body, Message message) {
        CamelContext context = message.getExchange().getContext();
        // Camel makes text of any object by its toString, as a last resort; that is no question
        boolean convertible = body instanceof CharSequence
                || body instanceof WrappedFile<?>
                || context.getTypeConverterRegistry().lookup(String.class, body.getClass()) != null;
        String text =
                convertible ? context.getTypeConverter().tryConvertTo(String.class, message.getExchange(), body) : null;
        if (text == null) {
            throw wrong("the body is a " + body.getClass().getName() + ": it has to be " + ACCEPTED);
        }
        return text;
    }

    private static BadRequestException wrong(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
