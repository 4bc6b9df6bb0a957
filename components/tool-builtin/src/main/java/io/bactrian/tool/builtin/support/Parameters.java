package io.bactrian.tool.builtin.support;

import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;

/** Parameters of the kinds that most tools have; a model gives them. */
public final class Parameters {

    private Parameters() {}

    /** Text that has to be there. */
    public static ToolParameter.Builder text(String name, String description) {
        return ToolParameter.llm(name, ToolParameterType.STRING, description).required();
    }

    /** Text that has a default. */
    public static ToolParameter.Builder text(String name, String defaultValue, String description) {
        return ToolParameter.llm(name, ToolParameterType.STRING, description).defaultValue(defaultValue);
    }

    /** A whole number that has to be there. */
    public static ToolParameter.Builder whole(String name, long least, long most, String description) {
        return ToolParameter.llm(name, ToolParameterType.NUMBER, description)
                .whole()
                .range(least, most)
                .required();
    }

    /** A whole number that has a default. */
    public static ToolParameter.Builder whole(String name, long least, long most, long otherwise, String description) {
        return ToolParameter.llm(name, ToolParameterType.NUMBER, description)
                .whole()
                .range(least, most)
                .defaultValue(otherwise);
    }

    /** Yes or no. */
    public static ToolParameter.Builder flag(String name, boolean otherwise, String description) {
        return ToolParameter.llm(name, ToolParameterType.BOOLEAN, description).defaultValue(otherwise);
    }

    /** One of the words of an enum, of which one is the default. */
    public static <E extends Enum<E> & Choices.Word> ToolParameter.Builder choice(
            String name, Class<E> choices, E otherwise, String description) {
        return ToolParameter.llm(name, ToolParameterType.SELECT, description)
                .options(Choices.texts(choices).toArray(String[]::new))
                .defaultValue(otherwise.text());
    }

    /** One of the words of an enum, which has to be there. */
    public static <E extends Enum<E> & Choices.Word> ToolParameter.Builder choice(
            String name, Class<E> choices, String description) {
        return ToolParameter.llm(name, ToolParameterType.SELECT, description)
                .options(Choices.texts(choices).toArray(String[]::new))
                .required();
    }
}
