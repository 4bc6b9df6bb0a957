package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Budgets and limits that tenants keep, as a store keeps them. */
public interface RuleContract extends StoreFixture {

    /** One of each form that a budget's fields may have. */
    private static List<BudgetRule> budgetsOf(TenantId tenant) {
        return List.of(
                budget(tenant, "a", "unit", "tokens", "limit", "1000000", "period", "month"),
                budget(tenant, "b", "unit", "money", "limit", "12.5", "period", "day", "zone", "Europe/Berlin"),
                budget(tenant, "c", "app", "*", "unit", "times", "limit", "0", "period", "90m"),
                budget(tenant, "d", "app", "sh op/ä", "unit", "credits", "limit", "-1", "period", "total"),
                budget(tenant, "e", "unit", "money", "currency", "EUR", "limit", "0.000001", "period", "PT1H"));
    }

    private static List<RateLimitRule> limitsOf(TenantId tenant) {
        return List.of(
                limit(tenant, "a", "requests", "100"),
                limit(tenant, "b", "tokens", "1_000_000", "concurrent", "8", "per", "1h", "app", "*"),
                limit(tenant, "c", "concurrent", "1", "model", "openai/ft:gpt/4o \"x\"", "api-key", "ak_1"),
                limit(tenant, "d", "requests", "1", "model", "openai/*", "app", "shop", "api-key", "*"),
                limit(tenant, "e", "requests", "1", "model", "*", "per", "1500ms"),
                limit(tenant, "f.g-h_i", "requests", "1", "model", "openai"));
    }

    private static BudgetRule budget(TenantId tenant, String name, String... fields) {
        return BudgetFields.of(tenant, name, texts(fields));
    }

    private static RateLimitRule limit(TenantId tenant, String name, String... fields) {
        return LimitFields.of(tenant, name, texts(fields));
    }

