package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text, strictly. Jackson's messages quote what stands around an error, so errors keep their kind and place
 * alone. Used once.
 */
final class JsonValueReader {

    /** The range that others read without making zero or infinity of it: that of a double. */
    private static final int GREATEST_EXPONENT = 308;

    private static final int LEAST_EXPONENT = -324;

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final String json;
    private int parts;

    JsonValueReader(String json) {
        this.json = json;
    }

    JsonValue read() {
        if (json.length() > ToolJson.LONGEST_DOCUMENT) {
            throw JsonWriting.invalid("the JSON has more than " + ToolJson.LONGEST_DOCUMENT + " characters");
        }
        if (!json.isEmpty() && json.charAt(0) == BYTE_ORDER_MARK) {
            throw JsonWriting.invalid("the JSON begins with a byte order mark: leave it out");
        }
        try (JsonParser parser = JsonMappers.factory().createParser(json)) {
            return document(parser);
        } catch (StreamConstraintsException e) {
            throw JsonWriting.invalid("the JSON goes beyond the limits: " + JsonMappers.DEEPEST + " levels, "
                    + JsonMappers.LONGEST_NAME + " characters a name, " + ToolJson.LONGEST_NUMBER + " a number");
        } catch (IOException e) {
            throw JsonWriting.invalid("the JSON is not valid" + Malformed.place(e));
        }
    }

    private JsonValue document(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw JsonWriting.invalid("the JSON is empty");
        }
        JsonValue value = value(parser, first);
        if (parser.nextToken() != null) {
            throw wrong("has something after its end", parser);
        }
        return value;
    }

    private JsonValue value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw wrong("ends too early", parser);
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new JsonString(whole(parser.getText(), parser));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw wrong("has no value where one is expected", parser);
        };
    }

    private JsonObject object(JsonParser parser) throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            count(parser);
            String name = whole(parser.currentName(), parser);
            if (members.containsKey(name)) {
                throw wrong("has a name twice in one object", parser);
            }
            members.put(name, value(parser, parser.nextToken()));
        }
        return new JsonObject(members);
    }

    private JsonArray array(JsonParser parser) throws IOException {
        List<JsonValue> elements = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            count(parser);
            elements.add(value(parser, token));
            token = parser.nextToken();
        }
        return new JsonArray(elements);
    }

    private static JsonNumber number(JsonParser parser) throws IOException {
        if (parser.getTextLength() > ToolJson.LONGEST_NUMBER) {
            throw wrong("has a number of more than " + ToolJson.LONGEST_NUMBER + " characters", parser);
        }
        BigDecimal value;
        try {
            value = parser.getDecimalValue();
        } catch (ArithmeticException | NumberFormatException e) {
            throw beyond(parser);
        }
        if (value.signum() == 0) {
            // 0e999999 is zero too
            return new JsonNumber(Math.abs((long) value.scale()) > ToolJson.LONGEST_NUMBER ? BigDecimal.ZERO : value);
        }
        long exponent = (long) value.precision() - value.scale() - 1;
        if (exponent > GREATEST_EXPONENT || exponent < LEAST_EXPONENT) {
            throw beyond(parser);
        }
        return new JsonNumber(value);
    }

    private static BadRequestException beyond(JsonParser parser) {
        return wrong(
                "has a number that is not between 1e" + LEAST_EXPONENT + " and 1e" + GREATEST_EXPONENT + " in size",
                parser);
    }

    private void count(JsonParser parser) {
        parts++;
        if (parts > ToolJson.MOST_PARTS) {
            throw wrong("has more than " + ToolJson.MOST_PARTS + " members and elements", parser);
        }
    }

    private static String whole(String text, JsonParser parser) {
        if (Surrogates.anyAlone(text)) {
            throw wrong("has half of a surrogate pair in a text", parser);
        }
        return text;
    }

    private static BadRequestException wrong(String what, JsonParser parser) {
        return JsonWriting.invalid("the JSON " + what + Malformed.place(parser.currentTokenLocation()));
    }
}
