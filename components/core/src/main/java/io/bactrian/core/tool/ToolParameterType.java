package io.bactrian.core.tool;

import java.util.Arrays;
import java.util.Optional;

/** What a parameter of a tool holds; the values are those of Dify's tool parameters. */
public enum ToolParameterType {
    STRING("string"),
    SECRET_INPUT("secret-input"),
    SELECT("select"),
    CHECKBOX("checkbox"),
    DYNAMIC_SELECT("dynamic-select"),
    BOOLEAN("boolean"),
    NUMBER("number"),
    FILE("file"),
    FILES("files"),
    /** Old name of {@link #FILES}, still read. */
    SYSTEM_FILES("system-files"),
    APP_SELECTOR("app-selector"),
    MODEL_SELECTOR("model-selector"),
    TOOLS("array[tools]"),
    ANY("any"),
    ARRAY("array"),
    OBJECT("object"),
    DATE("date"),
    DATE_RANGE("date-range");

    private final String text;

    ToolParameterType(String text) {
        this.text = text;
    }

    /** The value as written, such as {@code secret-input}. */
    public String text() {
        return text;
    }

    /** The type of that text, if it is one. */
    public static Optional<ToolParameterType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
