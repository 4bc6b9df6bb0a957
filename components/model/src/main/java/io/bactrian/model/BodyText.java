package io.bactrian.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.json.JsonMappers;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;

/** Bodies as text. */
final class BodyText {

    private BodyText() {}

    /**
     * The text of a body that is none of ours: bytes, streams, files and whatever Camel converts.
     *
     * @param accepted what it could have been, for the message
     */
    static String of(Object body, Message message, String accepted) {
        CamelContext context = message.getExchange().getContext();
        String text = convertible(body, context)
                ? context.getTypeConverter().tryConvertTo(String.class, message.getExchange(), body)
                : null;
        if (text == null) {
            // its class, not its value: that may be anything
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the body is a " + body.getClass().getName() + ": it has to be " + accepted);
        }
        return text;
    }

    /** Camel makes text of any object by its toString, as a last resort; that is no question to a model. */
    private static boolean convertible(Object body, CamelContext context) {
        return body instanceof CharSequence
                || body instanceof WrappedFile<?>
                || context.getTypeConverterRegistry().lookup(String.class, body.getClass()) != null;
    }

    /**
     * Whether a text is a JSON object with that field at its top. Text that only looks like JSON is text.
     */
    static boolean isJsonWith(String field, String text) {
        if (!text.stripLeading().startsWith("{")) {
            return false;
        }
        try (JsonParser parser = JsonMappers.factory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (field.equals(parser.currentName())) {
                    return true;
                }
                parser.nextToken();
                parser.skipChildren();
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
