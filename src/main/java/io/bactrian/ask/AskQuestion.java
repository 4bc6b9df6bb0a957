package io.bactrian.ask;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to {@code /ask}.
 *
 * @param text the question; empty when the client sends OpenAI's chat shape, or has a run go on
 * @param body what the agent gets: the question, the JSON of the chat shape, or {@code {"approval":"ID"}}
 * @param conversation the conversation it belongs to; null for none
 * @param stream whether the body asks for a stream; null if it does not say
 */
record AskQuestion(
        String text,
        String body,
        @Nullable String conversation,
        @Nullable Boolean stream) {

    private static final int LONGEST = 100_000;
    private static final String QUESTION = "question";
    private static final String CONVERSATION = "conversation";
    private static final String STREAM = "stream";
    private static final String FORMS =
            "send {\"question\":\"…\"} or OpenAI's chat shape {\"messages\":[…]}, each with an optional \"conversation\" and \"stream\","
                    + " {\"approval\":\"ID\"} to go on with a call that was approved, or the question as plain text";

    /** @throws BadRequestException with {@code invalid_param} if the body is none of the forms */
    static AskQuestion read(@Nullable String body, JsonCodec json) {
        if (body == null || body.isBlank()) {
            throw wrong("the body is empty");
        }
        String text = body.strip();
        if (!text.startsWith("{")) {
            return ofText(text, null, null);
        }
        JsonObject object = object(text, json);
        if (object.findText(QUESTION).filter(question -> !question.isBlank()).isPresent()
                && Set.of(QUESTION, CONVERSATION, STREAM).containsAll(object.names())) {
            return ofText(object.findText(QUESTION).orElse(""), conversation(object), stream(object));
        }
        if (object.has("messages")) {
            return new AskQuestion("", chat(object, text, json), conversation(object), stream(object));
        }
        if (object.findText("approval").isPresent()
                && Set.of("approval", STREAM).containsAll(object.names())) {
            String approval =
                    json.write(JsonObject.of("approval", object.members().get("approval")));
            return new AskQuestion("", approval, null, stream(object));
        }
        throw wrong("the JSON in the body is no question");
    }

    private static JsonObject object(String text, JsonCodec json) {
        try {
            if (json.parse(text) instanceof JsonObject object) {
                return object;
            }
        } catch (BadRequestException e) {
            throw wrong("the body begins like JSON, but " + e.getMessage());
        }
        throw wrong("the JSON in the body is no object");
    }

    private static @Nullable String conversation(JsonObject object) {
        if (!object.has(CONVERSATION)) {
            return null;
        }
        if (object.find(CONVERSATION).orElseThrow() instanceof JsonString id
                && !id.value().isBlank()
                && id.value().length() <= 256) {
            return id.value();
        }
        throw wrong("conversation is a text of 1 to 256 characters");
    }

    /** The chat shape alone: it knows no conversations. */
    private static String chat(JsonObject object, String text, JsonCodec json) {
        if (!object.has(CONVERSATION)) {
            return text;
        }
        Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
        members.remove(CONVERSATION);
        return json.write(new JsonObject(members));
    }

    private static @Nullable Boolean stream(JsonObject object) {
        JsonValue stream = object.find(STREAM).orElse(JsonNull.NULL);
        if (stream == JsonNull.NULL) {
            return null;
        }
        if (stream instanceof JsonBoolean truth) {
            return truth.value();
        }
        throw wrong("stream is true or false");
    }

    private static AskQuestion ofText(String question, @Nullable String conversation, @Nullable Boolean stream) {
        if (question.length() > LONGEST) {
            throw wrong("the question is longer than " + LONGEST + " characters");
        }
        return new AskQuestion(question.strip(), question.strip(), conversation, stream);
    }

    private static BadRequestException wrong(String problem) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, problem + ": " + FORMS);
    }
}
