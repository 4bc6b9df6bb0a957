package io.bactrian.core.model;

/**
 * A piece of JSON as text: a schema, the arguments of a tool call. Kept as it came; whoever needs its structure parses it.
 *
 * @param json the text
 */
public record JsonText(String json) {
    @Override
    public String toString() {
        return json;
    }
}
