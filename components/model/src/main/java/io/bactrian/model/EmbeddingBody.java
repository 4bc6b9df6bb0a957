package io.bactrian.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.json.OpenAiJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Makes the texts to be embedded of a message's body and the endpoint's settings. */
final class EmbeddingBody {

    private static final String ACCEPTED =
            "a String, List of String, TextEmbeddingRequest, a Map or JSON in the shape of"
                    + " the OpenAI embeddings API (with \"input\"), or something that Camel converts to text";

    private EmbeddingBody() {}

    /** @throws BadRequestException with {@code invalid_param} if the body is none of the accepted kinds */
    static TextEmbeddingRequest request(Message message, ModelSettings settings) {
        TextEmbeddingRequest asked = asked(message.getBody(), message, settings);
        if (asked.texts().isEmpty() || asked.texts().stream().anyMatch(String::isBlank)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "there is no text to embed: the texts must be there and not be blank");
        }
        return new TextEmbeddingRequest(
                asked.texts(),
                asked.inputType(),
                asked.parameters()
                        .overriddenBy(settings.parameters())
                        .overriddenBy(settings.overrides().parameters(message, settings.type())));
    }

    private static TextEmbeddingRequest asked(@Nullable Object body, Message message, ModelSettings settings) {
        if (body instanceof TextEmbeddingRequest request) {
            return request;
        }
        if (body instanceof List<?> list) {
            return ofList(list, settings);
        }
        if (body instanceof String[] texts) {
            return ofList(Arrays.asList(texts), settings);
        }
        if (body instanceof Map<?, ?> map) {
            return of(OpenAiJson.readEmbeddingRequest(map).request(), settings);
        }
        if (body == null) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "the body is empty: it has to be " + ACCEPTED);
        }
        String text = body instanceof String given ? given : BodyText.of(body, message, ACCEPTED);
        return BodyText.isJsonWith("input", text)
                ? of(OpenAiJson.readEmbeddingRequest(text).request(), settings)
                : of(TextEmbeddingRequest.ofDocuments(List.of(text)), settings);
    }

    private static TextEmbeddingRequest ofList(List<?> list, ModelSettings settings) {
        if (!list.stream().allMatch(CharSequence.class::isInstance)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the body is a List of something else: it has to be " + ACCEPTED);
        }
        return of(
                TextEmbeddingRequest.ofDocuments(
                        list.stream().map(Object::toString).toList()),
                settings);
    }

    private static TextEmbeddingRequest of(TextEmbeddingRequest asked, ModelSettings settings) {
        return settings.inputType() == null
                ? asked
                : new TextEmbeddingRequest(asked.texts(), settings.inputType(), asked.parameters());
    }
}
