package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Steps over a parser that holds a whole value: its end is an error wherever it comes. */
final class Tokens {

    private Tokens() {}

    /** The next token, which must be there. */
    static JsonToken next(JsonParser json) throws IOException {
        JsonToken token = json.nextToken();
        if (token == null || token == JsonToken.NOT_AVAILABLE) {
            throw Malformed.answer("is cut off in the middle of its JSON");
        }
        return token;
    }

    /** Steps to the next name of the object the parser is in; false at its end. */
    static boolean nextField(JsonParser json) throws IOException {
        return next(json) == JsonToken.FIELD_NAME;
    }

    /** Skips the value that the parser stands on. */
    static void skip(JsonParser json) throws IOException {
        json.skipChildren();
    }

    /** The text that the parser stands on; scalars as text; null for null, objects and arrays, which are skipped. */
    static @Nullable String text(JsonParser json, JsonToken value) throws IOException {
        if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            return json.getText();
        }
        json.skipChildren();
        return null;
    }

    /** As {@link #text}, but gives {@code known} back where that is the text: most pieces of a stream repeat it. */
    static @Nullable String same(JsonParser json, JsonToken value, @Nullable String known) throws IOException {
        if (known != null && value == JsonToken.VALUE_STRING && isText(json, known)) {
            return known;
        }
        String text = text(json, value);
        return text == null ? known : text;
    }

    static boolean isText(JsonParser json, String expected) throws IOException {
        int length = json.getTextLength();
        if (length != expected.length()) {
            return false;
        }
        char[] characters = json.getTextCharacters();
        int offset = json.getTextOffset();
        for (int i = 0; i < length; i++) {
            if (characters[offset + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The structure that the parser stands on, as JSON text. */
    static String raw(JsonParser json) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JsonMappers.factory().createGenerator(out)) {
            generator.copyCurrentStructureExact(json);
        }
        return out.toString();
    }
}
