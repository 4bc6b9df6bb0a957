package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private List<BudgetRule> kept = List.of();
    private long version;
    private boolean away;

    private final Budgets budgets = new Budgets(
            List.of(rule("of-all", null, 100), rule("of-acme", ACME, 10)),
            RuleSource.of(tenant -> version, this::keptBy));

    private static BudgetRule rule(String name, @Nullable TenantId tenant, long limit) {
        return new BudgetRule(
                name,
                tenant,
                new BudgetRule.Apps.All(),
                QuotaUnit.TOKENS,
                limit,
                new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.DAY, ZoneOffset.UTC));
    }

    private List<BudgetRule> keptBy(TenantId tenant) {
        if (away) {
            throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "away");
        }
        return kept.stream().filter(rule -> tenant.equals(rule.tenant())).toList();
    }

    private void keep(BudgetRule... rules) {
        kept = List.of(rules);
        version++;
    }

    private List<String> of(TenantId tenant) {
        return budgets.of(tenant, null).stream()
                .map(limit -> limit.account().key() + "=" + limit.limit())
                .toList();
    }

    @Test
    void holdsACallToThoseOfSettingsAndThoseOfItsTenantTogether() {
        keep(rule("own", ACME, 5), rule("theirs", GLOBEX, 6));

        assertThat(of(ACME)).containsExactly("budget:of-all=100", "budget:of-acme=10", "budget:own=5");
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=100", "budget:theirs=6");
        assertThat(budgets.ofSettings(ACME)).extracting(BudgetRule::name).containsExactly("of-all", "of-acme");
    }

    @Test
    void followsAChangeWithTheTenantsVersion() {
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=100");
        keep(rule("own", GLOBEX, 5));
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=100", "budget:own=5");
        keep(rule("own", GLOBEX, -1));
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=100");
    }

    @Test
    void hasTheLowerOfTwoWithOneAccountDecide() {
        keep(rule("of-all", GLOBEX, 7));
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=7");
        keep(rule("of-all", GLOBEX, 700));
        assertThat(of(GLOBEX)).containsExactly("budget:of-all=100");
    }

    @Test
    void tellsAppsApartWhereABudgetDoes() {
        keep(new BudgetRule(
                "each", GLOBEX, new BudgetRule.Apps.Each(), QuotaUnit.TIMES, 3, new QuotaPeriod.Unbounded()));

        assertThat(budgets.of(GLOBEX, new AppId("shop")))
                .extracting(limit -> limit.account().key())
                .containsExactly("budget:of-all", "budget:each:shop");
    }

    @Test
    void refusesWhileWhatHasChangedCannotBeRead() {
        of(ACME);
        away = true;
        assertThat(of(ACME)).hasSize(2);

        version++;

        assertThatThrownBy(() -> of(ACME)).isInstanceOf(UnavailableException.class);
    }
}
