package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.manage.ModelSettings;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelFeature;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models in JSON. */
final class ModelShapes {

    private ModelShapes() {}

    /** A model as a tenant has it. */
    @Shape
    @Schema(name = "Model")
    record Model(
            @JsonProperty(required = true) String provider,

            @JsonProperty(required = true) @Schema(example = "gpt-4o-mini")
            String model,

            @JsonProperty(required = true) @Schema(description = "What it does.", example = "llm")
            String type,

            @JsonProperty(required = true) String label,

            @JsonProperty(required = true)
            @Schema(
                    description = "Whether it can be called, and if not, why.",
                    allowableValues = {
                        "active",
                        "no-configure",
                        "quota-exceeded",
                        "no-permission",
                        "disabled",
                        "credential-removed",
                        "unavailable"
                    })
            String status,

            @JsonProperty(required = true) @Schema(description = "Whether the tenant's callers may use it.")
            boolean enabled,

            @JsonProperty(required = true)
            @Schema(description = "Whether the tenant has a configuration of its own for it.")
            boolean custom,

            @JsonProperty(required = true) List<String> features,

            @Schema(description = "Tokens that input and output may have together.") @Nullable
            Integer contextSize,

            @JsonProperty(required = true) boolean deprecated) {

        static Model of(ProviderId provider, ModelSettings settings) {
            AIModelEntity model = settings.model();
            return new Model(
                    provider.value(),
                    model.model(),
                    model.modelType().text(),
                    model.label(),
                    settings.status().text(),
                    settings.enabled(),
                    settings.custom(),
                    model.features().stream().sorted().map(ModelFeature::text).toList(),
                    model.contextSize(),
                    model.deprecated());
        }
    }

    /** Whether callers may use a model. */
    @Shape
    @Schema(name = "ModelChange")
    record ModelChange(@JsonProperty(required = true) boolean enabled) {}

    /** Some of the models. */
    @Shape
    @Schema(name = "ModelList")
    record ModelList(
            @JsonProperty(required = true) List<Model> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}

    /** The model that calls without a named model go to. */
    @Shape
    @Schema(name = "DefaultModel")
    record DefaultModel(
            @JsonProperty(required = true) String type,
            @JsonProperty(required = true) String provider,
            @JsonProperty(required = true) String model) {

        static DefaultModel of(ModelType type, ModelReference model) {
            return new DefaultModel(type.text(), model.provider().value(), model.model());
        }
    }

    /** The model that is to be the default. */
    @Shape
    @Schema(name = "DefaultModelChange")
    record DefaultModelChange(
            @JsonProperty(required = true) String provider,
            @JsonProperty(required = true) String model) {}

    /** The default models; one of a type at most. */
    @Shape
    @Schema(name = "DefaultModelList")
    record DefaultModelList(@JsonProperty(required = true) List<DefaultModel> data) {}
}
