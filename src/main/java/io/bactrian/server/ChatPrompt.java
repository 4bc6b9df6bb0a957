package io.bactrian.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.json.JsonMappers;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** The step of {@code routes/chat.yaml} before the model: what is asked, in any of the three forms a client may send it in. */
public final class ChatPrompt {

    private static final String FORMS =
            "send {\"question\":\"…\"}, OpenAI's chat shape {\"messages\":[…]}, or the question as plain text";

    /**
     * What the model is asked: the question, or the JSON of OpenAI's chat shape as it came.
     *
     * @throws BadRequestException with {@code invalid_param} if the body is none of the three
     */
    public String prompt(@Body @Nullable String body) {
        if (body == null || body.isBlank()) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "the body is empty: " + FORMS);
        }
        String text = body.strip();
        if (!text.startsWith("{")) {
            return text;
        }
        JsonNode json = parsed(text);
        JsonNode question = json.get("question");
        if (question != null && question.isTextual() && !question.asText().isBlank() && json.size() == 1) {
            return question.asText();
        }
        if (json.has("messages")) {
            return text;
        }
        throw new BadRequestException(ErrorCode.INVALID_PARAM, "the JSON in the body is no question: " + FORMS);
    }

    private static JsonNode parsed(String text) {
        try {
            return JsonMappers.strict().readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the body is no valid JSON (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + "): " + FORMS);
        }
    }
}
