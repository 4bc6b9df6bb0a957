package io.bactrian.model.http;

import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelFeature;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.json.YamlNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of models. */
final class ModelReader {

    private static final List<String> FEATURES =
            Arrays.stream(ModelFeature.values()).map(ModelFeature::text).toList();
    private static final Set<String> TEMPLATE_KEYS =
            Set.of("features", "model_properties", "parameter_rules", "open_rules");
    private static final Set<String> MODEL_KEYS = Set.of(
            "model",
            "label",
            "model_type",
            "deprecated",
            "pricing",
            "features",
            "model_properties",
            "parameter_rules",
            "open_rules");
    private static final BigDecimal PER_MILLION = new BigDecimal("0.000001");

    private ModelReader() {}

    /** A declared model; empty if it has no name or no type. */
    static Optional<AIModelEntity> model(YamlNode node) {
        node.map(MODEL_KEYS);
        String name = node.get("model").requiredText();
        String label = Choices.label(node.get("label"));
        ModelType type = Choices.need(node.get("model_type"), ModelType::of, ProviderReader.TYPES);
        AIModelEntity model = common(
                node,
                name,
                label == null ? name : label,
                type == null ? ModelType.LLM : type,
                node.get("deprecated").flag().orElse(false),
                false,
                pricing(node.get("pricing")));
        return name.isBlank() || type == null ? Optional.empty() : Optional.of(model);
    }

    /** What is assumed of a model of that type that a user names. */
    static AIModelEntity template(YamlNode node, ModelType type) {
        node.map(TEMPLATE_KEYS);
        return common(node, type.text(), type.text(), type, false, true, null);
    }

    private static AIModelEntity common(
            YamlNode node,
            String name,
            String label,
            ModelType type,
            boolean deprecated,
            boolean openByDefault,
            @Nullable ModelPricing pricing) {
        YamlNode properties = node.get("model_properties");
        properties.map(Set.of("mode", "context_size", "max_chunks"));
        // completion models speak another API
        Choices.one(properties.get("mode"), mode -> Optional.of(mode).filter("chat"::equals), List.of("chat"));
        return new AIModelEntity(
                name,
                label,
                type,
                ConfigurateMethod.PREDEFINED_MODEL,
                new HashSet<>(Choices.many(node.get("features"), ModelFeature::of, FEATURES)),
                Choices.wholeNumber(properties.get("context_size"), 1),
                Choices.wholeNumber(properties.get("max_chunks"), 1),
                deprecated,
                rules(node.get("parameter_rules")),
                node.get("open_rules").flag().orElse(openByDefault),
                pricing);
    }

    private static List<ParameterRule> rules(YamlNode node) {
        List<ParameterRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode item : node.list()) {
            ParameterRule rule = RuleReader.rule(item);
            if (!names.add(rule.name())) {
                item.get("name").problem("has a rule already");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static @Nullable ModelPricing pricing(YamlNode node) {
        if (!node.present()) {
            return null;
        }
        node.map(Set.of("input", "output", "cache_read", "unit", "currency"));
        BigDecimal input = price(node.get("input"));
        BigDecimal output = price(node.get("output"));
        BigDecimal cacheRead = price(node.get("cache_read"));
        BigDecimal unit = price(node.get("unit"));
        String currency = node.get("currency").requiredText();
        if (!currency.matches("[A-Z]{3}")) {
            node.get("currency").problem("has to be a code of ISO 4217 such as USD");
        }
        if (input == null) {
            node.get("input").problem("is required: what an input token costs, times unit");
            return null;
        }
        return new ModelPricing(input, output, cacheRead, unit == null ? PER_MILLION : unit, currency);
    }

    private static @Nullable BigDecimal price(YamlNode node) {
        BigDecimal price = node.number().orElse(null);
        if (price != null && price.signum() < 0) {
            node.problem("must not be negative");
        }
        return price;
    }
}
