package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.server.TestHome;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code usage}, as the operator types it, for what a server has taken down. */
class UsageCommandTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");

    @TempDir
    Path folder;

    private TestHome home;
    private final List<UsageRecord> calls = new ArrayList<>();

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
        home.done("tenant", "add", "acme");
    }

    private void call(String model, @Nullable String user, UsageOutcome outcome, Instant at, @Nullable String price) {
        calls.add(new UsageRecord(
                new UUID(1, calls.size()),
                new RequestId("r"),
                ACME,
                user == null ? null : new UserId(user),
                new AppId("shop"),
                InvocationTarget.Model.of(new ProviderId("openai"), model, ModelType.LLM),
                null,
                false,
                outcome,
                1,
                0,
                new TokenUsage(10, 5, 0, 0, 7, 1, 0),
                TokenCount.REPORTED,
                price == null ? null : new Price(new BigDecimal(price), BigDecimal.ZERO, "USD"),
                at,
                Duration.ofMillis(300),
                null));
    }

    /** As a server does that shares the database. */
    private void taken(UsageLoss... losses) {
        try (BactrianStore store =
                BactrianStore.open(StoreSettings.embedded(home.home().data()), Clock.systemUTC())) {
            store.usage().append(calls, List.of(losses));
        }
    }

    private List<String> lines(String... arguments) {
        return home.done(arguments)
                .lines()
                .map(line -> line.replaceAll(" +", " ").strip())
                .toList();
    }

    @Test
    void sumsUpATenantsCalls() {
        call("gpt-4o", "ann", UsageOutcome.Ended.OK, NOON, "0.0100000");
        call("gpt-4o", null, UsageOutcome.Ended.ABORTED, NOON, "0.0000005");
        call("gpt-4o-mini", "ann", new UsageOutcome.Failed(ErrorCode.RATE_LIMITED, Phase.RATE), NOON, null);
        taken();

        assertThat(lines("usage", "--tenant", "acme", "--since", "2026-01-01"))
                .containsExactly(
                        "model calls failed aborted input tokens output tokens estimated cost",
                        "openai/gpt-4o 2 0 1 30 16 0 0.0100005 USD",
                        "openai/gpt-4o-mini 1 1 0 15 8 0");
        assertThat(lines("usage", "-t", "acme", "--by", "user", "--since=2026-01-01"))
                .containsExactly(
                        "user calls failed aborted input tokens output tokens estimated cost",
                        "ann 2 1 0 30 16 0 0.01 USD",
                        "(none) 1 0 1 15 8 0 0.0000005 USD");
        assertThat(lines("usage", "-t", "acme", "--by", "APP", "--since=2026-01-01"))
                .contains("shop 3 1 1 45 24 0 0.0100005 USD");
        assertThat(lines("usage", "-t", "acme", "--by", "day", "--since=2026-01-01"))
                .contains("2026-01-10 3 1 1 45 24 0 0.0100005 USD");
        assertThat(lines("usage", "--since=2026-01-01")).as("of another tenant").hasSize(1);
    }

    @Test
    void looksAtTheDaysAskedFor() {
        call("old", "ann", UsageOutcome.Ended.OK, NOON.minus(Duration.ofDays(1)), null);
        call("then", "ann", UsageOutcome.Ended.OK, NOON, null);
        call("now", "ann", UsageOutcome.Ended.OK, Clock.systemUTC().instant(), null);
        taken();

        assertThat(home.done("usage", "-t", "acme", "--since", "2026-01-10", "--until", "2026-01-11"))
                .contains("openai/then")
                .doesNotContain("openai/old", "openai/now");
        assertThat(home.done("usage", "-t", "acme"))
                .as("the last 30 days")
                .contains("openai/now")
                .doesNotContain("openai/old", "openai/then");
    }

    @Test
    void saysWhatIsNotInTheSums() {
        call("one", "ann", UsageOutcome.Ended.OK, NOON, null);
        call("two", "ann", UsageOutcome.Ended.OK, NOON, null);
        taken(new UsageLoss(new UUID(2, 1), ACME, 12, NOON, NOON));

        assertThat(lines("usage", "-t", "acme", "--since", "2026-01-01", "--most", "1"))
                .hasSize(4)
                .contains(
                        "… there are more: raise --most",
                        "12 more calls since 2026-01-01 are in none of these sums: their records were lost");
        JsonObject shown = new JsonObject(home.done("usage", "-t", "acme", "--since", "2026-01-01", "--json"));
        assertThat(shown.getLong("lost")).isEqualTo(12);
        assertThat(shown.getBoolean("complete")).isTrue();
        assertThat(shown.getString("since")).isEqualTo("2026-01-01");
        JsonObject first = shown.getJsonArray("sums").getJsonObject(0);
        assertThat(first.getString("model")).isEqualTo("openai/one");
        assertThat(first.getLong("input_tokens")).isEqualTo(15);
        assertThat(first.getLong("cache_read_tokens")).isEqualTo(5);
        assertThat(first.getLong("output_tokens")).isEqualTo(8);
        assertThat(first.getLong("reasoning_tokens")).isEqualTo(1);
    }

    @Test
    void endsWithTwoWhenItIsCalledWrong() {
        for (String command : List.of("usage --by week", "usage --since yesterday", "usage --most 0")) {
            TestHome.Ran ran = home.command(command.split(" "));
            assertThat(ran.code()).as(command).isEqualTo(2);
            assertThat(ran.err()).as(command).startsWith("usage: ");
        }
        assertThat(home.command("usage", "--since", "yesterday").err()).contains("a day such as 2026-01-31");
        assertThat(home.command("usage", "--by", "week").err()).contains("model, app, user, day");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThat(home.command("usage", "-t", "nobody").err()).startsWith("tenant_not_found: ");
        assertThat(home.command("usage", "--since", "2026-01-02", "--until", "2026-01-02")
                        .err())
                .startsWith("invalid_param: ")
                .contains("cannot end before");
        home.variable("BACTRIAN_STORE_ENABLED", "false");
        TestHome.Ran ran = home.command("usage");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("misconfigured: ").contains("bactrian.store.enabled");
    }
}
