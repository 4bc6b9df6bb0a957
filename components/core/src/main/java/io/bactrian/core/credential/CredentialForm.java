package io.bactrian.core.credential;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form that a provider's or a model's credentials follow: checks what is given, hides what must not be shown, and
 * keeps what was not touched.
 *
 * @param fields the fields, in the order a person fills them in; none for a provider that asks for nothing
 */
public record CredentialForm(List<CredentialFormSchema> fields) {

    /** What a person sends for a secret that stays as it is. */
    public static final String UNCHANGED = "[__HIDDEN__]";

    /** A form without fields. */
    public static final CredentialForm EMPTY = new CredentialForm(List.of());

    private static final int LONGEST_VALUE = 64 * 1024;

    /** Copies the list. */
    public CredentialForm {
        fields = List.copyOf(fields);
    }

    /** Whether nothing has to be given. */
    public boolean asksForNothing() {
        for (CredentialFormSchema field : fields) {
            if (field.required()) {
                return false;
            }
        }
        return true;
    }

    /** The field of that name. */
    public Optional<CredentialFormSchema> field(String variable) {
        return fields.stream()
                .filter(field -> field.variable().equals(variable))
                .findFirst();
    }

    /**
     * Checks given values and gives back what is to be stored: secrets hidden, defaults filled in, fields that are not
     * shown left out.
     *
     * @param given the values as typed in; which of them are secret is decided here
     * @throws BadRequestException with {@code invalid_param}, naming every wrong field at once
     */
    public Credentials check(Credentials given) {
        return check(given, null);
    }

    /**
     * As {@link #check(Credentials)}, for an update: a secret given as {@link #UNCHANGED} keeps its stored value.
     *
     * @param stored the values stored so far
     */
    public Credentials update(Credentials given, Credentials stored) {
        return check(given, stored);
    }

    private Credentials check(Credentials given, @Nullable Credentials stored) {
        List<String> problems = new ArrayList<>();
        Map<String, CredentialValue> checked = new LinkedHashMap<>();
        for (CredentialFormSchema field : fields) {
            if (shown(field.showOn(), given)) {
                checkField(field, given, stored, checked, problems);
            }
        }
        for (String name : given.names()) {
            if (field(name).isEmpty()) {
                problems.add(name + ": not a field of this form; it has " + fieldNames());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, String.join("; ", problems));
        }
        return Credentials.of(checked);
    }

    private void checkField(
            CredentialFormSchema field,
            Credentials given,
            @Nullable Credentials stored,
            Map<String, CredentialValue> checked,
            List<String> problems) {
        CredentialValue value = given.find(field.variable()).orElse(null);
        if (value == null || isEmpty(value)) {
            if (field.defaultValue() != null) {
                value = new CredentialValue.Text(field.defaultValue());
            } else {
                if (field.required()) {
                    problems.add(field.variable() + ": required (" + field.label() + ")");
                }
                return;
            }
        }
        String text = text(value);
        if (field.secret() && UNCHANGED.equals(text)) {
            keepStored(field, stored, checked, problems);
            return;
        }
        String problem = problemOf(field, text, given);
        if (problem != null) {
            problems.add(field.variable() + ": " + problem);
            return;
        }
        checked.put(field.variable(), typed(field, value, text));
    }

    private static void keepStored(
            CredentialFormSchema field,
            @Nullable Credentials stored,
            Map<String, CredentialValue> checked,
            List<String> problems) {
        Optional<CredentialValue> kept = stored == null ? Optional.empty() : stored.find(field.variable());
        // the mask itself is never stored as a secret (CRED-12)
        kept.ifPresentOrElse(
                value -> checked.put(field.variable(), value),
                () -> problems.add(field.variable() + ": " + UNCHANGED + " keeps a stored secret, but none is stored"));
    }

    private @Nullable String problemOf(CredentialFormSchema field, String text, Credentials given) {
        int longest = field.maxLength() > 0 ? field.maxLength() : LONGEST_VALUE;
        if (text.length() > longest) {
            return "longer than " + longest + " characters";
        }
        if (text.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n') && !field.secret()) {
            return "must not hold line breaks";
        }
        if (field.type() == FormType.SWITCH && !"true".equalsIgnoreCase(text) && !"false".equalsIgnoreCase(text)) {
            return "true or false";
        }
        boolean chosen = field.type() == FormType.SELECT || field.type() == FormType.RADIO;
        if (chosen && !field.options().isEmpty()) {
            List<String> offered = field.options().stream()
                    .filter(option -> shown(option.showOn(), given))
                    .map(CredentialFormSchema.Option::value)
                    .toList();
            return offered.contains(text) ? null : "one of " + offered;
        }
        return null;
    }

    private static CredentialValue typed(CredentialFormSchema field, CredentialValue value, String text) {
        return switch (field.type()) {
            case SECRET_INPUT -> new CredentialValue.Hidden(Secret.of(text));
            case SWITCH -> new CredentialValue.Flag("true".equalsIgnoreCase(text));
            case TEXT_INPUT, SELECT, RADIO ->
                value instanceof CredentialValue.Hidden ? new CredentialValue.Text(text) : value;
        };
    }

    /**
     * The values as a person may see them: hidden ones obfuscated, the others as they are.
     *
     * @return text by name, in the order of the credentials
     */
    public Map<String, String> obfuscated(Credentials credentials) {
        Map<String, String> seen = new LinkedHashMap<>();
        credentials.values().forEach((name, value) -> {
            // a field that has become secret since it was stored is hidden too
            boolean hidden = value instanceof CredentialValue.Hidden
                    || field(name).map(CredentialFormSchema::secret).orElse(true);
            seen.put(name, hidden ? obfuscate(text(value)) : value.shown());
        });
        return seen;
    }

    /** A marker of fixed width; its last two characters are the secret's if that has at least 20. */
    static String obfuscate(String secret) {
        String marker = "*".repeat(18);
        return secret.length() < 20 ? marker + "**" : marker + secret.substring(secret.length() - 2);
    }

    private boolean shown(List<CredentialFormSchema.Condition> conditions, Credentials given) {
        return conditions.stream()
                .allMatch(condition -> condition.value().equals(effective(condition.variable(), given)));
    }

    private @Nullable String effective(String variable, Credentials given) {
        return given.find(variable)
                .map(CredentialForm::text)
                .filter(text -> !text.isEmpty())
                .or(() -> field(variable).map(CredentialFormSchema::defaultValue))
                .orElse(null);
    }

    private static boolean isEmpty(CredentialValue value) {
        return value instanceof CredentialValue.Text text && text.text().isEmpty();
    }

    private static String text(CredentialValue value) {
        return value instanceof CredentialValue.Hidden hidden ? hidden.secret().reveal() : value.shown();
    }

    private String fieldNames() {
        return fields.stream().map(CredentialFormSchema::variable).collect(Collectors.joining(", "));
    }
}
