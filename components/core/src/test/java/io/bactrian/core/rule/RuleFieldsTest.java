package io.bactrian.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules as they are written. */
class RuleFieldsTest {

    private static final TenantId ACME = new TenantId("acme");

    @Test
    void saysAllThatIsWrongAtOnceByField() {
        assertThatThrownBy(() -> BudgetFields.of(
                        ACME, "b", Map.of("unit", "tokens", "limit", "many", "period", "never", "colour", "red")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("budget 'b': ")
                .hasMessageContainingAll(
                        "colour is not known; a budget has [app, currency, limit, period, unit, zone]",
                        "limit has to be a number from 0",
                        "period has to be hour, day, week or month");
        assertThatThrownBy(() -> LimitFields.of(ACME, "no spaces", Map.of("requests", "1")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("a limit is named by 1 to 100 characters");
        assertThatThrownBy(() -> LimitFields.of(ACME, "l", Map.of("app", "shop")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("set at least one of requests, tokens and concurrent");
    }

    @Test
    void doesNotRepeatANameThatDisturbs() {
        assertThatThrownBy(() -> LimitFields.of(ACME, "a\nb", Map.of("requests", "1")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> LimitFields.of(ACME, "a".repeat(101), Map.of("requests", "1")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageNotContaining("aaa");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-key", "api_key", "apiKey"})
    void readsAFieldInEachMannerOfWritingIt(String field) {
        RateLimitRule rule = LimitFields.of(ACME, "l", Map.of("requests", "1", field, "ak_1"));

        assertThat(rule.apiKey()).isEqualTo(RateSelector.only(new ApiKeyId("ak_1")));
        assertThat(rule.tenant()).isEqualTo(RateSelector.only(ACME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "Tenant"})
    void doesNotLetARuleOfATenantNameAnother(String field) {
        assertThatThrownBy(() -> LimitFields.of(ACME, "l", Map.of("requests", "1", field, "globex")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("tenant is not known");
    }

    @Test
    void writesARuleAsItWouldBeRead() {
        Map<String, String> budget =
                Map.of("app", "*", "unit", "money", "currency", "EUR", "limit", "12.5", "period", "week", "zone", "Z");
        Map<String, String> limit = Map.of("model", "openai/*", "tokens", "7", "concurrent", "2", "per", "PT1H");

        BudgetRule readBudget = BudgetFields.of(ACME, "b", budget);
        RateLimitRule readLimit = LimitFields.of(ACME, "l", limit);

        assertThat(BudgetFields.of(readBudget)).isEqualTo(budget);
        assertThat(LimitFields.of(readLimit)).isEqualTo(limit);
        RateLimitRule calls = LimitFields.of(ACME, "l", Map.of("concurrent", "2", "per", "1h"));
        assertThat(LimitFields.of(ACME, "l", LimitFields.of(calls))).isEqualTo(calls);
    }

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "1m30s, PT1M30S", "500, PT0.5S", "1d2h3m4s5ms, P1DT2H3M4.005S", "PT30S, PT30S", "P1D, P1D"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(DurationText.of(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "12x", "1s 2s", "-1s", "-PT1S", "PT", "1.5s", "99999999999999999999s", "s"})
    void readsNothingElseAsADuration(String text) {
        assertThatThrownBy(() -> DurationText.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
