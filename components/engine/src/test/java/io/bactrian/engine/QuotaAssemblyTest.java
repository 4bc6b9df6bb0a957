package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.LeasedQuotaLedger;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an installation keeps its quotas, and which budgets its settings say. */
class QuotaAssemblyTest {

    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    private Path folder;

    private Installation open() {
        return Installation.open(new MapSettings(properties, name -> null));
    }

    private QuotaAssembly assembly() {
        return QuotaAssembly.of(
                new MapSettings(properties, name -> null),
                null,
                TenantId.DEFAULT,
                RuleSource.none(),
                QuotaAlerts.NONE,
                Clock.systemUTC(),
                System::nanoTime);
    }

    private void budget(String name, String... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            properties.put("bactrian.budgets." + name + "." + fields[i], fields[i + 1]);
        }
    }

    private static QuotaLimit limit() {
        return new QuotaLimit(
                new QuotaAccount.Budget(TenantId.DEFAULT, null, "b"),
                QuotaUnit.TOKENS,
                100,
                new QuotaPeriod.Unbounded());
    }

    private static void use(Installation installation, String id) {
        Reservation reservation = installation
                .quotaLedger()
                .reserve(
                        new ReservationKey(new RequestId(id), 0),
                        List.of(new Charge(limit(), 40)),
                        Duration.ofMinutes(1));
        assertThat(installation.quotaLedger().settle(reservation, 30)).isTrue();
    }

    @Test
    void keepsQuotasInMemoryWithoutAStore() {
        try (Installation installation = open()) {
            use(installation, "r");

            assertThat(installation.quotaLedger()).isInstanceOf(MemoryQuotaLedger.class);
            assertThat(installation.quotaLedger().usage(limit()).used()).isEqualTo(30);
        }
    }

    @Test
    void keepsQuotasInTheStoreWhereTheyOutliveTheProcess() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
        try (Installation installation = open()) {
            use(installation, "r");
            assertThat(installation.quotaLedger()).isInstanceOf(LeasedQuotaLedger.class);
        }
        try (Installation again = open()) {
            assertThat(again.quotaLedger().usage(limit()).used()).isEqualTo(30);
            use(again, "s");
            assertThat(again.quotaLedger().usage(limit()).used()).isEqualTo(60);
        }
    }

    @Test
    void readsBudgets() {
        budget("plain", "unit", "tokens", "limit", "1000000", "period", "day");
        budget(
                "team",
                "tenant",
                "acme",
                "app",
                "shop",
                "unit",
                "money",
                "currency",
                "EUR",
                "limit",
                "12.50",
                "period",
                "month",
                "zone",
                "Europe/Berlin");
        budget("each", "tenant", "*", "app", "*", "unit", "times", "limit", "10", "period", "PT1H");
        budget("once", "unit", "credits", "limit", "-1", "period", "total");
        properties.put("bactrian.quotas.credits", "openai/gpt-4o:20, ollama/llama3:8b:2");

        try (QuotaAssembly assembly = assembly()) {
            assertThat(assembly.parts().budgets().rules())
                    .containsExactlyInAnyOrder(
                            new BudgetRule(
                                    "plain",
                                    TenantId.DEFAULT,
                                    new BudgetRule.Apps.All(),
                                    QuotaUnit.TOKENS,
                                    1_000_000,
                                    new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.DAY, ZoneOffset.UTC)),
                            new BudgetRule(
                                    "team",
                                    new TenantId("acme"),
                                    new BudgetRule.Apps.One(new AppId("shop")),
                                    new QuotaUnit.Money("EUR"),
                                    12_500_000,
                                    new QuotaPeriod.Calendar(
                                            QuotaPeriod.Calendar.Unit.MONTH, ZoneId.of("Europe/Berlin"))),
                            new BudgetRule(
                                    "each",
                                    null,
                                    new BudgetRule.Apps.Each(),
                                    QuotaUnit.TIMES,
                                    10,
                                    new QuotaPeriod.Rolling(Duration.ofHours(1))),
                            new BudgetRule(
                                    "once",
                                    TenantId.DEFAULT,
                                    new BudgetRule.Apps.All(),
                                    QuotaUnit.CREDITS,
                                    -1,
                                    new QuotaPeriod.Unbounded()));
            assertThat(assembly.parts().credits().byModel())
                    .isEqualTo(Map.of("openai/gpt-4o", 20L, "ollama/llama3:8b", 2L));
            assertThat(assembly.parts().budgets().of(new TenantId("acme"), new AppId("shop")))
                    .extracting(QuotaLimit::account)
                    .containsExactlyInAnyOrder(
                            new QuotaAccount.Budget(new TenantId("acme"), new AppId("shop"), "team"),
                            new QuotaAccount.Budget(new TenantId("acme"), new AppId("shop"), "each"));
            assertThat(assembly.parts().budgets().of(TenantId.DEFAULT, null))
                    .extracting(QuotaLimit::account)
                    .containsExactlyInAnyOrder(
                            new QuotaAccount.Budget(TenantId.DEFAULT, null, "plain"),
                            new QuotaAccount.Budget(TenantId.DEFAULT, null, "each"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "limit, ten, b.limit: has to be a number",
        "limit, -2, b.limit: has to be a number",
        "limit, 1.5, b.limit: has to be a number",
        "limit, 1e30, b.limit: has to be a number",
        "limit, '', b.limit: has to be a number",
        "unit, euros, 'b.unit: has to be tokens, money, times or credits'",
        "period, fortnight, b.period: has to be",
        "period, P400D, 'from 1 second to 366 days'",
        "period, 10ms, 'from 1 second to 366 days'",
        "zone, Mars/Olympus, b.zone: has to be a time zone",
        "currency, USD, b.currency: is for the unit money",
        "tenant, Not A Tenant, b.tenant: a tenant is named",
        "colour, red, b.colour: is not known",
    })
    void tellsWhatIsWrongWithABudget(String field, String value, String told) {
        budget("b", "unit", "tokens", "limit", "10", "period", "day");
        budget("b", field, value);

        assertThatThrownBy(this::assembly)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.budgets.b.")
                .hasMessageContaining(told);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        budget("no spaces", "unit", "tokens", "limit", "10", "period", "day");
        budget("c", "unit", "tokens", "period", "day");
        budget("d", "unit", "money", "currency", "euro", "limit", "1", "period", "day");
        properties.put("bactrian.quotas.alerts", "80,120");
        properties.put("bactrian.quotas.credits", "gpt-4o:20");

        assertThatThrownBy(this::assembly)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll(
                        "bactrian.budgets.no spaces.*: a budget is named",
                        "bactrian.budgets.c.limit: has to be",
                        "bactrian.budgets.d.currency: a currency is",
                        "bactrian.quotas.alerts: has to be percentages",
                        "bactrian.quotas.credits: has to be PROVIDER/MODEL:CREDITS");
    }
}
