package io.bactrian.ask;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to {@code /ask}.
 *
 * @param text the question; empty when the client sends OpenAI's chat shape, or has a run go on
 * @param body what the agent gets: the question, the JSON of the chat shape, or {@code {"approval":"ID"}}
 * @param conversation the conversation it belongs to; null for none
 */
record AskQuestion(String text, String body, @Nullable String conversation) {

    private static final int LONGEST = 100_000;
    private static final String FORMS =
            "send {\"question\":\"…\"} with an optional \"conversation\", OpenAI's chat shape {\"messages\":[…]},"
                    + " {\"approval\":\"ID\"} to go on with a call that was approved, or the question as plain text";

    /** @throws BadRequestException with {@code invalid_param} if the body is none of the forms */
    static AskQuestion read(@Nullable String body, JsonCodec json) {
        if (body == null || body.isBlank()) {
            throw wrong("the body is empty");
        }
        String text = body.strip();
        if (!text.startsWith("{")) {
            return ofText(text, null);
        }
        JsonObject object = object(text, json);
        if (object.findText("question").filter(question -> !question.isBlank()).isPresent()
                && Set.of("question", "conversation").containsAll(object.names())) {
            return ofText(object.findText("question").orElse(""), conversation(object));
        }
        boolean chat = object.has("messages");
        boolean approval =
                object.members().size() == 1 && object.findText("approval").isPresent();
        if (chat || approval) {
            return new AskQuestion("", text, null);
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
        if (!object.has("conversation")) {
            return null;
        }
        if (object.find("conversation").orElseThrow() instanceof JsonString id
                && !id.value().isBlank()
                && id.value().length() <= 256) {
            return id.value();
        }
        throw wrong("conversation is a text of 1 to 256 characters");
    }

    private static AskQuestion ofText(String question, @Nullable String conversation) {
        if (question.length() > LONGEST) {
            throw wrong("the question is longer than " + LONGEST + " characters");
        }
        return new AskQuestion(question.strip(), question.strip(), conversation);
    }

    private static BadRequestException wrong(String problem) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, problem + ": " + FORMS);
    }
}
