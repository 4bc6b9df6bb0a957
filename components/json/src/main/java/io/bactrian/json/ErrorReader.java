package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.error.ProtocolException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads errors in the shapes seen in the field: {@code {"error":{…}}}, {@code {"error":"text"}}, the fields at the top
 * (vLLM, Alibaba), {@code {"detail":…}} (FastAPI), and an array of one (Google). Takes what it can get: a body cut off
 * in the middle gives what came before.
 */
final class ErrorReader {

    private @Nullable String message;
    private @Nullable String type;
    private @Nullable String code;
    private @Nullable String param;
    private @Nullable String innerCode;
    private @Nullable String retryDelay;

    private ErrorReader() {}

    /** What a body says of an error; empty if it is not JSON or says nothing. */
    static OpenAiError readBody(byte[] json, int offset, int length) {
        ErrorReader reader = new ErrorReader();
        try (JsonParser parser = JsonMappers.factory().createParser(json, offset, length)) {
            JsonToken token = parser.nextToken();
            while (token == JsonToken.START_ARRAY) {
                token = parser.nextToken();
            }
            if (token == JsonToken.START_OBJECT) {
                reader.fields(parser);
            }
        } catch (IOException | ProtocolException cutOff) {
            // an error page of 4 KiB may end anywhere: what was read so far is what is known
            return reader.error();
        }
        return reader.error();
    }

    /** The error that the parser stands on: an object, or a text. */
    static OpenAiError readValue(JsonParser json) throws IOException {
        ErrorReader reader = new ErrorReader();
        reader.value(json, json.currentToken());
        return reader.error();
    }

    private void value(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.START_OBJECT) {
            fields(json);
            return;
        }
        String text = Tokens.text(json, value);
        message = text == null ? message : text;
    }

    private void fields(JsonParser json) throws IOException {
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "error" -> value(json, value);
                case "message", "msg" -> message = first(message, json, value);
                case "type", "status" -> type = first(type, json, value);
                case "code" -> code = first(code, json, value);
                case "param" -> param = first(param, json, value);
                case "retryDelay" -> retryDelay = first(retryDelay, json, value);
                case "detail", "details", "errors" -> nested(json, value);
                case "innererror", "inner_error" -> inner(json, value);
                default -> Tokens.skip(json);
            }
        }
    }

    private void nested(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            value(json, value);
            return;
        }
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (item == JsonToken.START_OBJECT) {
                fields(json);
            } else if (message == null && item == JsonToken.VALUE_STRING) {
                message = json.getText();
            } else {
                Tokens.skip(json);
            }
        }
    }

    private void inner(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return;
        }
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken field = Tokens.next(json);
            if ("code".equals(name)) {
                innerCode = first(innerCode, json, field);
            } else {
                Tokens.skip(json);
            }
        }
    }

    private static @Nullable String first(@Nullable String known, JsonParser json, JsonToken value) throws IOException {
        String text = Tokens.text(json, value);
        return known == null && text != null && !text.isEmpty() ? text : known;
    }

    private OpenAiError error() {
        return new OpenAiError(message, type, code, param, innerCode, retryDelay);
    }
}
