package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.CredentialSource;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.testkit.contract.UsageStoreContract;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Usage in a database, where single records are kept. */
abstract class StoredUsageContract extends UsageStoreContract {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00.123Z");

    private StoreSettings settings;
    private BactrianStore store;

    /** Which database it is. */
    abstract Databases kind();

    /** A database without tenants. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        settings = settings();
        store = BactrianStore.open(settings, Clock.systemUTC());
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected UsageStore usage() {
        return store.usage();
    }

    private List<Map<String, Object>> rows(String query) {
        try (Dialect dialect = kind().dialect(settings)) {
            return new JdbcTemplate(dialect.owner()).queryForList(query);
        }
    }

    private long count(String table) {
        return ((Number) rows("SELECT COUNT(*) AS n FROM " + table).get(0).get("n")).longValue();
    }

    @Test
    void keepsWhatIsGivenTwiceOnce() {
        List<UsageRecord> records = List.of(record(ACME, GPT, NOON), record(ACME, TINY, NOON));
        List<UsageLoss> losses = List.of(new UsageLoss(new UUID(9, 9), ACME, 4, NOON, NOON));
        usage().append(records, losses);

        usage().append(records, losses);
        usage().append(List.of(records.get(0), record(ACME, GPT, NOON)), List.of());

        assertThat(count("usage_records")).isEqualTo(3);
        assertThat(count("usage_losses")).isEqualTo(1);
    }

    @Test
    void keepsEverythingThatARecordSays() {
        usage().append(List.of(record(ACME, GPT, NOON)), List.of());

        Map<String, Object> row = rows("SELECT * FROM usage_records").get(0);
        assertThat(row)
                .containsEntry("tenant_id", "acme")
                .containsEntry("request_id", "r-1")
                .containsEntry("user_id", "ann")
                .containsEntry("app_id", "shop")
                .containsEntry("target", "openai/gpt-4o")
                .containsEntry("provider_name", "openai")
                .containsEntry("model_name", "gpt-4o")
                .containsEntry("model_type", "llm")
                .containsEntry("credential_source", "custom_provider")
                .containsEntry("credential_id", "c-1")
                .containsEntry("streamed", true)
                .containsEntry("outcome", "ok")
                .containsEntry("phase", null)
                .containsEntry("attempts", 2)
                .containsEntry("failed_attempts", 1)
                .containsEntry("input_tokens", 1L)
                .containsEntry("cache_read_tokens", 2L)
                .containsEntry("cache_write_tokens", 3L)
                .containsEntry("audio_input_tokens", 4L)
                .containsEntry("output_tokens", 5L)
                .containsEntry("reasoning_tokens", 6L)
                .containsEntry("audio_output_tokens", 7L)
                .containsEntry("tokens_counted", "reported")
                .containsEntry("price", new BigDecimal("0.0000123"))
                .containsEntry("currency", "USD")
                .containsEntry("duration_micros", 1_234L)
                .containsEntry("first_content_micros", 234L);
        assertThat(String.valueOf(row.get("usage_day"))).isEqualTo("2026-03-02");
        try (Dialect dialect = kind().dialect(settings)) {
            assertThat(new JdbcTemplate(dialect.owner())
                            .queryForObject("SELECT started_at FROM usage_records", OffsetDateTime.class)
                            .toInstant())
                    .isEqualTo(NOON);
        }
    }

    @Test
    void keepsARecordOfAlmostNothing() {
        usage().append(
                        List.of(new UsageRecord(
                                new UUID(1, 2),
                                new RequestId("r"),
                                null,
                                null,
                                null,
                                new InvocationTarget.DefaultModel(ModelType.LLM),
                                null,
                                false,
                                new UsageOutcome.Failed(ErrorCode.TENANT_REQUIRED, Phase.TENANT),
                                0,
                                0,
                                TokenUsage.NONE,
                                TokenCount.NONE,
                                null,
                                NOON,
                                Duration.ZERO,
                                null)),
                        List.of());

        assertThat(rows("SELECT * FROM usage_records").get(0))
                .containsEntry("tenant_id", null)
                .containsEntry("target", "default model (llm)")
                .containsEntry("model_type", "llm")
                .containsEntry("model_name", null)
                .containsEntry("credential_source", null)
                .containsEntry("outcome", "tenant_required")
                .containsEntry("phase", "tenant")
                .containsEntry("price", null)
                .containsEntry("first_content_micros", null);
    }

    @Test
    void takesTheLongestNamesThereAre() {
        String longest = "\ud83d\udc2b".repeat(256);
        UsageRecord model = record(
                new TenantId("t".repeat(63)),
                InvocationTarget.Model.of(new ProviderId("p".repeat(64)), longest, ModelType.TEXT_EMBEDDING),
                NOON);
        UsageRecord tool = record(
                ACME,
                new InvocationTarget.Tool(
                        new ToolAddress(ToolProviderType.BUILTIN, "p".repeat(128), "t".repeat(128)), null),
                NOON);
        UsageRecord named = record(ACME, new InvocationTarget.NamedTool(longest, null), NOON);
        UsageRecord all = new UsageRecord(
                new UUID(1, 3),
                new RequestId("r".repeat(128)),
                ACME,
                new UserId("u".repeat(256)),
                new AppId("a".repeat(256)),
                GPT,
                new CredentialRef(
                        CredentialSource.CUSTOM_MODEL, new ProviderId("p"), "c".repeat(64), "n".repeat(300), 1),
                true,
                new UsageOutcome.Failed(ErrorCode.CREDENTIAL_POLICY_VIOLATION, Phase.CREDENTIAL),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                new TokenUsage(Long.MAX_VALUE, 0, 0, 0, 0, 0, 0),
                TokenCount.ESTIMATED,
                price("99999999999999999999999.1234567", "USD"),
                NOON,
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ZERO);

        usage().append(List.of(model, tool, named, all), List.of());

        assertThat(count("usage_records")).isEqualTo(4);
    }

    @Test
    void keepsTheUsageOfTenantsThatOnlySettingsKnow() {
        usage().append(List.of(record(NOBODY, GPT, NOON)), List.of());

        assertThat(count("usage_records")).isEqualTo(1);
    }

    @Test
    void removesATenantsUsageWithTheTenantHoweverMuchThereIs() {
        for (int i = 0; i < 5; i++) {
            usage().append(
                            IntStream.range(0, 500)
                                    .mapToObj(n -> record(ACME, GPT, NOON))
                                    .toList(),
                            List.of(new UsageLoss(new UUID(9, i), ACME, 4, NOON, NOON)));
        }
        usage().append(List.of(record(GLOBEX, GPT, NOON)), List.of());
        assertThat(count("usage_records")).isEqualTo(2_501);

        assertThat(store.removeTenant(ACME)).isTrue();

        assertThat(rows("SELECT DISTINCT tenant_id FROM usage_records")).containsExactly(Map.of("tenant_id", "globex"));
        assertThat(count("usage_losses")).isZero();
    }

    @Test
    void removesTheOldestFirstAndSoManyAtATime() {
        usage().append(
                        IntStream.range(0, 10)
                                .mapToObj(day -> record(ACME, GPT, NOON.plus(Duration.ofDays(day))))
                                .toList(),
                        List.of());

        assertThat(usage().removeBefore(NOON.plus(Duration.ofDays(5)), 3)).isEqualTo(3);

        assertThat(String.valueOf(rows("SELECT MIN(usage_day) AS d FROM usage_records")
                        .get(0)
                        .get("d")))
                .isEqualTo("2026-03-05");
        assertThat(usage().removeBefore(NOON.plus(Duration.ofDays(5)), 3)).isEqualTo(2);
        assertThat(usage().removeBefore(NOON.plus(Duration.ofDays(5)), 3)).isZero();
        assertThat(count("usage_records")).isEqualTo(5);
    }
}
