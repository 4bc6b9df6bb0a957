package io.bactrian.engine;

import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.RuleFields;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The budgets and limits in properties: {@code bactrian.budgets.NAME.FIELD}, {@code bactrian.limits.NAME.FIELD}, with the fields
 * that rules of tenants have, and {@code tenant}, which says whose calls they are for ({@code *}: each tenant's by itself; left
 * out: the default one's).
 */
final class RuleSettings {

    private RuleSettings() {}

    /** Reads the budgets; what is wrong goes to {@code problems}. */
    static List<BudgetRule> budgets(Settings settings, @Nullable TenantId defaultTenant, List<String> problems) {
        return read(settings, BudgetManager.PROPERTIES, BudgetFields.KIND, BudgetFields.FIELDS, problems, fields -> {
            Optional<TenantId> tenant = fields.tenant(defaultTenant);
            return BudgetFields.read(fields, tenant.orElse(null));
        });
    }

    /** Reads the limits; what is wrong goes to {@code problems}. */
    static List<RateLimitRule> limits(Settings settings, @Nullable TenantId defaultTenant, List<String> problems) {
        return read(settings, LimitManager.PROPERTIES, LimitFields.KIND, LimitFields.FIELDS, problems, fields -> {
            Optional<TenantId> tenant = fields.tenant(defaultTenant);
            return LimitFields.read(fields, tenant.map(RateSelector::only).orElseGet(RateSelector::each));
        });
    }

    private static <R> List<R> read(
            Settings settings,
            String prefix,
            String kind,
            Set<String> known,
            List<String> problems,
            Function<RuleFields, Optional<R>> reader) {
        Set<String> fieldsHere = new HashSet<>(known);
        fieldsHere.add(RuleFields.TENANT);
        List<R> rules = new ArrayList<>();
        NamedSettings.read(settings, prefix, problems).forEach((name, texts) -> {
            RuleFields fields = RuleFields.of(kind, name, texts);
            fields.knows(fieldsHere);
            reader.apply(fields).ifPresent(rules::add);
            for (RuleFields.Problem problem : fields.problems()) {
                String field = problem.field() == null ? "*" : problem.field();
                problems.add(prefix + name + "." + field + ": " + problem.message());
            }
        });
        return rules;
    }
}
