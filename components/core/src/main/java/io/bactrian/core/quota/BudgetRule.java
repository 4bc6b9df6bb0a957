package io.bactrian.core.quota;

import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A budget as it is configured.
 *
 * @param name its name
 * @param tenant whose calls it is for; null for every tenant's, each with an amount of its own
 * @param apps which of the tenant's calls
 * @param unit what is counted
 * @param limit how many; -1 for no limit
 * @param period over which time
 */
public record BudgetRule(
        String name, @Nullable TenantId tenant, Apps apps, QuotaUnit unit, long limit, QuotaPeriod period)
        implements NamedRule {

    /** Which of a tenant's calls a budget is for. */
    public sealed interface Apps {

        /** All of them together. */
        record All() implements Apps {}

        /** All of them, each app with an amount of its own; those without an app share one. */
        record Each() implements Apps {}

        /**
         * Those of one app.
         *
         * @param app the app
         */
        record One(AppId app) implements Apps {}
    }

    /** @throws IllegalArgumentException if the name or the limit is not one */
    public BudgetRule {
        limitOf(name, tenant == null ? TenantId.DEFAULT : tenant, null, unit, limit, period);
    }

    private static QuotaLimit limitOf(
            String name, TenantId tenant, @Nullable AppId app, QuotaUnit unit, long limit, QuotaPeriod period) {
        return new QuotaLimit(new QuotaAccount.Budget(tenant, app, name), unit, limit, period);
    }

    /** What a call is held to; null if the budget is not for it. */
    public @Nullable QuotaLimit limitFor(TenantId caller, @Nullable AppId app) {
        if (tenant != null && !tenant.equals(caller)) {
            return null;
        }
        if (apps instanceof Apps.One one) {
            return one.app().equals(app) ? limitOf(name, caller, app, unit, limit, period) : null;
        }
        return limitOf(name, caller, apps instanceof Apps.Each ? app : null, unit, limit, period);
    }
}
