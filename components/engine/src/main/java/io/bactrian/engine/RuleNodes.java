package io.bactrian.engine;

import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.RuleFields;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.json.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the lists {@code budgets} and {@code limits} of a workspace. Fields are written as in properties. */
final class RuleNodes {

    private static final String NAME = "name";

    private RuleNodes() {}

    static List<BudgetRule> budgets(YamlNode node, TenantId tenant) {
        return read(node, BudgetFields.KIND, BudgetFields.FIELDS, fields -> BudgetFields.read(fields, tenant));
    }

    static List<RateLimitRule> limits(YamlNode node, TenantId tenant) {
        return read(
                node,
                LimitFields.KIND,
                LimitFields.FIELDS,
                fields -> LimitFields.read(fields, RateSelector.only(tenant)));
    }

    private static <R> List<R> read(
            YamlNode node, String kind, Set<String> known, Function<RuleFields, Optional<R>> reader) {
        // as other names of files are written, too
        Map<String, String> fieldOf = new LinkedHashMap<>();
        known.forEach(field -> fieldOf.put(field, field));
        known.forEach(field -> fieldOf.put(field.replace('-', '_'), field));
        Set<String> names = new HashSet<>(fieldOf.keySet());
        names.add(NAME);
        List<R> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : node.list()) {
            Map<String, YamlNode> entries = item.map(names);
            String name = item.get(NAME).requiredText();
            if (!seen.add(name)) {
                item.get(NAME).problem("is there twice: keep one");
            }
            rule(item, kind, name, entries, fieldOf, reader).ifPresent(rules::add);
        }
        return rules;
    }

    private static <R> Optional<R> rule(
            YamlNode item,
            String kind,
            String name,
            Map<String, YamlNode> entries,
            Map<String, String> fieldOf,
            Function<RuleFields, Optional<R>> reader) {
        Map<String, YamlNode> nodes = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        entries.forEach((entry, value) -> {
            String field = fieldOf.get(entry);
            if (field != null) {
                nodes.put(field, value);
                texts.put(field, value.text().orElse(""));
            }
        });
        RuleFields fields = RuleFields.of(kind, name, texts);
        Optional<R> rule = reader.apply(fields);
        for (RuleFields.Problem problem : fields.problems()) {
            String field = problem.field();
            YamlNode at = field == null ? item : nodes.getOrDefault(field, item.get(field));
            at.problem(problem.message());
        }
        return rule;
    }
}
