package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.Actor;
import io.bactrian.core.access.DenialHealth;
import io.bactrian.core.access.Denials;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.manage.NewApiKey;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.health.HealthCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles, keys and the audit log in a whole installation. */
class AuditAssemblyTest {

    private static final InvocationTarget PARROT =
            InvocationTarget.Model.of(ScriptedDialect.ECHO, "parrot", ModelType.LLM);
    private static final Actor OPERATOR = new Actor.Operator();
    private static final UserId DORA = new UserId("dora");

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

    private static String ask(Installation installation, @Nullable UserId user, @Nullable String key) {
        CallerClaim claim = new CallerClaim(
                null,
                TenantId.DEFAULT,
                user,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(30)),
                CallPath.NONE,
                key == null ? null : new ApiKeyId(key));
        return installation
                .modelManager()
                .instance(claim, PARROT)
                .invokeLlm(LlmRequest.ofText("who pays?"))
                .text();
    }

    private static void denied(Installation installation, @Nullable UserId user, @Nullable String key) {
        assertThatThrownBy(() -> ask(installation, user, key))
                .isInstanceOfSatisfying(
                        InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    private static List<AuditEvent> denials(Installation installation) {
        return installation
                .auditManager()
                .list(OPERATOR, TenantId.DEFAULT, new AuditQuery(null, 100, null, Denials.outcomes(), null))
                .items()
                .stream()
                .map(AuditEntry::event)
                .toList();
    }

    @Test
    @DisplayName(
            "CRASH-03: what was denied is in the store when the installation has ended, equal ones with their count")
    void keepsWhatWasDeniedInTheStore() {
        withStore();
        try (Installation installation = open()) {
            installation.memberManager().add(OPERATOR, TenantId.DEFAULT, DORA, Role.DATASET_OPERATOR);
            for (int i = 0; i < 300; i++) {
                denied(installation, DORA, null);
            }
            assertThatThrownBy(() -> installation
                            .credentialManager()
                            .listAll(
                                    new Actor.Member(TenantId.DEFAULT, DORA, Role.DATASET_OPERATOR),
                                    TenantId.DEFAULT,
                                    ScriptedDialect.ECHO))
                    .isInstanceOf(RefusedException.class);
        }

        try (Installation again = open()) {
            List<AuditEvent> denials = denials(again);
            assertThat(denials).hasSizeLessThan(10).allSatisfy(event -> assertThat(event.actor())
                    .isEqualTo("dora"));
            assertThat(denials.stream()
                            .filter(event -> event.action().equals("model.invoke"))
                            .mapToLong(AuditEvent::count)
                            .sum())
                    .isEqualTo(300);
            assertThat(denials).extracting(AuditEvent::action).contains("credential.view");
        }
    }

    @Test
    void aKeyCallsWhatItIsForUntilItIsWithdrawn() {
        withStore();
        try (Installation installation = open()) {
            String key = installation
                    .apiKeyManager()
                    .issue(
                            OPERATOR,
                            TenantId.DEFAULT,
                            new NewApiKey("x", null, null, null, Scopes.of(List.of("models:echo/*")), null))
                    .record()
                    .id();
            String other = installation
                    .apiKeyManager()
                    .issue(
                            OPERATOR,
                            TenantId.DEFAULT,
                            new NewApiKey("x", null, null, null, Scopes.of(List.of("models:openai/*")), null))
                    .record()
                    .id();

            assertThat(ask(installation, null, key)).isEqualTo("key-1");
            denied(installation, null, other);

            installation.apiKeyManager().revoke(OPERATOR, TenantId.DEFAULT, key);
            denied(installation, null, key);
        }
    }

    @Test
    void removesWhatIsOlderThanItIsToBeKept() {
        withStore();
        Instant then = Instant.parse("2026-03-01T12:00:00Z");
        for (int day : List.of(0, 9)) {
            try (Installation installation = open(Clock.fixed(then.plus(Duration.ofDays(day)), ZoneOffset.UTC))) {
                installation.memberManager().add(OPERATOR, TenantId.DEFAULT, new UserId("on-day-" + day), Role.NORMAL);
            }
        }

        Clock today = Clock.fixed(then.plus(Duration.ofDays(10)), ZoneOffset.UTC);
        try (Installation installation = open(today);
                RetentionSweep sweep =
                        new RetentionSweep("audit", installation.audit()::removeBefore, Duration.ofDays(7), today)) {
            sweep.sweep();

            assertThat(installation
                            .auditManager()
                            .listAll(OPERATOR, new AuditQuery(null, 10, "member.add", Set.of(), null))
                            .items())
                    .extracting(entry -> entry.event().subject())
                    .containsExactly("on-day-9 normal");
        }
    }

    @Test
    void refusesATimeToKeepItThatIsNone() {
        withStore();
        for (String keep : List.of("0s", "soon", "40000d")) {
            properties.put("bactrian.audit.keep", keep);
            assertThatThrownBy(this::open)
                    .as(keep)
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("bactrian.audit.keep has to be a duration");
        }
    }

    @Test
    void tellsHowTheTakingDownIs() {
        withStore();
        try (Installation installation = open()) {
            HealthCheck.Result well = installation.auditHealth().orElseThrow().call();
            assertThat(well.getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(well.getDetails()).containsEntry("audit.denials-dropped", 0L);
        }
        HealthCheck.Result away = new DenialHealthCheck(() -> new DenialHealth(12, 3, false)).call();
        assertThat(away.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(away.getMessage().orElseThrow()).contains("12 wait");
        HealthCheck.Result dropped = new DenialHealthCheck(() -> new DenialHealth(0, 3, true)).call();
        assertThat(dropped.getMessage().orElseThrow()).contains("3 denials");
    }
}
