package io.bactrian.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessControlTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    private final AuditLog audit = new MemoryConfigurationStore("test", NOON);
    private final AccessControl access = new AccessControl(audit, NOON);

    @Test
    void theMatrixIsAsDeclared() {
        Map<String, String> matrix = new TreeMap<>();
        for (Permission permission : Permission.values()) {
            matrix.put(
                    permission.text(),
                    Arrays.stream(Role.values())
                            .filter(permission::heldBy)
                            .map(Role::text)
                            .collect(Collectors.joining(" ")));
        }

        String all = "owner admin editor normal dataset_operator";
        String callers = "owner admin editor normal";
        String editors = "owner admin editor";
        String admins = "owner admin";
        assertThat(matrix)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("model.embed", all),
                        Map.entry("model.invoke", callers),
                        Map.entry("tool.invoke", callers),
                        Map.entry("provider.view", all),
                        Map.entry("provider.manage", admins),
                        Map.entry("model.manage", admins),
                        Map.entry("credential.view", admins),
                        Map.entry("credential.create", admins),
                        Map.entry("credential.manage", admins),
                        Map.entry("credential.use", admins),
                        Map.entry("credential.validate", admins),
                        Map.entry("tool-credential.view", callers),
                        Map.entry("tool-credential.own", callers),
                        Map.entry("tool-credential.manage", admins),
                        Map.entry("member.view", all),
                        Map.entry("member.add", admins),
                        Map.entry("member.manage", "owner"),
                        Map.entry("apikey.view", editors),
                        Map.entry("apikey.own", editors),
                        Map.entry("apikey.manage", admins),
                        Map.entry("usage.view", editors),
                        Map.entry("quota.view", editors),
                        Map.entry("quota.manage", admins),
                        Map.entry("approval.view", admins),
                        Map.entry("approval.decide", admins),
                        Map.entry("audit.view", admins),
                        Map.entry("tenant.manage", "")));
    }

    @ParameterizedTest
    @EnumSource(Permission.class)
    void nobodyHoldsAnythingInAnotherTenant(Permission permission) {
        Actor owner = new Actor.Member(GLOBEX, new UserId("olga"), Role.OWNER);
        Actor key = new Actor.Key(GLOBEX, new ApiKeyId("ak_1"), null, Role.OWNER, Scopes.ALL);

        assertThat(AccessControl.denial(owner, ACME, permission)).isPresent();
        assertThat(AccessControl.denial(key, ACME, permission)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Permission.class)
    void theOperatorMayDoAnythingAnywhere(Permission permission) {
        assertThat(AccessControl.denial(new Actor.Operator(), ACME, permission)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aKeyHoldsWhatBothItsRoleAndItsScopesHold(Role role) {
        Scopes reading = Scopes.of(List.of("admin:read"));
        Actor key = new Actor.Key(ACME, new ApiKeyId("ak_1"), new UserId("erin"), role, reading);

        for (Permission permission : Permission.values()) {
            assertThat(AccessControl.denial(key, ACME, permission).isEmpty())
                    .as(permission.text())
                    .isEqualTo(permission.heldBy(role) && permission.reads());
        }
    }

    @Test
    void aDenialSaysWhatItTakesAndIsTakenDown() {
        Actor erin = new Actor.Member(ACME, new UserId("erin"), Role.EDITOR);

        assertThatThrownBy(() -> access.require(erin, ACME, Permission.CREDENTIAL_MANAGE, "openai"))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "the role editor in tenant 'acme' does not hold credential.manage: it takes owner or admin");
        assertThat(audit.latest(10))
                .containsExactly(
                        new AuditEvent(NOON.instant(), ACME, "erin", "credential.manage", "openai", "access_denied"));
    }

    @Test
    void aKeyWithoutTheScopeIsToldWhichItTakes() {
        Actor key = new Actor.Key(ACME, new ApiKeyId("ak_1"), new UserId("ada"), Role.OWNER, Scopes.CALLS);

        assertThatThrownBy(() -> access.require(key, ACME, Permission.MEMBER_ADD, "bob"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("admin:write");
    }

    @Test
    void whatIsDoneIsTakenDownOnce() {
        Actor ada = new Actor.Member(ACME, new UserId("ada"), Role.ADMIN);

        String done = access.audited(ada, ACME, Permission.MODEL_MANAGE, "model.enable", "gpt-4o", () -> "on");

        assertThat(done).isEqualTo("on");
        assertThat(audit.latest(10))
                .extracting(AuditEvent::action, AuditEvent::outcome)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("model.enable", "done"));
    }
}
