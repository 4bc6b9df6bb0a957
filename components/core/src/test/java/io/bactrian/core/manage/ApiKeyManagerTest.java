package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApiKeyManagerTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final UserId OLGA = new UserId("olga");
    private static final UserId ADA = new UserId("ada");
    private static final UserId ERIN = new UserId("erin");
    private static final UserId NORA = new UserId("nora");
    private static final UserId DORA = new UserId("dora");
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Actor OWNER = new Actor.Member(ACME, OLGA, Role.OWNER);
    private static final Actor ADMIN = new Actor.Member(ACME, ADA, Role.ADMIN);
    private static final Actor EDITOR = new Actor.Member(ACME, ERIN, Role.EDITOR);
    private static final Actor NORMAL = new Actor.Member(ACME, NORA, Role.NORMAL);

    private Instant now = Instant.parse("2026-01-31T12:00:00.123456789Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", clock);
    private final ApiKeyManager keys =
            new ApiKeyManager(store, store, new AccessControl(store, clock), new SecureRandom(), clock);

    @BeforeEach
    void tenants() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putMember(ACME, new MemberRecord(OLGA, Role.OWNER));
        store.putMember(ACME, new MemberRecord(ADA, Role.ADMIN));
        store.putMember(ACME, new MemberRecord(ERIN, Role.EDITOR));
        store.putMember(ACME, new MemberRecord(NORA, Role.NORMAL));
        store.putMember(ACME, new MemberRecord(DORA, Role.DATASET_OPERATOR));
    }

    private static NewApiKey wanted(@Nullable UserId user, @Nullable Role role, String... scopes) {
        return new NewApiKey(
                "test", user, null, role, scopes.length == 0 ? Scopes.CALLS : Scopes.of(List.of(scopes)), null);
    }

    private ApiKeyRecord issued(Actor actor, NewApiKey wanted) {
        return keys.issue(actor, ACME, wanted).record();
    }

    private Actor.Key actor(UserId user, Role role, String... scopes) {
        return keys.actor(issued(OPERATOR, wanted(user, role, scopes)));
    }

    private void denied(ThrowingCallable action, String... words) {
        assertThatThrownBy(action).isInstanceOfSatisfying(InvokeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
            assertThat(e.getMessage()).contains(words);
        });
        assertThat(store.latest(1)).extracting(AuditEvent::outcome).containsExactly("access_denied");
    }

    private static void invalid(ThrowingCallable action, String... words) {
        assertThatThrownBy(action).isInstanceOfSatisfying(InvokeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAM);
            assertThat(e.getMessage()).contains(words);
        });
    }

    @Test
    void anEditorMakesKeysForThemselvesOnly() {
        ApiKeyRecord own = issued(EDITOR, wanted(ERIN, null));
        assertThat(own.role()).isEqualTo(Role.NORMAL);
        assertThat(own.scopes()).isEqualTo(Scopes.CALLS);
        assertThat(own.createdBy()).isEqualTo("erin");
        assertThat(issued(EDITOR, wanted(ERIN, Role.EDITOR, "admin:read")).role())
                .isEqualTo(Role.EDITOR);

        denied(() -> keys.issue(EDITOR, ACME, wanted(NORA, null)), "apikey.manage");
        denied(() -> keys.issue(EDITOR, ACME, wanted(null, null)), "apikey.manage");
        denied(() -> keys.issue(NORMAL, ACME, wanted(NORA, null)), "apikey.own");
    }

    @Test
    @DisplayName("INNER-14: nobody makes a key with a role above their own")
    void keyIsNeverAboveItsMaker() {
        denied(() -> keys.issue(EDITOR, ACME, wanted(ERIN, Role.ADMIN)), "editor");
        denied(() -> keys.issue(ADMIN, ACME, wanted(OLGA, Role.OWNER)), "admin");
        denied(() -> keys.issue(ADMIN, ACME, wanted(null, Role.OWNER)), "admin");

        assertThat(issued(ADMIN, wanted(OLGA, Role.ADMIN)).role()).isEqualTo(Role.ADMIN);
        assertThat(issued(OWNER, wanted(null, Role.OWNER)).role()).isEqualTo(Role.OWNER);
    }

    @Test
    @DisplayName("INNER-14: a key does not exceed the member it acts as, whoever makes it")
    void keyIsNeverAboveItsMember() {
        denied(() -> keys.issue(OWNER, ACME, wanted(NORA, Role.EDITOR)), "no more than the member");
        denied(() -> keys.issue(OPERATOR, ACME, wanted(NORA, Role.EDITOR)), "no more than the member");

        assertThat(issued(OWNER, wanted(DORA, null)).role()).isEqualTo(Role.DATASET_OPERATOR);
    }

    @Test
    @DisplayName("INNER-14: a key makes no key with wider scopes, a higher role or a longer life than its own")
    void keyMakesNoStrongerKey() {
        Actor.Key editor = actor(ERIN, Role.EDITOR, "models:openai/*", "admin:write");

        denied(() -> keys.issue(editor, ACME, wanted(ERIN, null, "models")), "models:openai/*");
        denied(() -> keys.issue(editor, ACME, wanted(ERIN, null, "tools")), "models:openai/*");
        denied(() -> keys.issue(editor, ACME, wanted(ERIN, Role.ADMIN, "admin:write")), "editor");
        denied(() -> keys.issue(editor, ACME, wanted(NORA, null, "models:openai/gpt-4o")), "apikey.manage");
        assertThat(issued(editor, wanted(ERIN, null, "models:openai/gpt-*", "admin:read"))
                        .createdBy())
                .startsWith("erin (apikey:ak_");

        // the owner's, but made for less than the owner may do
        Actor.Key weak = actor(OLGA, Role.ADMIN, "admin:write");
        denied(() -> keys.issue(weak, ACME, wanted(OLGA, Role.OWNER, "admin:write")), "admin");
        Actor.Key reading = actor(OLGA, Role.OWNER, "models", "admin:read");
        denied(() -> keys.issue(reading, ACME, wanted(OLGA, null, "models")), "admin:write");
    }

    @Test
    void aKeyDoesNotLiveOnInThoseThatItMakes() {
        Instant end = now.plus(Duration.ofDays(1));
        Actor.Key maker = keys.actor(issued(
                OPERATOR, new NewApiKey("maker", ERIN, null, Role.EDITOR, Scopes.of(List.of("admin:write")), end)));
        Scopes scopes = Scopes.of(List.of("admin:read"));

        denied(() -> keys.issue(maker, ACME, new NewApiKey("x", ERIN, null, null, scopes, null)), "longer than itself");
        denied(
                () -> keys.issue(maker, ACME, new NewApiKey("x", ERIN, null, null, scopes, end.plusSeconds(1))),
                "longer than itself");
        assertThat(issued(maker, new NewApiKey("x", ERIN, null, null, scopes, end.minusSeconds(1)))
                        .expiresAt())
                .isNotNull();
    }

    @Test
    void actsWithWhatItsMemberMayNow() {
        ApiKeyRecord key = issued(OPERATOR, wanted(ADA, Role.ADMIN, "admin:write"));
        assertThat(keys.actor(key).role()).isEqualTo(Role.ADMIN);

        store.putMember(ACME, new MemberRecord(ADA, Role.NORMAL));
        assertThat(keys.actor(key).role()).isEqualTo(Role.NORMAL);

        store.putMember(ACME, new MemberRecord(ADA, Role.OWNER));
        assertThat(keys.actor(key).role()).isEqualTo(Role.ADMIN);

        store.removeMember(ACME, ADA);
        assertThatThrownBy(() -> keys.actor(key))
                .isInstanceOfSatisfying(
                        InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    @Test
    void isNotKnownAnyMoreOnceItHasExpired() {
        Scopes scopes = Scopes.CALLS;
        IssuedApiKey issued =
                keys.issue(OPERATOR, ACME, new NewApiKey("x", null, null, null, scopes, now.plus(Duration.ofHours(1))));
        String key = issued.key().reveal();
        assertThat(keys.authenticate(key)).isPresent();

        now = now.plus(Duration.ofHours(1));

        assertThat(keys.authenticate(key)).isEmpty();
    }

    @Test
    void refusesAnEndThatIsNone() {
        for (Instant end : List.of(now, now.minusSeconds(1), now.plus(Duration.ofDays(4_000)))) {
            invalid(
                    () -> keys.issue(OPERATOR, ACME, new NewApiKey("x", null, null, null, Scopes.CALLS, end)),
                    "in the future");
        }
    }

    @Test
    void tellsWhenThereAreTooMany() {
        AppId shop = new AppId("shop");
        for (int i = 0; i < 10; i++) {
            keys.issue(EDITOR, ACME, new NewApiKey("x", ERIN, shop));
        }

        invalid(
                () -> keys.issue(EDITOR, ACME, new NewApiKey("x", ERIN, shop)),
                "'erin' has 10 API keys in force for the application 'shop'",
                "there can be 10");
        invalid(() -> keys.issue(ADMIN, ACME, new NewApiKey("x", ERIN, shop)), "there can be 10");
        assertThat(issued(EDITOR, new NewApiKey("x", ERIN, new AppId("blog"))).app())
                .isEqualTo(new AppId("blog"));
    }

    @Test
    @DisplayName("CRED-15: to an editor, others' keys are as if they were not there")
    void hidesTheKeysOfOthers() {
        ApiKeyRecord own = issued(EDITOR, wanted(ERIN, null));
        ApiKeyRecord others = issued(OWNER, wanted(NORA, null));
        ApiKeyRecord nobodys = issued(OWNER, wanted(null, null));

        assertThat(keys.list(EDITOR, ACME, Page.FIRST).items()).containsExactly(own);
        assertThat(keys.list(ADMIN, ACME, Page.FIRST).items()).containsExactlyInAnyOrder(own, others, nobodys);
        assertThat(keys.get(EDITOR, ACME, own.id())).isEqualTo(own);
        for (String id : List.of(others.id(), nobodys.id(), "ak_never_was", "\n")) {
            invalid(() -> keys.get(EDITOR, ACME, id), "has no API key of that id: ");
            invalid(() -> keys.revoke(EDITOR, ACME, id), "has no API key of that id in force: ");
        }
        assertThat(keys.get(ADMIN, ACME, others.id())).isEqualTo(others);

        keys.revoke(EDITOR, ACME, own.id());
        keys.revoke(ADMIN, ACME, others.id());
        assertThat(keys.get(ADMIN, ACME, others.id()).revokedAt()).isNotNull();
    }
}
