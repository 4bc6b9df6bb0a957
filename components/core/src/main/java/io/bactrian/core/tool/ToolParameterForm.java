package io.bactrian.core.tool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who gives a parameter its value; the values are those of Dify's tool parameters. */
public enum ToolParameterForm {
    /** Fixed when the tool is added to a tenant. */
    SCHEMA,
    /** Set by whoever builds the route or agent, before the call. Never shown to a model. */
    FORM,
    /** Given by the model, or by the caller of the endpoint. */
    LLM;

    /** The value as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The form of that text, if it is one. */
    public static Optional<ToolParameterForm> of(String text) {
        return Arrays.stream(values()).filter(form -> form.text().equals(text)).findFirst();
    }
}
