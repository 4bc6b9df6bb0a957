package io.bactrian.core.json;

/**
 * A text of JSON.
 *
 * @param value the text
 */
public record JsonString(String value) implements JsonValue {

    @Override
    public String toJava() {
        return value;
    }

    @Override
    public String kind() {
        return "string";
    }
}
