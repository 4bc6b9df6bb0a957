package io.bactrian.core.tool;

import java.util.Arrays;
import java.util.Optional;

/** How a credential of a tool provider opens it; the values are those of Dify's credential types. */
public enum ToolCredentialType {
    API_KEY("api-key"),
    OAUTH2("oauth2"),
    /** None is needed. */
    UNAUTHORIZED("unauthorized");

    private final String text;

    ToolCredentialType(String text) {
        this.text = text;
    }

    /** The value as written. */
    public String text() {
        return text;
    }

    /** The type of that text, if it is one. */
    public static Optional<ToolCredentialType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }
}
