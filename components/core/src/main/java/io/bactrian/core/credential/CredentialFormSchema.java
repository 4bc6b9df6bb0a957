package io.bactrian.core.credential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a credential form.
 *
 * @param variable the name of the value in the credentials
 * @param label what a person sees
 * @param type how it is filled in
 * @param required whether it must be there when it is shown; declarations default to true
 * @param defaultValue what an absent value becomes; null for nothing
 * @param options what may be chosen, for select and radio
 * @param maxLength the longest text in characters; 0 for any
 * @param showOn the field takes part only if all of these hold
 * @param placeholder an example of a value; null for none
 */
public record CredentialFormSchema(
        String variable,
        String label,
        FormType type,
        boolean required,
        @Nullable String defaultValue,
        List<Option> options,
        int maxLength,
        List<Condition> showOn,
        @Nullable String placeholder) {

    /** Copies the lists. */
    public CredentialFormSchema {
        options = List.copyOf(options);
        showOn = List.copyOf(showOn);
    }

    /**
     * A choice.
     *
     * @param value what is stored
     * @param label what a person sees
     * @param showOn the choice is offered only if all of these hold
     */
    public record Option(String value, String label, List<Condition> showOn) {
        /** Copies the list. */
        public Option {
            showOn = List.copyOf(showOn);
        }
    }

    /**
     * That another value of the form is this one.
     *
     * @param variable the name of the other value
     * @param value the text it must have
     */
    public record Condition(String variable, String value) {}

    /** Whether the value is kept hidden. */
    public boolean secret() {
        return type == FormType.SECRET_INPUT;
    }
}
