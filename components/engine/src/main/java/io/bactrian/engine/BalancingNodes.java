package io.bactrian.engine;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.BalancingRules;
import io.bactrian.core.manage.BalancingText;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.json.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads how calls of models are spread from the list {@code balancing} of a workspace. Texts are written as
 * {@link BalancingText} says; a credential or a fallback may be a mapping instead.
 */
final class BalancingNodes {

    private static final Set<String> FIELDS =
            Set.of("model", "type", "credentials", "strategy", "sticky", "fallbacks", "enabled");

    private BalancingNodes() {}

    static List<WorkspaceFile.Balanced> read(YamlNode node, ProviderCatalog catalog) {
        List<WorkspaceFile.Balanced> read = new ArrayList<>();
        Set<CredentialScope.OfModel> seen = new HashSet<>();
        for (YamlNode item : node.list()) {
            item.map(FIELDS);
            parsed(item.get("model"), BalancingText::model).ifPresent(model -> {
                BalancingPlan plan = plan(item, model.model());
                check(item, catalog, model, plan);
                if (!seen.add(new CredentialScope.OfModel(model.provider(), model.model(), plan.type()))) {
                    item.get("model").problem("is there twice: keep one");
                }
                read.add(new WorkspaceFile.Balanced(model.provider(), plan));
            });
        }
        return read;
    }

    private static BalancingPlan plan(YamlNode item, String model) {
        List<BalancingPlan.Entry> entries = items(item.get("credentials"), BalancingNodes::entry);
        List<ModelFallback> fallbacks = items(item.get("fallbacks"), BalancingNodes::fallback);
        ModelType type = ConfigFiles.type(item.get("type"));
        boolean sticky = item.get("sticky").flag().orElse(false);
        boolean enabled = item.get("enabled").flag().orElse(!entries.isEmpty());
        return new BalancingPlan(
                model, type, enabled, strategy(item.get("strategy"), entries), sticky, entries, fallbacks);
    }

    /** What is wrong whatever credentials there are is told before anything is applied. */
    private static void check(YamlNode item, ProviderCatalog catalog, ModelReference model, BalancingPlan plan) {
        if (plan.entries().isEmpty() && plan.fallbacks().isEmpty()) {
            item.problem("needs credentials or fallbacks: there is nothing to spread calls over");
            return;
        }
        try {
            BalancingRules.check(catalog, model.provider(), plan);
        } catch (BadRequestException e) {
            item.problem(e.getMessage());
        }
    }

    private static BalancingStrategy strategy(YamlNode node, List<BalancingPlan.Entry> entries) {
        Optional<String> text = node.text();
        if (text.isEmpty()) {
            return BalancingPlan.usualStrategy(entries);
        }
        Optional<BalancingStrategy> strategy = BalancingStrategy.of(text.get());
        if (strategy.isEmpty()) {
            node.problem("has to be one of " + List.of(BalancingStrategy.values()));
        }
        return strategy.orElse(BalancingStrategy.WEIGHTED);
    }

    private static Optional<BalancingPlan.Entry> entry(YamlNode node) {
        if (node.isScalar()) {
            return parsed(node, BalancingText::credential);
        }
        node.map(Set.of("name", "weight", "enabled"));
        String name = node.get("name").requiredText();
        boolean enabled = node.get("enabled").flag().orElse(true);
        return weight(node.get("weight"))
                .filter(weight -> !name.isBlank())
                .map(weight -> new BalancingPlan.Entry(name, enabled, weight));
    }

    private static Optional<Integer> weight(YamlNode node) {
        try {
            return Optional.of(
                    node.number().map(number -> number.intValueExact()).orElse(1));
        } catch (ArithmeticException e) {
            node.problem("has to be a whole number");
            return Optional.empty();
        }
    }

    private static Optional<ModelFallback> fallback(YamlNode node) {
        if (node.isScalar()) {
            return parsed(node, BalancingText::fallback);
        }
        node.map(Set.of("model", "on"));
        List<String> classes =
                node.get("on").list().stream().map(YamlNode::requiredText).toList();
        return parsed(node.get("model"), model -> BalancingText.fallback(model, classes));
    }

    private static <T> List<T> items(YamlNode node, Function<YamlNode, Optional<T>> reader) {
        return node.list().stream().map(reader).flatMap(Optional::stream).toList();
    }

    /** What a node's text means, which has to be there. */
    private static <T> Optional<T> parsed(YamlNode node, Function<String, T> reader) {
        return ConfigFiles.id(node, reader);
    }
}
