package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tenants and their apps may spend: set, removed, and shown with its use. The operator and files set any budget; owners and
 * admins those of their tenant that the operator has not set. Each change and each refusal is taken down in the audit log.
 */
public final class BudgetManager {

    /** What the properties that declare budgets begin with. */
    public static final String PROPERTIES = "bactrian.budgets.";

    private final RuleBook<BudgetRule> rules;
    private final QuotaLedger ledger;

    /**
     * @param store where they are kept
     * @param budgets knows those of settings
     * @param ledger knows what is used
     * @param access decides who may, and takes down what comes of it
     */
    public BudgetManager(RuleStore<BudgetRule> store, Budgets budgets, QuotaLedger ledger, AccessControl access) {
        this.rules =
                new RuleBook<>(new RuleBook.Kind(BudgetFields.KIND, PROPERTIES), store, budgets::ofSettings, access);
        this.ledger = ledger;
    }

    /**
     * Sets a budget, in place of the one of its name. What has been used of that in the present period stays used.
     *
     * @param fields what stands in its fields, as in properties ({@link BudgetFields})
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param}, naming the fields that are wrong and what
     *     they have to be, or the property that declares a budget of that name
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied} if the actor may not set it
     */
    public RuleView<BudgetRule> set(Actor actor, TenantId tenant, String name, Map<String, String> fields) {
        return rules.set(actor, tenant, name, () -> BudgetFields.of(tenant, name, fields));
    }

    /** Removes a budget. False if there is none of that name. What was used of it is known if one is set in its place. */
    public boolean remove(Actor actor, TenantId tenant, String name) {
        return rules.remove(actor, tenant, name);
    }

    /** A budget that a tenant keeps to, of settings too. */
    public Optional<RuleView<BudgetRule>> find(Actor actor, TenantId tenant, String name) {
        return rules.find(actor, tenant, name);
    }

    /** The budgets that a tenant keeps to: those of settings first. */
    public List<RuleView<BudgetRule>> rules(Actor actor, TenantId tenant) {
        return rules.list(actor, tenant);
    }

    /**
     * The budgets that a tenant keeps to, with their use as far as nodes have told: those of settings first.
     *
     * @param app whose calls' budgets; null for all
     */
    public List<BudgetView> list(Actor actor, TenantId tenant, @Nullable AppId app) {
        return rules.list(actor, tenant).stream()
                .filter(view -> app == null || view.rule().limitFor(tenant, app) != null)
                .map(view -> new BudgetView(view, usage(view.rule(), tenant, app)))
                .toList();
    }

    private Optional<QuotaUsage> usage(BudgetRule rule, TenantId tenant, @Nullable AppId app) {
        AppId whose = rule.apps() instanceof BudgetRule.Apps.One one ? one.app() : app;
        if (rule.apps() instanceof BudgetRule.Apps.Each && whose == null) {
            return Optional.empty();
        }
        QuotaLimit limit = rule.limitFor(tenant, whose);
        return limit == null || limit.unlimited() ? Optional.empty() : Optional.of(ledger.usage(limit));
    }
}
