package io.bactrian.core.tool;

/**
 * One of the values that a parameter may have.
 *
 * @param value the value
 * @param label what people see
 */
public record ToolParameterOption(String value, I18nText label) {

    /** A value that is its own label. */
    public static ToolParameterOption of(String value) {
        return new ToolParameterOption(value, I18nText.of(value));
    }
}
