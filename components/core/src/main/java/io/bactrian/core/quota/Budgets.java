package io.bactrian.core.quota;

import io.bactrian.core.rule.PerTenant;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of an installation, found by whose call it is: those of settings, and those that tenants keep. A call keeps to all
 * that are for it.
 */
public final class Budgets {

    /** No budgets. */
    public static final Budgets NONE = new Budgets(List.of());

    private final List<BudgetRule> rules;
    private final Map<TenantId, List<BudgetRule>> byTenant = new HashMap<>();
    private final List<BudgetRule> ofAll;
    private final RuleSource<BudgetRule> kept;
    private final PerTenant<List<BudgetRule>> inForce;

    /**
     * Budgets of settings alone.
     *
     * @param rules the budgets
     * @throws IllegalArgumentException if two have the same name
     */
    public Budgets(List<BudgetRule> rules) {
        this(rules, RuleSource.none());
    }

    /**
     * @param rules the budgets of settings
     * @param kept those that tenants keep
     * @throws IllegalArgumentException if two of settings have the same name
     */
    public Budgets(List<BudgetRule> rules, RuleSource<BudgetRule> kept) {
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
        this.kept = kept;
        this.inForce = new PerTenant<>(kept::version, this::all);
    }

    private List<BudgetRule> all(TenantId tenant) {
        List<BudgetRule> own = kept.rules(tenant);
        if (own.isEmpty()) {
            return ofSettings(tenant);
        }
        List<BudgetRule> all = new ArrayList<>(ofSettings(tenant));
        all.addAll(own);
        return List.copyOf(all);
    }

    /** The budgets of settings, as configured. */
    public List<BudgetRule> rules() {
        return rules;
    }

    /** The budgets of settings that are for a tenant. */
    public List<BudgetRule> ofSettings(TenantId tenant) {
        return byTenant.getOrDefault(tenant, ofAll);
    }

    /**
     * The limits that a call has to keep to, each account once; those without a number are not among them.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if what the tenant keeps has changed and
     *     cannot be read
     */
    public List<QuotaLimit> of(TenantId tenant, @Nullable AppId app) {
        List<BudgetRule> concerned = kept.empty() ? ofSettings(tenant) : inForce.of(tenant);
        if (concerned.isEmpty()) {
            return List.of();
        }
        List<QuotaLimit> limits = new ArrayList<>(concerned.size());
        for (BudgetRule rule : concerned) {
            QuotaLimit limit = rule.limitFor(tenant, app);
            if (limit != null && !limit.unlimited()) {
                add(limits, limit);
            }
        }
        return limits;
    }

    /** One of settings and one of the tenant's may have a name in common, and then an account: the lower of them decides. */
    private static void add(List<QuotaLimit> limits, QuotaLimit limit) {
        for (int i = 0; i < limits.size(); i++) {
            QuotaLimit other = limits.get(i);
            boolean same = other.account().equals(limit.account())
                    && other.unit().equals(limit.unit())
                    && other.period().equals(limit.period());
            if (same) {
                limits.set(i, other.limit() <= limit.limit() ? other : limit);
                return;
            }
        }
        limits.add(limit);
    }
}
