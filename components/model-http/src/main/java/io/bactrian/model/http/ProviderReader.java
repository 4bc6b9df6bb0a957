package io.bactrian.model.http;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.json.YamlNode;
import io.bactrian.json.YamlProblems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the declaration of one provider, in Dify's spelling where Dify has the field. */
final class ProviderReader {

    private static final Set<String> KEYS = Set.of(
            "provider",
            "label",
            "description",
            "help",
            "dialect",
            "otel_name",
            "supported_model_types",
            "configurate_methods",
            "provider_credential_schema",
            "model_credential_schema",
            "quirks",
            "templates",
            "models");
    static final List<String> TYPES =
            Arrays.stream(ModelType.values()).map(ModelType::text).toList();
    private static final List<String> METHODS = Arrays.stream(ConfigurateMethod.values())
            .map(ConfigurateMethod::text)
            .toList();

    private ProviderReader() {}

    /** The provider; empty if anything is wrong with it, which the problems then tell. */
    static Optional<ProviderEntity> read(String text, YamlProblems problems) {
        YamlNode root = YamlNode.parse(text, problems);
        if (!problems.all().isEmpty()) {
            return Optional.empty();
        }
        if (!root.present()) {
            problems.add(1, "the file is empty");
            return Optional.empty();
        }
        Optional<ProviderEntity> provider = provider(root);
        return problems.all().isEmpty() ? provider : Optional.empty();
    }

    private static Optional<ProviderEntity> provider(YamlNode root) {
        if (root.map(KEYS).isEmpty()) {
            return Optional.empty();
        }
        ProviderId id = id(root.get("provider"));
        String description = Choices.label(root.get("description"));
        String dialect = root.get("dialect").requiredText();
        Set<ModelType> types = new HashSet<>(Choices.many(root.get("supported_model_types"), ModelType::of, TYPES));
        Set<ConfigurateMethod> methods =
                new HashSet<>(Choices.many(root.get("configurate_methods"), ConfigurateMethod::of, METHODS));
        CredentialForm providerForm = FormReader.form(root.get("provider_credential_schema"));
        CredentialForm modelForm = FormReader.modelForm(root.get("model_credential_schema"), providerForm);
        List<AIModelEntity> models = models(root.get("models"), types);
        Map<ModelType, AIModelEntity> templates = templates(root.get("templates"), types);
        checkMethods(root, types, methods, templates);
        String label = Choices.needLabel(root.get("label"));
        String helpUrl = help(root.get("help"));
        Map<String, String> quirks = quirks(root.get("quirks"), dialect);
        String otelName = root.get("otel_name").text().orElse(null);
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(new ProviderEntity(
                id,
                label,
                description == null ? "" : description,
                helpUrl,
                dialect,
                otelName == null ? id.value() : otelName,
                types,
                methods,
                models,
                templates,
                providerForm,
                modelForm,
                quirks));
    }

    private static @Nullable ProviderId id(YamlNode node) {
        String text = node.requiredText();
        try {
            return text.isBlank() ? null : new ProviderId(text);
        } catch (IllegalArgumentException wrong) {
            node.problem(String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    private static @Nullable String help(YamlNode node) {
        node.map(Set.of("title", "url"));
        Choices.label(node.get("title"));
        return Choices.label(node.get("url"));
    }

    private static List<AIModelEntity> models(YamlNode node, Set<ModelType> types) {
        List<AIModelEntity> models = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : node.list()) {
            AIModelEntity model = ModelReader.model(item).orElse(null);
            if (model == null) {
                continue;
            }
            if (!seen.add(model.modelType() + " " + model.model())) {
                item.get("model").problem("is declared twice for the type " + model.modelType());
            }
            if (!types.contains(model.modelType())) {
                item.get("model_type").problem("is not one of the provider's supported_model_types");
            }
            models.add(model);
        }
        return models;
    }

    private static Map<ModelType, AIModelEntity> templates(YamlNode node, Set<ModelType> types) {
        Map<ModelType, AIModelEntity> templates = new LinkedHashMap<>();
        node.map().forEach((name, template) -> {
            ModelType type = ModelType.of(name).orElse(null);
            if (type == null || !types.contains(type)) {
                template.problem("is not one of the provider's supported_model_types");
                return;
            }
            templates.put(type, ModelReader.template(template, type));
        });
        return templates;
    }

    private static void checkMethods(
            YamlNode root,
            Set<ModelType> types,
            Set<ConfigurateMethod> methods,
            Map<ModelType, AIModelEntity> templates) {
        if (types.isEmpty()) {
            root.get("supported_model_types").problem("needs at least one of " + TYPES);
        }
        if (methods.isEmpty()) {
            root.get("configurate_methods").problem("needs at least one of " + METHODS);
        }
        if (methods.contains(ConfigurateMethod.CUSTOMIZABLE_MODEL)
                && !templates.keySet().containsAll(types)) {
            root.get("templates").problem("needs an entry for each type, since users may name models");
        }
    }

    private static Map<String, String> quirks(YamlNode node, String dialect) {
        Map<String, String> quirks = new LinkedHashMap<>();
        node.map().forEach((name, value) -> {
            String text = value.requiredText();
            quirks.put(name, text);
            // another dialect knows its own
            if (!OpenAiDialect.NAME.equals(dialect)) {
                return;
            }
            Quirk quirk = Quirk.of(name).orElse(null);
            if (quirk == null) {
                value.problem("is not a quirk of the dialect; it has "
                        + Arrays.stream(Quirk.values()).map(Quirk::text).toList());
            } else if (!quirk.allowed().contains(text)) {
                value.problem("has to be one of " + quirk.allowed());
            }
        });
        return quirks;
    }
}
