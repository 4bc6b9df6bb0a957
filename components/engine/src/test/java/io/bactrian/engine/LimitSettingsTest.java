package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitSettingsTest {

    private final Map<String, String> properties = new TreeMap<>();

    private List<RateLimit> read(@Nullable TenantId defaultTenant) {
        List<String> problems = new ArrayList<>();
        List<RateLimit> limits =
                RuleSettings.limits(new MapSettings(properties, name -> null), defaultTenant, problems).stream()
                        .flatMap(rule -> rule.limits().stream())
                        .toList();
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", problems));
        }
        return limits;
    }

    private void set(String field, String value) {
        properties.put("bactrian.limits.house." + field, value);
    }

    @Test
    void readsOneLimitForEachThingThatIsCounted() {
        set("tenant", "*");
        set("app", "shop");
        set("api-key", "*");
        set("requests", "100");
        set("tokens", "1_000_000");
        set("concurrent", "8");
        set("per", "1h");

        List<RateLimit> limits = read(TenantId.DEFAULT);

        assertThat(limits)
                .extracting(RateLimit::resource, RateLimit::amount, RateLimit::per)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(RateResource.REQUESTS, 100L, Duration.ofHours(1)),
                        org.assertj.core.groups.Tuple.tuple(RateResource.TOKENS, 1_000_000L, Duration.ofHours(1)),
                        org.assertj.core.groups.Tuple.tuple(RateResource.CONCURRENT, 8L, Duration.ZERO));
        assertThat(limits).allSatisfy(limit -> {
            assertThat(limit.name()).isEqualTo("house");
            assertThat(limit.tenant()).isEqualTo(RateSelector.each());
            assertThat(limit.app()).isEqualTo(RateSelector.only(new AppId("shop")));
            assertThat(limit.apiKey()).isEqualTo(RateSelector.each());
            assertThat(limit.provider()).isEqualTo(RateSelector.any());
        });
    }

    @Test
    void isTheDefaultTenantsAndOfAMinuteUnlessItSaysOtherwise() {
        set("requests", "5");
        set("apiKey", "ak_1");

        RateLimit limit = read(TenantId.DEFAULT).get(0);

        assertThat(limit.tenant()).isEqualTo(RateSelector.only(TenantId.DEFAULT));
        assertThat(limit.per()).isEqualTo(Duration.ofMinutes(1));
        assertThat(limit.apiKey()).isEqualTo(RateSelector.only(new ApiKeyId("ak_1")));
        assertThatThrownBy(() -> read(null))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.limits.house.tenant: set it");
    }

    @Test
    void readsModelsByProviderAndName() {
        set("requests", "5");

        set("model", "openai/gpt-4o");
        assertThat(read(TenantId.DEFAULT).get(0).provider()).isEqualTo(RateSelector.only(new ProviderId("openai")));
        assertThat(read(TenantId.DEFAULT).get(0).model()).isEqualTo(RateSelector.only("gpt-4o"));
        set("model", "openai/ft:gpt/4o");
        assertThat(read(TenantId.DEFAULT).get(0).model()).isEqualTo(RateSelector.only("ft:gpt/4o"));
        set("model", "openai/*");
        assertThat(read(TenantId.DEFAULT).get(0).provider()).isEqualTo(RateSelector.only(new ProviderId("openai")));
        assertThat(read(TenantId.DEFAULT).get(0).model()).isEqualTo(RateSelector.each());
        set("model", "openai");
        assertThat(read(TenantId.DEFAULT).get(0).model()).isEqualTo(RateSelector.any());
        set("model", "*");
        assertThat(read(TenantId.DEFAULT).get(0).provider()).isEqualTo(RateSelector.each());
        assertThat(read(TenantId.DEFAULT).get(0).model()).isEqualTo(RateSelector.each());
    }

    @ParameterizedTest
    @CsvSource({
        "requests, many, bactrian.limits.house.requests: has to be a whole number from 1",
        "requests, 0, bactrian.limits.house.requests",
        "tokens, -1, bactrian.limits.house.tokens",
        "concurrent, 1000001, bactrian.limits.house.concurrent: has to be a whole number from 1 to 1000000",
        "per, 500ms, bactrian.limits.house.per: has to be a duration from 1s to 31d",
        "per, soon, bactrian.limits.house.per",
        "tenant, UPPER, bactrian.limits.house.tenant: a tenant is named by",
        "model, Open AI/x, a provider is named by",
        "model, openai/, bactrian.limits.house.model: has to be *",
        "request, 5, bactrian.limits.house.request: is not known; a limit has"
    })
    void namesTheSettingThatIsWrongAndWhatItHasToBe(String field, String value, String message) {
        set("requests", "5");
        set(field, value);

        assertThatThrownBy(() -> read(TenantId.DEFAULT))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.limits.house.")
                .hasMessageContaining(message);
    }

    @Test
    void refusesALimitOfNothing() {
        set("app", "*");
        properties.put("bactrian.limits.requests", "5");

        assertThatThrownBy(() -> read(TenantId.DEFAULT))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.limits.house.*: set at least one of requests, tokens and concurrent")
                .hasMessageContaining("bactrian.limits.requests: has to be bactrian.limits.NAME.FIELD");
    }
}
