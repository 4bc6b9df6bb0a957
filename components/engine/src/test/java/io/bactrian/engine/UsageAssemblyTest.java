package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageHealth;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageSum;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage in a whole installation. */
class UsageAssemblyTest {

    private static final InvocationTarget PARROT =
            InvocationTarget.Model.of(ScriptedDialect.ECHO, "parrot", ModelType.LLM);
    private static final LocalDate EVER = LocalDate.of(2000, 1, 1);

    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    private Path folder;

    private void withStore() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "key-1");
    }

    private Installation open(Clock clock) {
        Installation.Beans echo =
                new Installation.Beans(List.of(new ScriptedDialect()), List.of(), List.of(), List.of(), List.of());
        return Installation.open(new MapSettings(properties, name -> null), echo, clock);
    }

    private Installation open() {
        return open(Clock.systemUTC());
    }

    private static CallerClaim claim(String tenant) {
        return new CallerClaim(
                null,
                new TenantId(tenant),
                new UserId("ann"),
                new AppId("shop"),
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(30)));
    }

    private static void ask(Installation installation, String tenant) {
        installation.modelManager().instance(claim(tenant), PARROT).invokeLlm(LlmRequest.ofText("who pays?"));
    }

    private static UsageReport report(Installation installation, UsageDimension by) {
        return installation.usage().orElseThrow().report(new UsageQuery(TenantId.DEFAULT, by, EVER, null, 10));
    }

    @Test
    @DisplayName("CRASH-03: what calls used is in the store when the installation has ended")
    void keepsWhatCallsUsedInTheStore() {
        withStore();
        try (Installation installation = open()) {
            for (int i = 0; i < 700; i++) {
                ask(installation, "default");
            }
            installation
                    .modelManager()
                    .instance(claim("default"), PARROT)
                    .streamLlm(LlmRequest.ofText("hi"))
                    .close();
            assertThatThrownBy(() -> ask(installation, "nobody")).hasMessageContaining("there is no tenant");
        }

        try (Installation again = open()) {
            UsageSum sum = report(again, UsageDimension.MODEL).sums().get(0);
            assertThat(sum.key()).isEqualTo("echo/parrot");
            assertThat(sum.calls()).isEqualTo(701);
            assertThat(sum.aborted()).isEqualTo(1);
            assertThat(sum.failed()).isZero();
            assertThat(sum.tokens().completionTokens()).isEqualTo(700 * 5);
            for (UsageDimension by : UsageDimension.values()) {
                assertThat(report(again, by).sums()).as(by.name()).hasSize(1);
                assertThat(report(again, by).lost()).isZero();
            }
        }
    }

    @Test
    void takesNothingDownWhereItIsSwitchedOff() {
        withStore();
        properties.put("bactrian.usage.enabled", "false");
        try (Installation installation = open()) {
            ask(installation, "default");
            assertThat(installation.usageHealth()).isEmpty();
        }
        try (Installation again = open()) {
            assertThat(report(again, UsageDimension.DAY).sums()).isEmpty();
        }
    }

    @Test
    void takesNothingDownWithoutAStore() {
        try (Installation installation = open()) {
            assertThat(installation.usage()).isEmpty();
            assertThat(installation.usageHealth()).isEmpty();
        }
    }

    @Test
    void refusesToTakeDownWhatNobodyKeeps() {
        properties.put("bactrian.usage.enabled", "true");

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll("bactrian.usage.enabled", "bactrian.store.enabled");
    }

    @Test
    void refusesARetentionThatIsNone() {
        withStore();
        for (String retention : List.of("0s", "soon", "20000d")) {
            properties.put("bactrian.usage.retention", retention);
            assertThatThrownBy(this::open)
                    .as(retention)
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("bactrian.usage.retention has to be a duration");
        }
    }

    @Test
    void removesWhatIsOlderThanItIsToBeKept() {
        withStore();
        Instant then = Instant.parse("2026-03-01T12:00:00Z");
        for (int day : List.of(0, 3, 9)) {
            try (Installation installation = open(Clock.fixed(then.plus(Duration.ofDays(day)), ZoneOffset.UTC))) {
                ask(installation, "default");
            }
        }

        Clock today = Clock.fixed(then.plus(Duration.ofDays(10)), ZoneOffset.UTC);
        try (Installation installation = open(today);
                RetentionSweep sweep = new RetentionSweep(
                        "usage", installation.usage().orElseThrow()::removeBefore, Duration.ofDays(7), today)) {
            assertThat(report(installation, UsageDimension.DAY).sums()).hasSize(3);

            sweep.sweep();

            assertThat(report(installation, UsageDimension.DAY).sums())
                    .extracting(UsageSum::key)
                    .containsExactly("2026-03-10", "2026-03-04");
        }
    }

    @Test
    void tellsHowTheRecordingIs() {
        withStore();
        try (Installation installation = open()) {
            UsageHealthCheck check = installation.usageHealth().orElseThrow();
            ask(installation, "default");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> check.call().getDetails().get("usage.waiting").equals(0));

            HealthCheck.Result well = check.call();
            assertThat(well.getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(well.getDetails()).containsEntry("usage.lost", 0L).doesNotContainKey("usage.oldest-unwritten");
            assertThat(well.getMessage()).isEmpty();
        }
        HealthCheck.Result away = new UsageHealthCheck(
                        () -> new UsageHealth(10_000, Optional.of(Duration.ofSeconds(90)), 12, false))
                .call();
        assertThat(away.getState()).as("calls are served without").isEqualTo(HealthCheck.State.UP);
        assertThat(away.getDetails())
                .containsEntry("usage.waiting", 10_000)
                .containsEntry("usage.lost", 12L)
                .containsEntry("usage.oldest-unwritten", "PT1M30S");
        assertThat(away.getMessage())
                .hasValueSatisfying(message -> assertThat(message).contains("does not take usage records"));
        assertThat(new UsageHealthCheck(() -> new UsageHealth(0, Optional.empty(), 12, true))
                        .call()
                        .getMessage())
                .hasValueSatisfying(message -> assertThat(message).contains("12 usage records were lost"));
    }
}
