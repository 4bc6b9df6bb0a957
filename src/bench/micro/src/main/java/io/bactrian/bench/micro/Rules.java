package io.bactrian.bench.micro;

import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import java.time.Duration;
import java.util.List;

/** Budgets and limits that an installation may have, so wide that no benchmark comes to their end. */
final class Rules {

    private static final long WIDE = 1_000_000_000_000L;

    private Rules() {}

    /** How many calls and tokens a tenant may use in a month. */
    static Budgets budgets() {
        return new Budgets(List.of(budget("calls", QuotaUnit.Counted.TIMES), budget("tokens", QuotaUnit.Counted.TOKENS)));
    }

    private static BudgetRule budget(String name, QuotaUnit unit) {
        return new BudgetRule(name, null, new BudgetRule.Apps.All(), unit, WIDE, new QuotaPeriod.Unbounded());
    }

    /** How many requests, tokens and calls at once a tenant may have. */
    static List<RateLimit> limits() {
        return List.of(
                limit(RateResource.REQUESTS, WIDE), limit(RateResource.TOKENS, WIDE), limit(RateResource.CONCURRENT, 1_000));
    }

    private static RateLimit limit(RateResource resource, long amount) {
        return new RateLimit(
                resource.text(),
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                resource,
                amount,
                Duration.ofMinutes(1));
    }
}
