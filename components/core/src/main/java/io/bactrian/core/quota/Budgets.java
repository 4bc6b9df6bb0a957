package io.bactrian.core.quota;

import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The budgets of an installation, found by whose call it is. */
public final class Budgets {

    /** No budgets. */
    public static final Budgets NONE = new Budgets(List.of());

    private final List<BudgetRule> rules;
    private final Map<TenantId, List<BudgetRule>> byTenant = new HashMap<>();
    private final List<BudgetRule> ofAll;

    /**
     * @param rules the budgets
     * @throws IllegalArgumentException if two have the same name
     */
    public Budgets(List<BudgetRule> rules) {
        this.rules = List.copyOf(rules);
        if (rules.stream().map(BudgetRule::name).distinct().count() < rules.size()) {
            throw new IllegalArgumentException("each budget has a name of its own");
        }
        this.ofAll = rules.stream().filter(rule -> rule.tenant() == null).toList();
        for (BudgetRule rule : rules) {
            TenantId tenant = rule.tenant();
            if (tenant != null) {
                byTenant.computeIfAbsent(tenant, first -> new ArrayList<>(ofAll))
                        .add(rule);
            }
        }
    }

    /** The budgets, as configured. */
    public List<BudgetRule> rules() {
        return rules;
    }

    /** The limits that a call has to keep to; those without a number are not among them. */
    public List<QuotaLimit> of(TenantId tenant, @Nullable AppId app) {
        List<BudgetRule> concerned = byTenant.getOrDefault(tenant, ofAll);
        if (concerned.isEmpty()) {
            return List.of();
        }
        List<QuotaLimit> limits = new ArrayList<>(concerned.size());
        for (BudgetRule rule : concerned) {
            QuotaLimit limit = rule.limitFor(tenant, app);
            if (limit != null && !limit.unlimited()) {
                limits.add(limit);
            }
        }
        return limits;
    }
}
