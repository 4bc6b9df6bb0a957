package io.bactrian.core.provider;

import io.bactrian.core.credential.CredentialForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a provider.
 *
 * @param provider its id
 * @param label what a person sees
 * @param description one sentence on what it is
 * @param helpUrl where a person gets a credential; null for none
 * @param dialect the name of the wire dialect that speaks to it
 * @param otelName its {@code gen_ai.provider.name}
 * @param supportedModelTypes what its models do
 * @param configurateMethods how its models come to be
 * @param models the models it declares
 * @param templates by type, what is assumed of a model that a user names
 * @param providerCredentialSchema what opens the provider as a whole
 * @param modelCredentialSchema what opens one model that a user names; null when only the provider has credentials
 * @param quirks how it departs from its dialect, as names and values that the dialect defines
 */
public record ProviderEntity(
        ProviderId provider,
        String label,
        String description,
        @Nullable String helpUrl,
        String dialect,
        String otelName,
        Set<ModelType> supportedModelTypes,
        Set<ConfigurateMethod> configurateMethods,
        List<AIModelEntity> models,
        Map<ModelType, AIModelEntity> templates,
        CredentialForm providerCredentialSchema,
        @Nullable CredentialForm modelCredentialSchema,
        Map<String, String> quirks) {

    /** Copies the collections. */
    public ProviderEntity {
        supportedModelTypes = Set.copyOf(supportedModelTypes);
        configurateMethods = Set.copyOf(configurateMethods);
        models = List.copyOf(models);
        templates = Map.copyOf(templates);
        quirks = Map.copyOf(quirks);
    }

    /** The declared model of that type and name. */
    public Optional<AIModelEntity> model(ModelType type, String name) {
        return models.stream()
                .filter(model -> model.modelType() == type && model.model().equals(name))
                .findFirst();
    }

    /** The declared model, or what is assumed of one that a user names, if the provider allows that. */
    public Optional<AIModelEntity> modelOrTemplate(ModelType type, String name) {
        return model(type, name)
                .or(() -> customizable()
                        ? Optional.ofNullable(templates.get(type)).map(template -> template.named(name))
                        : Optional.empty());
    }

    /** Whether users may name models that are not declared. */
    public boolean customizable() {
        return configurateMethods.contains(ConfigurateMethod.CUSTOMIZABLE_MODEL);
    }
}