    private static Map<String, String> texts(String... fields) {
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            texts.put(fields[i], fields[i + 1]);
        }
        return texts;
    }

    private static <R extends NamedRule> RuleRecord<R> put(RuleStore<R> store, TenantId tenant, R rule) {
        Optional<RuleRecord<R>> read = find(store, tenant, rule.name());
        return store.put(tenant, RuleRecord.of(rule, RuleAuthor.OPERATOR, null), read.orElse(null));
    }

    private static <R extends NamedRule> Optional<RuleRecord<R>> find(
            RuleStore<R> store, TenantId tenant, String name) {
        return store.rules(tenant).stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst();
    }

    @Test
    default void keepsAllThatABudgetSays() {
        addTenants();
        budgetsOf(ACME).forEach(rule -> put(store().budgets(), ACME, rule));

        assertThat(store().budgets().rules(ACME)).extracting(RuleRecord::rule).isEqualTo(budgetsOf(ACME));
        assertThat(store().budgets().rules(GLOBEX)).isEmpty();
        assertThat(store().budgets().rules(NOBODY)).isEmpty();
    }

    @Test
    default void keepsAllThatALimitSays() {
        addTenants();
        limitsOf(ACME).forEach(rule -> put(store().limits(), ACME, rule));

        assertThat(store().limits().rules(ACME)).extracting(RuleRecord::rule).isEqualTo(limitsOf(ACME));
        assertThat(store().limits().rules(GLOBEX)).isEmpty();
        assertThat(store().limits().rules(NOBODY)).isEmpty();
    }

    @Test
    default void keepsWhoHasSetARuleAndTheFileThatDeclaresIt() {
        addTenants();
        BudgetRule rule = budgetsOf(ACME).get(0);
        RuleRecord<BudgetRule> first = store().budgets().put(ACME, RuleRecord.of(rule, RuleAuthor.TENANT, null), null);
        assertThat(first).isEqualTo(new RuleRecord<>(rule, RuleAuthor.TENANT, null, 1));
        assertThat(store().budgets().rules(ACME)).containsExactly(first);

        RuleRecord<BudgetRule> second =
                store().budgets().put(ACME, RuleRecord.of(rule, RuleAuthor.OPERATOR, "acme.yaml"), first);

        assertThat(second).isEqualTo(new RuleRecord<>(rule, RuleAuthor.OPERATOR, "acme.yaml", 2));
        assertThat(store().budgets().rules(ACME)).containsExactly(second);
    }

    @Test
    default void putsARuleInThePlaceOfTheOneOfItsName() {
        addTenants();
        put(store().limits(), ACME, limit(ACME, "a", "requests", "100", "app", "shop", "api-key", "ak_1"));
        put(store().limits(), GLOBEX, limit(GLOBEX, "a", "requests", "7"));

        put(store().limits(), ACME, limit(ACME, "a", "concurrent", "3"));

        assertThat(store().limits().rules(ACME))
                .extracting(RuleRecord::rule)
                .containsExactly(limit(ACME, "a", "concurrent", "3"));
        assertThat(store().limits().rules(GLOBEX))
                .extracting(RuleRecord::rule)
                .containsExactly(limit(GLOBEX, "a", "requests", "7"));
    }

    @Test
    default void countsEachChangeOfARuleAsOneOfItsTenant() {
        addTenants();
        long before = store().version(ACME);
        long others = store().version(GLOBEX);

        RuleRecord<BudgetRule> rule =
                put(store().budgets(), ACME, budgetsOf(ACME).get(0));
        long added = store().version(ACME);
        store().budgets().remove(ACME, rule);

        assertThat(added).isGreaterThan(before);
        assertThat(store().version(ACME)).isGreaterThan(added);
        assertThat(store().version(GLOBEX)).isEqualTo(others);
    }

    @Test
    default void refusesToChangeWhatHasChangedSinceItWasRead() {
        addTenants();
        RuleStore<BudgetRule> budgets = store().budgets();
        BudgetRule rule = budgetsOf(ACME).get(0);
        RuleRecord<BudgetRule> read = put(budgets, ACME, rule);
        put(budgets, ACME, budget(ACME, "a", "unit", "tokens", "limit", "5", "period", "day"));

        refused(ErrorCode.INVALID_PARAM, () -> budgets.put(ACME, read, read));
        refused(ErrorCode.INVALID_PARAM, () -> budgets.put(ACME, read, null));
        refused(ErrorCode.INVALID_PARAM, () -> budgets.remove(ACME, read));

        assertThat(budgets.rules(ACME))
                .extracting(record -> record.rule().limit())
                .containsExactly(5L);
    }

    @Test
    default void removesARuleOnce() {
        addTenants();
        RuleRecord<RateLimitRule> rule =
                put(store().limits(), ACME, limitsOf(ACME).get(0));
        put(store().limits(), ACME, limitsOf(ACME).get(1));

        assertThat(store().limits().remove(GLOBEX, rule)).isFalse();
        assertThat(store().limits().remove(ACME, rule)).isTrue();
        assertThat(store().limits().remove(ACME, rule)).isFalse();

        assertThat(store().limits().rules(ACME)).extracting(RuleRecord::name).containsExactly("b");
    }

    @Test
    default void removesTheRulesOfATenantWithIt() {
        addTenants();
        for (TenantId tenant : List.of(ACME, GLOBEX)) {
            put(store().budgets(), tenant, budgetsOf(tenant).get(0));
            put(store().limits(), tenant, limitsOf(tenant).get(0));
        }

        store().removeTenant(ACME);
        store().putTenant(new TenantRecord(ACME, "Acme", true));

        assertThat(store().budgets().rules(ACME)).isEmpty();
        assertThat(store().limits().rules(ACME)).isEmpty();
        assertThat(store().budgets().rules(GLOBEX)).hasSize(1);
        assertThat(store().limits().rules(GLOBEX)).hasSize(1);
    }

    @Test
    default void refusesRulesOfATenantThatIsNotThere() {
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> put(store().budgets(), NOBODY, budgetsOf(NOBODY).get(0)));
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> put(store().limits(), NOBODY, limitsOf(NOBODY).get(0)));
    }

    @Test
    default void letsOneOfManyWhoSetTheSameRuleAtOnceDoIt() throws InterruptedException {
        addTenants();
        List<Boolean> done = Suites.together(6, i -> (Callable<Boolean>) () -> {
            try {
                store().budgets()
                        .put(
                                ACME,
                                RuleRecord.of(
                                        budget(ACME, "a", "unit", "tokens", "limit", "" + i, "period", "day"),
                                        RuleAuthor.OPERATOR,
                                        null),
                                null);
                return true;
            } catch (BadRequestException e) {
                return false;
            }
        });

        assertThat(done).containsOnlyOnce(true);
        assertThat(store().budgets().rules(ACME)).hasSize(1);
    }
}
