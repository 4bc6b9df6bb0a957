package io.bactrian.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;

/** Writes one value as JSON text, compact. Used once. */
final class JsonValueWriter {

    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final StringBuilder out = new StringBuilder();

    String write(JsonValue value) {
        value(value, 0);
        return out.toString();
    }

    private void value(JsonValue value, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw JsonWriting.invalid("the value is nested more than " + JsonValue.DEEPEST + " deep");
        }
        if (value instanceof JsonObject object) {
            object(object, depth);
        } else if (value instanceof JsonArray array) {
            array(array, depth);
        } else if (value instanceof JsonString text) {
            text(text.value());
        } else if (value instanceof JsonNumber number) {
            out.append(JsonWriting.numberText(number.value()));
        } else if (value instanceof JsonBoolean truth) {
            out.append(truth.value());
        } else if (value instanceof JsonNull) {
            out.append("null");
        }
    }

    private void object(JsonObject object, int depth) {
        char before = '{';
        for (String name : object.names()) {
            out.append(before);
            text(name);
            out.append(':');
            value(object.find(name).orElseThrow(), depth + 1);
            before = ',';
        }
        out.append(before == '{' ? "{}" : "}");
    }

    private void array(JsonArray array, int depth) {
        char before = '[';
        for (JsonValue element : array.elements()) {
            out.append(before);
            value(element, depth + 1);
            before = ',';
        }
        out.append(before == '[' ? "[]" : "]");
    }

    private void text(String text) {
        out.append('"');
        if (Surrogates.anyAlone(text)) {
            escaped(text);
        } else {
            ENCODER.quoteAsString(text, out);
        }
        out.append('"');
    }

    /** Half a pair has no UTF-8, and would be lost on the way: it stays as an escape. */
    private void escaped(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16);
        ENCODER.quoteAsString(text, quoted);
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (!Character.isSurrogate(c)) {
                out.append(c);
            } else if (Surrogates.alone(quoted, i)) {
                out.append("\\u").append(Integer.toHexString(c));
            } else {
                out.append(c).append(quoted.charAt(++i));
            }
        }
    }
}
