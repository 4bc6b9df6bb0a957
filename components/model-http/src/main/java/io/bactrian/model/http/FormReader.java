package io.bactrian.model.http;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialFormSchema.Condition;
import io.bactrian.core.credential.CredentialFormSchema.Option;
import io.bactrian.core.credential.FormType;
import io.bactrian.json.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the forms that credentials follow. */
final class FormReader {

    private static final Set<String> KEYS = Set.of(
            "variable", "label", "type", "required", "default", "options", "max_length", "show_on", "placeholder");
    private static final List<String> TYPES =
            Arrays.stream(FormType.values()).map(FormType::text).toList();

    private FormReader() {}

    static CredentialForm form(YamlNode schema) {
        if (!schema.present()) {
            return CredentialForm.EMPTY;
        }
        schema.map(Set.of("credential_form_schemas"));
        return new CredentialForm(fields(schema.get("credential_form_schemas")));
    }

    /** The form of single models: its own, or the provider's again; null if they have none. */
    static @Nullable CredentialForm modelForm(YamlNode schema, CredentialForm providerForm) {
        if (!schema.present()) {
            return null;
        }
        schema.map(Set.of("credential_form_schemas", "same_as_provider"));
        return schema.get("same_as_provider").flag().orElse(false)
                ? providerForm
                : new CredentialForm(fields(schema.get("credential_form_schemas")));
    }

    private static List<CredentialFormSchema> fields(YamlNode node) {
        List<YamlNode> items = node.list();
        Set<String> names = new HashSet<>();
        for (YamlNode item : items) {
            String name = item.get("variable").requiredText();
            if (!names.add(name)) {
                item.get("variable").problem("is declared twice");
            }
        }
        return items.stream().map(item -> field(item, names)).toList();
    }

    private static CredentialFormSchema field(YamlNode node, Set<String> names) {
        node.map(KEYS);
        FormType type = Choices.need(node.get("type"), FormType::of, TYPES);
        String defaultValue = node.get("default").text().orElse(null);
        List<Option> options = node.get("options").list().stream()
                .map(item -> option(item, names))
                .toList();
        Integer maxLength = Choices.wholeNumber(node.get("max_length"), 0);
        checkValues(node, type, defaultValue, options);
        return new CredentialFormSchema(
                node.get("variable").text().orElse(""),
                Choices.needLabel(node.get("label")),
                type == null ? FormType.TEXT_INPUT : type,
                node.get("required").flag().orElse(true),
                defaultValue,
                options,
                maxLength == null ? 0 : maxLength,
                conditions(node.get("show_on"), names),
                Choices.label(node.get("placeholder")));
    }

    private static void checkValues(
            YamlNode node, @Nullable FormType type, @Nullable String defaultValue, List<Option> options) {
        boolean chosen = type == FormType.SELECT || type == FormType.RADIO;
        if (chosen && options.isEmpty()) {
            node.get("options").problem("is required: there is nothing to choose from");
        }
        if (defaultValue == null) {
            return;
        }
        if (type == FormType.SECRET_INPUT) {
            node.get("default").problem("a secret has no default");
        }
        if (chosen && options.stream().noneMatch(option -> option.value().equals(defaultValue))) {
            node.get("default").problem("is none of the options");
        }
        if (type == FormType.SWITCH && !Set.of("true", "false").contains(defaultValue)) {
            node.get("default").problem("has to be true or false");
        }
    }

    private static Option option(YamlNode node, Set<String> names) {
        node.map(Set.of("value", "label", "show_on"));
        String value = node.get("value").requiredText();
        String label = Choices.label(node.get("label"));
        return new Option(value, label == null ? value : label, conditions(node.get("show_on"), names));
    }

    private static List<Condition> conditions(YamlNode node, Set<String> names) {
        List<Condition> conditions = new ArrayList<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("variable", "value"));
            String variable = item.get("variable").requiredText();
            if (!names.contains(variable)) {
                item.get("variable").problem("is not a field of this form");
            }
            conditions.add(new Condition(variable, item.get("value").requiredText()));
        }
        return conditions;
    }
}
