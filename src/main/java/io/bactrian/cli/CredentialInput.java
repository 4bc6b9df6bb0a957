package io.bactrian.cli;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/**
 * Collects a credential's values: plain ones from arguments, secrets from standard input or the environment. Arguments
 * are seen by every user of the machine and kept in the shell's history, so a secret in one is refused, unread.
 */
final class CredentialInput {

    private final CredentialForm form;
    private final Session session;
    private final Function<String, ParameterException> usage;
    private final Map<String, CredentialValue> values = new LinkedHashMap<>();
    private boolean secretGiven;

    /**
     * @param form the form to be filled in
     * @param session the terminal and the environment
     * @param usage makes an error in how the command was called
     */
    CredentialInput(CredentialForm form, Session session, Function<String, ParameterException> usage) {
        this.form = form;
        this.session = session;
        this.usage = usage;
    }

    /** Starts from what is stored: hidden values stay as they are unless they are given anew. */
    CredentialInput startingFrom(Map<String, String> shown) {
        shown.forEach((name, value) ->
                values.put(name, new CredentialValue.Text(field(name).secret() ? CredentialForm.UNCHANGED : value)));
        return this;
    }

    /** Takes {@code FIELD=VALUE} of fields that are no secrets. */
    CredentialInput plain(Map<String, String> given) {
        given.forEach((name, value) -> {
            if (field(name).secret()) {
                throw usage.apply("'" + name + "' is a secret and not taken from an argument: pipe it into standard"
                        + " input with --from-stdin " + name + ", or use --from-env " + name + "=VARIABLE");
            }
            values.put(name, new CredentialValue.Text(value));
        });
        return this;
    }

    /** Takes {@code FIELD=VARIABLE}: the values of environment variables. */
    CredentialInput fromEnvironment(Map<String, String> variables) {
        variables.forEach((name, variable) -> {
            String value = session.environment().get(variable);
            if (value == null || value.isBlank()) {
                throw usage.apply("the environment variable that --from-env names for '" + name + "' is not set");
            }
            put(field(name), value.strip());
        });
        return this;
    }

    /** Takes one line of standard input for each field. */
    CredentialInput fromStandardInput(List<String> names) {
        for (String name : names) {
            put(field(name), line(name));
        }
        return this;
    }

    /** Leaves fields out that were stored. */
    CredentialInput without(List<String> names) {
        names.forEach(name -> {
            field(name);
            values.remove(name);
        });
        return this;
    }

    /** Asks for required secrets that are missing: a person, or the next line of standard input. */
    CredentialInput askForMissing() {
        for (CredentialFormSchema field : form.fields()) {
            if (field.secret() && field.required() && !values.containsKey(field.variable())) {
                put(field, session.terminal().interactive() ? asked(field.label()) : line(field.variable()));
            }
        }
        return this;
    }

    /** Asks for the secrets that are required or stored, unless one was given anew; no answer keeps what is stored. */
    CredentialInput askUnlessGivenAnew() {
        if (!secretGiven) {
            form.fields().stream()
                    .filter(field -> field.secret() && (field.required() || values.containsKey(field.variable())))
                    .forEach(this::askAnew);
        }
        if (!secretGiven) {
            throw usage.apply("no secret was given: --from-env FIELD=VARIABLE or --from-stdin FIELD");
        }
        return this;
    }

    private void askAnew(CredentialFormSchema field) {
        boolean stored = values.containsKey(field.variable());
        String given = session.terminal().interactive()
                ? asked(stored ? field.label() + " (Enter keeps it)" : field.label())
                : nextLine();
        if (!given.isEmpty()) {
            put(field, given);
        } else if (!stored) {
            throw missing(field.variable());
        }
    }

    Credentials credentials() {
        return Credentials.of(values);
    }

    private CredentialFormSchema field(String name) {
        return form.field(name)
                .orElseThrow(() -> usage.apply("there is no field of that name; there are: "
                        + String.join(
                                ", ",
                                form.fields().stream()
                                        .map(CredentialFormSchema::variable)
                                        .toList())));
    }

    private void put(CredentialFormSchema field, String value) {
        secretGiven |= field.secret() && !value.isEmpty();
        values.put(
                field.variable(),
                field.secret() && !value.isEmpty()
                        ? new CredentialValue.Hidden(Secret.of(value))
                        : new CredentialValue.Text(value));
    }

    private String asked(String prompt) {
        try {
            return session.terminal().askSecret(prompt).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read from the console", e);
        }
    }

    private String line(String name) {
        String line = nextLine();
        if (line.isEmpty()) {
            throw missing(name);
        }
        return line;
    }

    private ParameterException missing(String name) {
        return usage.apply(
                "'" + name + "' is missing: pipe it into standard input, or use --from-env " + name + "=VARIABLE");
    }

    /** The next line of standard input; empty at its end. */
    private String nextLine() {
        try {
            return session.terminal().readLine().map(String::strip).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }
}
