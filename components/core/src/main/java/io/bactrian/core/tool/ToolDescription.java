package io.bactrian.core.tool;

/**
 * What a tool is good for.
 *
 * @param human for people
 * @param llm for a model, which chooses by it
 */
public record ToolDescription(I18nText human, String llm) {

    /** The same text for people and models. */
    public static ToolDescription of(String text) {
        return new ToolDescription(I18nText.of(text), text);
    }
}
