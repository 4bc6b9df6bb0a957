package io.bactrian.core.invoke;

import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tenant's models of one type at one provider. */
public final class ProviderModelBundle {

    private final ProviderConfiguration configuration;
    private final ModelType type;

    ProviderModelBundle(ProviderConfiguration configuration, ModelType type) {
        this.configuration = configuration;
        this.type = type;
    }

    /** The provider they belong to. */
    public ProviderConfiguration configuration() {
        return configuration;
    }

    /** Their type. */
    public ModelType type() {
        return type;
    }

    /** The declaration of a model: its own, or what is assumed of one that the tenant named. */
    public Optional<AIModelEntity> modelSchema(String model) {
        return configuration.provider().modelOrTemplate(type, model);
    }

    /** The declared models, and those that the tenant added, each once. */
    public List<AIModelEntity> models() {
        Map<String, AIModelEntity> models = new LinkedHashMap<>();
        configuration.provider().models().stream()
                .filter(model -> model.modelType() == type)
                .forEach(model -> models.put(model.model(), model));
        configuration.custom().models().stream()
                .filter(record -> record.type() == type)
                .map(CustomModelRecord::model)
                .forEach(name -> modelSchema(name).ifPresent(model -> models.putIfAbsent(name, model)));
        return List.copyOf(models.values());
    }
}
