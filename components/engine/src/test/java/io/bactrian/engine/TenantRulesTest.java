package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.Actor;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets and limits that tenants keep, in a whole installation: set while it runs, and by files. */
class TenantRulesTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final InvocationTarget PARROT =
            InvocationTarget.Model.of(new ProviderId("echo"), "parrot", ModelType.LLM);
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Map<String, String> ONE_CALL = Map.of("unit", "times", "limit", "1", "period", "total");

    private final Map<String, String> properties = new TreeMap<>();
    private final AtomicLong ids = new AtomicLong();

    @TempDir
    private Path folder;

    private Installation open() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "key-1");
        properties.put("bactrian.credentials.theirs.provider", "echo");
        properties.put("bactrian.credentials.theirs.api_key", "key-2");
        properties.put("bactrian.credentials.theirs.tenant", "acme");
        Installation.Beans echo =
                new Installation.Beans(List.of(new ScriptedDialect()), List.of(), List.of(), List.of(), List.of());
        return Installation.open(new MapSettings(properties, name -> null), echo, Clock.systemUTC());
    }

    private void withStore() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
    }

    private void workspace(String text) throws IOException {
        Path file = folder.resolve("config").resolve("workspaces").resolve("acme.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        properties.put("bactrian.config.folder", folder.resolve("config").toString());
    }

    private String ask(Installation installation, TenantId tenant) {
        CallerClaim claim = new CallerClaim(
                null,
                tenant,
                null,
                new AppId("shop"),
                null,
                InvokeSource.HTTP,
                0,
                new RequestId("r-" + ids.incrementAndGet()),
                Deadline.in(Duration.ofSeconds(30)),
                CallPath.NONE,
                null);
        return installation
                .modelManager()
                .instance(claim, PARROT)
                .invokeLlm(LlmRequest.ofText("who pays?"))
                .text();
    }

    private void refused(Installation installation, ErrorCode code, String rule) {
        assertThatThrownBy(() -> ask(installation, ACME))
                .isInstanceOfSatisfying(
                        RateLimitedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(rule);
    }

    private static List<String> names(List<? extends RuleView<? extends NamedRule>> views) {
        return views.stream()
                .map(view -> view.rule().name() + " " + view.setBy() + " "
                        + view.property().or(view::managedBy).orElse("by hand"))
                .toList();
    }

    @Test
    void areInForceAtOnceWhenTheyAreSetAndGoneWhenTheyAreRemoved() throws IOException {
        withStore();
        workspace("name: Acme\n");
        properties.put("bactrian.limits.house.requests", "2");
        properties.put("bactrian.limits.house.per", "1h");
        try (Installation installation = open()) {
            ask(installation, ACME);
            installation.budgetManager().set(OPERATOR, ACME, "b", ONE_CALL);
            ask(installation, ACME);
            refused(installation, ErrorCode.PROVIDER_QUOTA_EXCEEDED, "budget 'b' of tenant 'acme'");
            assertThat(installation.budgetManager().list(OPERATOR, ACME, null))
                    .singleElement()
                    .satisfies(view ->
                            assertThat(view.usage().orElseThrow().left()).isZero());

            installation.budgetManager().remove(OPERATOR, ACME, "b");
            ask(installation, ACME);

            installation.limitManager().set(OPERATOR, ACME, "l", Map.of("requests", "1", "per", "1h"));
            ask(installation, ACME);
            refused(installation, ErrorCode.RATE_LIMITED, "limit 'l'");
            installation.limitManager().remove(OPERATOR, ACME, "l");
            ask(installation, ACME);

            ask(installation, TenantId.DEFAULT);
            ask(installation, TenantId.DEFAULT);
            assertThatThrownBy(() -> ask(installation, TenantId.DEFAULT)).hasMessageContaining("limit 'house'");
        }
    }

    @Test
    void areBroughtToWhatAFileDeclaresAndOnlyWhereItDiffers() throws IOException {
        withStore();
        workspace("""
                budgets:
                  - {name: month, unit: money, limit: 12.50, period: month, zone: Europe/Berlin, app: "*"}
                  - {name: day, unit: tokens, limit: 1000000, period: day}
                limits:
                  - {name: calls, concurrent: 8, per: 1h, api_key: "*"}
                  - {name: minute, requests: 60, tokens: 100_000, model: openai/*}
                """);
        long version;
        try (Installation installation = open()) {
            installation.budgetManager().set(OPERATOR, ACME, "hand", ONE_CALL);
            version = installation.store().version(ACME);
            assertThat(names(installation.budgetManager().rules(OPERATOR, ACME)))
                    .containsExactly(
                            "day operator workspaces/acme.yaml",
                            "hand operator by hand",
                            "month operator workspaces/acme.yaml");
        }
        try (Installation installation = open()) {
            assertThat(installation.store().version(ACME)).as("applied again").isEqualTo(version);
            installation.limitManager().set(OPERATOR, ACME, "calls", Map.of("concurrent", "9"));
        }
        workspace("""
                budgets:
                  - {name: day, unit: tokens, limit: 5, period: day}
                limits:
                  - {name: calls, concurrent: 8, per: 1h, api_key: "*"}
                """);
        try (Installation installation = open()) {
            assertThat(names(installation.budgetManager().rules(OPERATOR, ACME)))
                    .containsExactly("day operator workspaces/acme.yaml", "hand operator by hand");
            assertThat(installation.limitManager().list(OPERATOR, ACME))
                    .singleElement()
                    .satisfies(view -> assertThat(view.rule().concurrent()).isEqualTo(8))
                    .satisfies(view -> assertThat(view.managedBy()).contains("workspaces/acme.yaml"));
        }
    }

    @Test
    void areInForceFromFilesWithoutADatabase() throws IOException {
        workspace("""
                budgets:
                  - {name: two, unit: times, limit: 2, period: hour}
                limits:
                  - {name: three, requests: 3, per: 1h}
                """);
        try (Installation installation = open()) {
            ask(installation, ACME);
            ask(installation, ACME);
            refused(installation, ErrorCode.PROVIDER_QUOTA_EXCEEDED, "budget 'two'");
            refused(installation, ErrorCode.RATE_LIMITED, "limit 'three'");
        }
    }

    @Test
    void areRefusedWhereTheyWouldNotBeInForce() throws IOException {
        workspace("name: Acme\n");
        try (Installation installation = open()) {
            assertThatThrownBy(() -> installation.limitManager().set(OPERATOR, ACME, "l", Map.of("requests", "1")))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("bactrian.store.enabled");
            installation.budgetManager().set(OPERATOR, ACME, "b", ONE_CALL);
            ask(installation, ACME);
            refused(installation, ErrorCode.PROVIDER_QUOTA_EXCEEDED, "budget 'b'");
        }
    }

    @Test
    void areToldWithTheLineTheyAreWrongIn() throws IOException {
        workspace("""
                budgets:
                  - name: month
                    unit: money
                    limit: plenty
                    period: month
                  - name: month
                    unit: tokens
                    period: never
                limits:
                  - name: l
                    colour: red
                    requests: 0
                    tenant: globex
                  - requests: 5
                """);

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll(
                        "workspaces/acme.yaml:4: budgets[0].limit: has to be a number from 0",
                        "workspaces/acme.yaml:6: budgets[1].name: is there twice",
                        "workspaces/acme.yaml:6: budgets[1].limit: has to be a number from 0",
                        "workspaces/acme.yaml:8: budgets[1].period: has to be hour, day",
                        "workspaces/acme.yaml:11: limits[0].colour: unknown name",
                        "workspaces/acme.yaml:12: limits[0].requests: has to be a whole number from 1",
                        "workspaces/acme.yaml:13: limits[0].tenant: unknown name",
                        "workspaces/acme.yaml:14: limits[1].name: is required");
    }

    @Test
    void leaveANameToThePropertiesThatHaveIt() throws IOException {
        workspace("budgets: [{name: house, unit: times, limit: 2, period: hour}]\n");
        properties.put("bactrian.budgets.house.tenant", "*");
        properties.put("bactrian.budgets.house.unit", "times");
        properties.put("bactrian.budgets.house.limit", "5");
        properties.put("bactrian.budgets.house.period", "hour");

        assertThatThrownBy(this::open)
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("workspaces/acme.yaml: budget 'house'")
                .hasMessageContaining("bactrian.budgets.house.* in the settings");
    }
}
