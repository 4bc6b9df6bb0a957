package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MemberManagerTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final UserId OLGA = new UserId("olga");
    private static final UserId ADA = new UserId("ada");
    private static final UserId ERIN = new UserId("erin");
    private static final UserId NORA = new UserId("nora");
    private static final UserId FRESH = new UserId("fresh");
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Actor OWNER = new Actor.Member(ACME, OLGA, Role.OWNER);
    private static final Actor ADMIN = new Actor.Member(ACME, ADA, Role.ADMIN);
    private static final Actor EDITOR = new Actor.Member(ACME, ERIN, Role.EDITOR);

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final MemberManager members = new MemberManager(store, new AccessControl(store, Clock.systemUTC()));

    @BeforeEach
    void tenants() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        store.putMember(ACME, new MemberRecord(OLGA, Role.OWNER));
        store.putMember(ACME, new MemberRecord(ADA, Role.ADMIN));
        store.putMember(ACME, new MemberRecord(ERIN, Role.EDITOR));
        store.putMember(ACME, new MemberRecord(NORA, Role.NORMAL));
        store.putMember(GLOBEX, new MemberRecord(FRESH, Role.OWNER));
    }

    private static Actor key(@Nullable UserId user, Role role, String... scopes) {
        return new Actor.Key(ACME, new ApiKeyId("ak_1"), user, role, Scopes.of(List.of(scopes)));
    }

    private void denied(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.ACCESS_DENIED));
        assertThat(store.latest(1)).extracting(AuditEvent::outcome).containsExactly("access_denied");
    }

    private static void invalid(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_PARAM));
    }

    @Test
    @DisplayName("INNER-14: an editor makes nobody an admin and adds nobody")
    void editorGrantsNothing() {
        denied(() -> members.add(EDITOR, ACME, FRESH, Role.ADMIN));
        denied(() -> members.add(EDITOR, ACME, FRESH, Role.DATASET_OPERATOR));
        denied(() -> members.changeRole(EDITOR, ACME, NORA, Role.ADMIN));
        denied(() -> members.remove(EDITOR, ACME, NORA));

        assertThat(store.role(ACME, FRESH)).isEmpty();
        assertThat(store.role(ACME, NORA)).contains(Role.NORMAL);
    }

    @Test
    @DisplayName("INNER-14: nobody edits their own role, be it up or down")
    void nobodyEditsTheirOwnRole() {
        for (Role role : Role.values()) {
            denied(() -> members.changeRole(EDITOR, ACME, ERIN, role));
            denied(() -> members.changeRole(ADMIN, ACME, ADA, role));
            denied(() -> members.changeRole(OWNER, ACME, OLGA, role));
            denied(() -> members.changeRole(key(OLGA, Role.OWNER, "admin:write"), ACME, OLGA, role));
        }
        denied(() -> members.remove(EDITOR, ACME, ERIN));
        denied(() -> members.remove(OWNER, ACME, OLGA));

        assertThat(store.role(ACME, ERIN)).contains(Role.EDITOR);
        assertThat(store.role(ACME, OLGA)).contains(Role.OWNER);
    }

    @Test
    @DisplayName("INNER-14: an admin makes nobody the owner")
    void adminMakesNoOwner() {
        denied(() -> members.add(ADMIN, ACME, FRESH, Role.OWNER));
        denied(() -> members.changeRole(ADMIN, ACME, NORA, Role.OWNER));
        denied(() -> members.changeRole(ADMIN, ACME, OLGA, Role.NORMAL));
        denied(() -> members.remove(ADMIN, ACME, OLGA));

        assertThat(store.role(ACME, OLGA)).contains(Role.OWNER);
        assertThat(store.role(ACME, FRESH)).isEmpty();
    }

    @Test
    @DisplayName("INNER-14: a key grants no more than its own role, whoever's it is")
    void keyGrantsNoMoreThanItsRole() {
        Actor weak = key(OLGA, Role.ADMIN, "admin:write");
        Actor reading = key(OLGA, Role.OWNER, "admin:read");
        Actor calling = key(OLGA, Role.OWNER, "models", "tools");

        denied(() -> members.add(weak, ACME, FRESH, Role.OWNER));
        denied(() -> members.changeRole(weak, ACME, NORA, Role.ADMIN));
        for (Actor key : List.of(reading, calling)) {
            denied(() -> members.add(key, ACME, FRESH, Role.NORMAL));
            denied(() -> members.changeRole(key, ACME, NORA, Role.EDITOR));
        }
        denied(() -> members.list(calling, ACME, Page.FIRST));
        // there is nobody whose place the new owner would take
        denied(() -> members.changeRole(key(null, Role.OWNER, "admin:write"), ACME, NORA, Role.OWNER));

        assertThat(members.add(weak, ACME, FRESH, Role.ADMIN)).isEqualTo(new MemberRecord(FRESH, Role.ADMIN));
    }

    @Test
    void anAdminAddsMembersUpToAdmins() {
        members.add(ADMIN, ACME, FRESH, Role.ADMIN);

        assertThat(members.get(EDITOR, ACME, FRESH)).isEqualTo(new MemberRecord(FRESH, Role.ADMIN));
        assertThat(store.latest(1))
                .extracting(
                        event -> event.actor() + " " + event.action() + " " + event.subject() + " " + event.outcome())
                .containsExactly("ada member.add fresh admin done");
    }

    @Test
    void addingChangesNobodyWhoIsThere() {
        invalid(() -> members.add(ADMIN, ACME, OLGA, Role.NORMAL));

        assertThat(store.role(ACME, OLGA)).contains(Role.OWNER);
    }

    @Test
    void anOwnerChangesAndRemovesOthers() {
        members.changeRole(OWNER, ACME, NORA, Role.EDITOR);
        members.remove(key(OLGA, Role.OWNER, "admin:write"), ACME, ERIN);

        assertThat(store.role(ACME, NORA)).contains(Role.EDITOR);
        assertThat(store.role(ACME, ERIN)).isEmpty();
        invalid(() -> members.remove(OWNER, ACME, ERIN));
        invalid(() -> members.changeRole(OWNER, ACME, FRESH, Role.EDITOR));
    }

    @Test
    void anOwnerLeavesByHandingOver() {
        members.changeRole(OWNER, ACME, NORA, Role.OWNER);

        assertThat(store.role(ACME, NORA)).contains(Role.OWNER);
        assertThat(store.role(ACME, OLGA)).contains(Role.ADMIN);
        // who was the owner when the request came in is none any more
        denied(() -> members.changeRole(OWNER, ACME, ADA, Role.OWNER));
        denied(() -> members.remove(OWNER, ACME, NORA));
        denied(() -> members.add(OWNER, ACME, FRESH, Role.OWNER));
        assertThat(store.role(ACME, NORA)).contains(Role.OWNER);
    }

    @Test
    void theOperatorDoesAnything() {
        members.add(OPERATOR, ACME, FRESH, Role.OWNER);
        assertThat(store.role(ACME, OLGA)).contains(Role.ADMIN);

        members.changeRole(OPERATOR, ACME, OLGA, Role.OWNER);
        assertThat(store.role(ACME, FRESH)).contains(Role.ADMIN);

        members.remove(OPERATOR, ACME, OLGA);
        assertThat(store.members(ACME)).noneMatch(member -> member.role() == Role.OWNER);
    }

    @Test
    void aFileHasTheWholeListWithAllItsOwners() {
        Actor file = new Actor.File("workspaces/acme.yaml");

        members.add(file, ACME, FRESH, Role.OWNER);
        members.changeRole(file, ACME, NORA, Role.OWNER);

        assertThat(store.members(ACME).stream()
                        .filter(member -> member.role() == Role.OWNER)
                        .map(member -> member.user().value()))
                .containsExactlyInAnyOrder("olga", "fresh", "nora");
        assertThat(store.latest(1)).extracting(AuditEvent::actor).containsExactly("file:workspaces/acme.yaml");
    }

    @Test
    @DisplayName("CRED-15: members of another tenant do not learn who is a member, or whether there is such a tenant")
    void tellsOthersNothing() {
        Actor stranger = new Actor.Member(GLOBEX, FRESH, Role.OWNER);

        for (TenantId tenant : List.of(ACME, new TenantId("nowhere"))) {
            for (UserId user : List.of(OLGA, new UserId("nobody"))) {
                assertThatThrownBy(() -> members.get(stranger, tenant, user))
                        .hasMessage("only members of tenant '" + tenant + "' do anything there");
                assertThatThrownBy(() -> members.add(stranger, tenant, user, Role.NORMAL))
                        .hasMessage("only members of tenant '" + tenant + "' do anything there");
            }
        }
    }
}
