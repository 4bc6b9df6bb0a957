package io.bactrian.core.provider;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one model.
 *
 * @param model its name, as the provider knows it
 * @param label what a person sees
 * @param modelType what it does
 * @param fetchFrom whether the provider declares it or a user named it
 * @param features what it can take or do; empty when nothing is known
 * @param contextSize tokens that input and output may have together; null when unknown
 * @param maxChunks texts in one embedding request; null when unknown
 * @param deprecated whether the provider is going to withdraw it
 * @param parameterRules the rules of its parameters
 * @param openRules whether parameters without a rule are passed on (a model whose rules are not known)
 * @param pricing what it costs; null when unknown
 */
public record AIModelEntity(
        String model,
        String label,
        ModelType modelType,
        ConfigurateMethod fetchFrom,
        Set<ModelFeature> features,
        @Nullable Integer contextSize,
        @Nullable Integer maxChunks,
        boolean deprecated,
        List<ParameterRule> parameterRules,
        boolean openRules,
        @Nullable ModelPricing pricing) {

    /** Copies the collections. */
    public AIModelEntity {
        features = Set.copyOf(features);
        parameterRules = List.copyOf(parameterRules);
    }

    /** The rule of that parameter. */
    public Optional<ParameterRule> rule(String parameter) {
        // asked several times in every call
        for (int i = 0; i < parameterRules.size(); i++) {
            if (parameterRules.get(i).name().equals(parameter)) {
                return Optional.of(parameterRules.get(i));
            }
        }
        return Optional.empty();
    }

    /** The context window in tokens, if known. */
    public OptionalInt contextWindow() {
        return contextSize == null ? OptionalInt.empty() : OptionalInt.of(contextSize);
    }

    /** The same declaration for a model of another name, as a user named it. */
    public AIModelEntity named(String name) {
        return new AIModelEntity(
                name,
                name,
                modelType,
                ConfigurateMethod.CUSTOMIZABLE_MODEL,
                features,
                contextSize,
                maxChunks,
                false,
                parameterRules,
                openRules,
                null);
    }
}
