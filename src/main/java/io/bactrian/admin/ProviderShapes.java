package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.manage.ProviderSettings;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderType;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Providers of models, and what a tenant has configured for them, in JSON. */
final class ProviderShapes {

    private static final String RULE = "none";

    private ProviderShapes() {}

    /** A provider as a tenant has it. */
    @Shape
    @Schema(name = "Provider")
    record Provider(
            @JsonProperty(required = true) String provider,
            @JsonProperty(required = true) String label,
            @JsonProperty(required = true) String description,

            @Schema(description = "Where a credential is had.") @Nullable
            String helpUrl,

            @JsonProperty(required = true) List<String> modelTypes,

            @JsonProperty(required = true) @Schema(description = "Whether other models than the declared may be named.")
            boolean otherModels,

            @JsonProperty(required = true) @Schema(description = "Whether the tenant has a configuration of its own.")
            boolean configured,

            @JsonProperty(required = true) @Schema(description = "Whether that may be used.")
            boolean enabled,

            @JsonProperty(required = true)
            @Schema(
                    description = "Whose credentials are wanted: its own, the operator's, or by the rule.",
                    allowableValues = {"custom", "system", "none"})
            String preferred,

            @JsonProperty(required = true)
            @Schema(description = "Whether its own give way to the operator's if they cannot be used.")
            boolean descend,

            @JsonProperty(required = true) @Schema(description = "How many credentials the tenant has.")
            int credentials,

            @JsonProperty(required = true) @Schema(description = "What opens the provider.")
            List<Field> form,

            @Schema(description = "What opens one model; by default what opens the provider.") @Nullable
            List<Field> modelForm) {

        static Provider of(ProviderSettings settings) {
            ProviderEntity entity = settings.provider();
            CredentialForm ofModels = entity.modelCredentialSchema();
            return new Provider(
                    entity.provider().value(),
                    entity.label(),
                    entity.description(),
                    entity.helpUrl(),
                    entity.supportedModelTypes().stream()
                            .sorted()
                            .map(ModelType::text)
                            .toList(),
                    entity.customizable(),
                    settings.configured(),
                    settings.enabled(),
                    settings.preferred().map(ProviderType::text).orElse(RULE),
                    settings.descend(),
                    settings.credentials(),
                    fields(entity.providerCredentialSchema()),
                    ofModels == null ? null : fields(ofModels));
        }

        private static List<Field> fields(CredentialForm form) {
            return form.fields().stream().map(Field::of).toList();
        }
    }

    /** A field of a credential. */
    @Shape
    @Schema(name = "CredentialField")
    record Field(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String label,

            @JsonProperty(required = true)
            @Schema(allowableValues = {"text-input", "secret-input", "select", "radio", "switch"})
            String type,

            @JsonProperty(required = true) boolean required,

            @Schema(description = "What it is if it is left out.") @Nullable
            String defaultValue,

            @Schema(description = "What may be chosen.") @Nullable
            List<String> options,

            @Schema(description = "The longest text.") @Nullable
            Integer maxLength,

            @Schema(description = "It takes part only if these other fields have these values.") @Nullable
            List<ShownOn> showOn,

            @Nullable String placeholder) {

        static Field of(CredentialFormSchema field) {
            return new Field(
                    field.variable(),
                    field.label(),
                    field.type().text(),
                    field.required(),
                    field.defaultValue(),
                    field.options().isEmpty()
                            ? null
                            : field.options().stream()
                                    .map(CredentialFormSchema.Option::value)
                                    .toList(),
                    field.maxLength() == 0 ? null : field.maxLength(),
                    field.showOn().isEmpty()
                            ? null
                            : field.showOn().stream()
                                    .map(on -> new ShownOn(on.variable(), on.value()))
                                    .toList(),
                    field.placeholder());
        }
    }

    /** The value that another field has to have. */
    @Shape
    @Schema(name = "ShownOn")
    record ShownOn(
            @JsonProperty(required = true) String field,
            @JsonProperty(required = true) String value) {}

    /** What is to change of what a tenant has configured for a provider. */
    @Shape
    @Schema(name = "ProviderChange")
    record ProviderChange(
            @Schema(description = "Whether the tenant's own configuration may be used.") @Nullable
            Boolean enabled,

            @Schema(allowableValues = {"custom", "system", "none"}) @Nullable
            String preferred,

            @Nullable Boolean descend) {}

    /** Some of the providers. */
    @Shape
    @Schema(name = "ProviderList")
    record ProviderList(
            @JsonProperty(required = true) List<Provider> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
