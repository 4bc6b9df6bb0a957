package io.bactrian.model;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.json.JsonSchemas;
import java.util.Locale;

/** Reads an answer into the class that the route asked for. */
final class StructuredAnswer {

    private StructuredAnswer() {}

    /** @throws ProtocolException if the answer does not fit, naming the path */
    static Object read(LlmResult result, Class<?> type) {
        if (result.finishReason() == FinishReason.LENGTH || result.finishReason() == FinishReason.CONTENT_FILTER) {
            throw new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR,
                    "the model's answer does not fit " + type.getSimpleName() + ": it was cut off (finish reason "
                            + result.finishReason().text() + "); raise maxTokens or change the prompt");
        }
        return JsonSchemas.bind(withoutFence(result.text()), type);
    }

    /** Models that do not know schemas like to put JSON between the marks of a Markdown code block. */
    private static String withoutFence(String text) {
        String bare = text.strip();
        if (!bare.startsWith("```") || !bare.endsWith("```") || bare.length() < 6) {
            return bare;
        }
        String inner = bare.substring(3, bare.length() - 3);
        return inner.toLowerCase(Locale.ROOT).startsWith("json") ? inner.substring(4) : inner;
    }
}
