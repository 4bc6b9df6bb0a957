package io.bactrian.core.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters of a model call by name, in the spelling of the OpenAI chat API. Immutable. */
public final class ModelParameters {

    /** No parameters. */
    public static final ModelParameters NONE = new ModelParameters(Map.of());

    private final Map<String, ParameterValue> values;

    private ModelParameters(Map<String, ParameterValue> values) {
        this.values = values;
    }

    /** The parameters with these values, in this order. */
    public static ModelParameters of(Map<String, ParameterValue> values) {
        return values.isEmpty() ? NONE : new ModelParameters(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** The values by name. */
    public Map<String, ParameterValue> values() {
        return values;
    }

    /** The value of that name. */
    public Optional<ParameterValue> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** These parameters with those of {@code other} on top. */
    public ModelParameters overriddenBy(ModelParameters other) {
        if (other.values.isEmpty()) {
            return this;
        }
        if (values.isEmpty()) {
            return other;
        }
        Map<String, ParameterValue> merged = new LinkedHashMap<>(values);
        merged.putAll(other.values);
        return of(merged);
    }

    /**
     * Checks the values against a model's rules.
     *
     * @throws BadRequestException with {@code invalid_param}, naming every wrong parameter and its rule
     */
    public void check(AIModelEntity model) {
        List<String> problems = List.of();
        for (Map.Entry<String, ParameterValue> entry : values.entrySet()) {
            Optional<String> problem = problemOf(entry.getKey(), entry.getValue(), model);
            if (problem.isPresent()) {
                problems = problems.isEmpty() ? new ArrayList<>() : problems;
                problems.add(problem.get());
            }
        }
        for (ParameterRule rule : model.parameterRules()) {
            if (rule.required() && !values.containsKey(rule.name())) {
                problems = problems.isEmpty() ? new ArrayList<>() : problems;
                problems.add(rule.name() + " is required");
            }
        }
        if (!problems.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "model " + model.model() + ": " + String.join("; ", problems));
        }
    }

    private static Optional<String> problemOf(String name, ParameterValue value, AIModelEntity model) {
        Optional<ParameterRule> rule = model.rule(name);
        if (rule.isPresent()) {
            return rule.get().problemOf(value);
        }
        return model.openRules()
                ? Optional.empty()
                : Optional.of(name + " is not a parameter of this model; it has "
                        + model.parameterRules().stream()
                                .map(ParameterRule::name)
                                .toList());
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
