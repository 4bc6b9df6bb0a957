package io.bactrian.core.credential;

import java.util.Arrays;
import java.util.Optional;

/** How a field of a credential form is filled in; the texts are Dify's. */
public enum FormType {
    TEXT_INPUT("text-input"),
    SECRET_INPUT("secret-input"),
    SELECT("select"),
    RADIO("radio"),
    SWITCH("switch");

    private final String text;

    FormType(String text) {
        this.text = text;
    }

    /** The value as written in a declaration. */
    public String text() {
        return text;
    }

    /** The type of that text, if it is one. */
    public static Optional<FormType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }
}
