package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ToolCredentialManagerTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId BETA = new TenantId("beta");
    private static final ToolProviderName WEB = new ToolProviderName(ToolProviderType.BUILTIN, "web");
    private static final ToolProviderName TIME = new ToolProviderName(ToolProviderType.BUILTIN, "time");
    private static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.BUILTIN, "mail");
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Actor OWNER = new Actor.Member(ACME, new UserId("olga"), Role.OWNER);
    private static final Actor MEMBER = new Actor.Member(ACME, ALICE, Role.NORMAL);
    private static final Actor OTHER_MEMBER = new Actor.Member(ACME, BOB, Role.EDITOR);
    private static final Actor STRANGER = new Actor.Member(BETA, ALICE, Role.OWNER);
    private static final Instant SOON = Instant.parse("2026-03-02T11:00:00Z");

    private final MemoryConfigurationStore tenants = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final MemoryToolCredentials store = new MemoryToolCredentials();
    private final ToolCredentialManager credentials = new ToolCredentialManager(
            store,
            tenants,
            new ToolManager(List.of(new Source(Map.of(
                    "web", provider("web", form(), null),
                    "time", provider("time", CredentialForm.EMPTY, null),
                    "mail",
                            provider(
                                    "mail",
                                    CredentialForm.EMPTY,
                                    new ToolProviderEntity.OAuthDeclaration(
                                            "https://a.example/authorize", "https://a.example/token", List.of())))))),
            new AccessControl(tenants, Clock.systemUTC()));

    @BeforeEach
    void tenants() {
        tenants.putTenant(new TenantRecord(ACME, "Acme", true));
        tenants.putTenant(new TenantRecord(BETA, "Beta", true));
        tenants.putMember(ACME, new MemberRecord(ALICE, Role.NORMAL));
        tenants.putMember(ACME, new MemberRecord(BOB, Role.EDITOR));
    }

    private record Source(Map<String, ToolProviderController> providers) implements ToolProviderSource {
        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.BUILTIN;
        }

        @Override
        public Optional<ToolProviderController> provider(TenantId tenant, String name) {
            return Optional.ofNullable(providers.get(name));
        }

        @Override
        public List<ToolProviderController> providers(TenantId tenant) {
            return List.copyOf(providers.values());
        }
    }

    private static CredentialForm form() {
        return new CredentialForm(List.of(
                new CredentialFormSchema(
                        "api_key", "Key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null),
                new CredentialFormSchema(
                        "region", "Region", FormType.TEXT_INPUT, false, null, List.of(), 0, List.of(), null)));
    }

    /** A provider that takes keys which begin with "good". */
    private static ToolProviderController provider(
            String name, CredentialForm form, ToolProviderEntity.OAuthDeclaration oauth) {
        ToolProviderEntity entity =
                new ToolProviderEntity("", name, I18nText.of(name), I18nText.EMPTY, null, List.of(), form, oauth);
        return new ToolProviderController() {
            @Override
            public ToolProviderEntity entity() {
                return entity;
            }

            @Override
            public ToolProviderType toolProviderType() {
                return ToolProviderType.BUILTIN;
            }

            @Override
            public List<Tool> tools() {
                return List.of();
            }

            @Override
            public void validateCredentials(Credentials given, Deadline deadline) {
                if (!given.secret("api_key").orElseThrow().reveal().startsWith("good")) {
                    throw new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "the provider does not accept it");
                }
            }
        };
    }

    private static Credentials key(String key) {
        return Credentials.of(Map.of("api_key", new CredentialValue.Text(key)));
    }

    private static Deadline patience() {
        return Deadline.in(Duration.ofSeconds(10));
    }

    private CredentialId add(Actor actor, String name, String key, UserId onlyFor) {
        return credentials.add(actor, ACME, WEB, new CredentialName(name), key(key), onlyFor, patience());
    }

    private void update(Actor actor, CredentialId id, String name, Credentials given) {
        credentials.update(actor, ACME, WEB, id, name == null ? null : new CredentialName(name), given, patience());
    }

    private String secret(CredentialId id) throws Exception {
        return store.find(ACME, WEB, id)
                .orElseThrow()
                .stored()
                .open()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }

    private static InvokeException refused(ErrorCode code, ThrowingCallable action) {
        InvokeException error = catchThrowableOfType(InvokeException.class, action);
        assertThat(error).as("a refusal with %s", code).isNotNull();
        assertThat(error.code()).isEqualTo(code);
        return error;
    }

    @Test
    void namesCredentialsThatGetNoNameAndMakesTheFirstTheDefault() {
        credentials.add(OPERATOR, ACME, WEB, null, key("good-1"), null, patience());
        credentials.add(OPERATOR, ACME, WEB, null, key("good-2"), null, patience());

        assertThat(credentials.list(OPERATOR, ACME, WEB))
                .extracting(view -> view.name().value() + " " + view.isDefault())
                .containsExactly("API KEY 1 true", "API KEY 2 false");
    }

    @Test
    void savesNothingThatTheProviderDoesNotTake() {
        refused(ErrorCode.AUTHORIZATION_ERROR, () -> add(OPERATOR, "main", "bad", null));
        assertThat(credentials.listAll(OPERATOR, ACME)).isEmpty();

        CredentialId id = add(OPERATOR, "main", "good", null);
        refused(ErrorCode.AUTHORIZATION_ERROR, () -> update(OPERATOR, id, null, key("bad")));
        assertThat(store.find(ACME, WEB, id).orElseThrow().stored().version()).isEqualTo(1);
        credentials.validateStored(OPERATOR, ACME, WEB, id, patience());
    }

    @Test
    void checksTheFormBeforeTheProviderIsAsked() {
        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> credentials.add(
                                OPERATOR,
                                ACME,
                                WEB,
                                null,
                                Credentials.of(Map.of("color", new CredentialValue.Text("red"))),
                                null,
                                patience())))
                .hasMessageContaining("api_key: required")
                .hasMessageContaining("color: not a field");
    }

    @Test
    @DisplayName("CRED-11: no listing and no event shows a secret")
    void showsNoSecret() {
        CredentialId id = add(OPERATOR, "main", "good-canary-secret-of-twenty-and-more", null);
        refused(ErrorCode.AUTHORIZATION_ERROR, () -> add(OPERATOR, "other", "canary-bad", null));

        assertThat(credentials.list(OPERATOR, ACME, WEB).toString())
                .contains("main")
                .doesNotContain("canary");
        assertThat(tenants.latest(10))
                .extracting(AuditEvent::action, AuditEvent::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("tool-credential.add", "authorization_error"),
                        org.assertj.core.groups.Tuple.tuple("tool-credential.add", "done"));
        assertThat(tenants.latest(10).toString()).doesNotContain("canary");
        assertThat(store.find(ACME, WEB, id).orElseThrow().toString()).doesNotContain("canary");
    }

    @Test
    @DisplayName("CRED-12: the mask keeps a secret, and is never stored as one")
    void keepsWhatTheMaskStandsFor() throws Exception {
        CredentialId id = add(OPERATOR, "main", "good-stays", null);

        update(OPERATOR, id, "renamed", key(CredentialForm.UNCHANGED).with("region", new CredentialValue.Text("eu")));

        assertThat(secret(id)).isEqualTo("good-stays");
        assertThat(credentials.list(OPERATOR, ACME, WEB).get(0).values()).containsEntry("region", "eu");
        assertThat(credentials.list(OPERATOR, ACME, WEB).get(0).name().value()).isEqualTo("renamed");
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(OPERATOR, "new", CredentialForm.UNCHANGED, null)))
                .hasMessageContaining("none is stored");
        update(OPERATOR, id, "again", null);
        assertThat(secret(id)).isEqualTo("good-stays");
    }

    @Test
    void refusesProvidersThatAskForNoKey() {
        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> credentials.add(OPERATOR, ACME, TIME, null, Credentials.NONE, null, patience())))
                .hasMessageContaining("asks for no credential");
        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> credentials.add(OPERATOR, ACME, MAIL, null, key("good"), null, patience())))
                .hasMessageContaining("./bactrian tool authorize builtin/mail --tenant acme");
        assertThat(refused(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        () -> credentials.add(
                                OPERATOR,
                                ACME,
                                new ToolProviderName(ToolProviderType.MCP, "web"),
                                null,
                                key("good"),
                                null,
                                patience())))
                .hasMessageContaining("mcp/web");
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> credentials.add(OPERATOR, new TenantId("nobody"), WEB, null, key("good"), null, patience()));
    }

    @Test
    void letsOnlyOwnersAndAdminsManageWhatAllUse() {
        CredentialId id = add(OWNER, "main", "good-1", null);

        for (Actor actor : List.of(MEMBER, OTHER_MEMBER, STRANGER)) {
            refused(ErrorCode.ACCESS_DENIED, () -> add(actor, "mine", "good", null));
            refused(ErrorCode.ACCESS_DENIED, () -> update(actor, id, "taken over", null));
            refused(ErrorCode.ACCESS_DENIED, () -> credentials.remove(actor, ACME, WEB, id));
            refused(ErrorCode.ACCESS_DENIED, () -> credentials.setDefault(actor, ACME, WEB, id));
            refused(ErrorCode.ACCESS_DENIED, () -> credentials.validateStored(actor, ACME, WEB, id, patience()));
            refused(
                    ErrorCode.ACCESS_DENIED,
                    () -> credentials.putTokens(actor, ACME, MAIL, null, key("t"), null, null));
        }
        refused(ErrorCode.ACCESS_DENIED, () -> credentials.list(STRANGER, ACME, WEB));
        refused(ErrorCode.ACCESS_DENIED, () -> credentials.listAll(STRANGER, ACME));
        assertThat(credentials.list(MEMBER, ACME, WEB)).hasSize(1);
        update(OWNER, id, "renamed", key("good-2"));
        credentials.setDefault(OWNER, ACME, WEB, id);
        credentials.remove(OWNER, ACME, WEB, id);
    }

    @Test
    @DisplayName("CRED-15: a member's own credential is theirs to manage, and is not there for other members")
    void letsMembersManageTheirOwn() throws Exception {
        CredentialId hers = add(MEMBER, "hers", "good-1", ALICE);

        update(MEMBER, hers, "still hers", key("good-2"));
        assertThat(secret(hers)).isEqualTo("good-2");
        refused(ErrorCode.ACCESS_DENIED, () -> add(OTHER_MEMBER, "forged", "good", ALICE));
        assertThat(credentials.list(OTHER_MEMBER, ACME, WEB)).isEmpty();
        InvokeException never = refused(
                ErrorCode.CREDENTIAL_NOT_FOUND,
                () -> credentials.remove(OTHER_MEMBER, ACME, WEB, new CredentialId("never-was")));
        for (ThrowingCallable action : List.<ThrowingCallable>of(
                () -> credentials.remove(OTHER_MEMBER, ACME, WEB, hers),
                () -> update(OTHER_MEMBER, hers, "x", null),
                () -> credentials.setDefault(OTHER_MEMBER, ACME, WEB, hers),
                () -> credentials.validateStored(OTHER_MEMBER, ACME, WEB, hers, patience()))) {
            assertThat(refused(ErrorCode.CREDENTIAL_NOT_FOUND, action)).hasMessage(never.getMessage());
        }
        refused(ErrorCode.ACCESS_DENIED, () -> credentials.setDefault(MEMBER, ACME, WEB, hers));
        assertThat(credentials.list(OWNER, ACME, WEB)).hasSize(1);
        refused(ErrorCode.ACCESS_DENIED, () -> update(OWNER, hers, "taken over", key("good-3")));
        refused(ErrorCode.INVALID_PARAM, () -> credentials.setDefault(OWNER, ACME, WEB, hers));
        credentials.remove(OWNER, ACME, WEB, hers);
        assertThat(credentials.list(MEMBER, ACME, WEB)).isEmpty();
    }

    @Test
    void knowsWhoIsNoMember() {
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(OPERATOR, "x", "good", new UserId("nobody"))))
                .hasMessageContaining("./bactrian member add");
    }

    @Test
    void putsNewTokensInThePlaceOfOldOnesOfThatName() throws Exception {
        CredentialName main = new CredentialName("main");
        CredentialId first = credentials.putTokens(OPERATOR, ACME, MAIL, main, key("t-1"), SOON, null);

        CredentialId again = credentials.putTokens(OPERATOR, ACME, MAIL, main, key("t-2"), null, null);
        CredentialId unnamed = credentials.putTokens(OPERATOR, ACME, MAIL, null, key("t-3"), SOON, ALICE);

        assertThat(again).isEqualTo(first);
        ToolCredential renewed = store.find(ACME, MAIL, first).orElseThrow();
        assertThat(renewed.stored().open()).isEqualTo(key("t-2"));
        assertThat(renewed.expiresAt()).isEmpty();
        assertThat(store.find(ACME, MAIL, unnamed).orElseThrow().stored().name().value())
                .isEqualTo("AUTH 1");
        refused(
                ErrorCode.INVALID_PARAM,
                () -> credentials.putTokens(OPERATOR, ACME, MAIL, main, key("t-4"), null, ALICE));
        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> credentials.update(OPERATOR, ACME, MAIL, first, null, key("typed"), patience())))
                .hasMessageContaining("./bactrian tool authorize builtin/mail");
        credentials.update(OPERATOR, ACME, MAIL, first, new CredentialName("renamed"), null, patience());
        assertThat(store.find(ACME, MAIL, first).orElseThrow().stored().open()).isEqualTo(key("t-2"));
    }

    @Test
    void readsProvidersAsTheyAreWritten() {
        assertThat(ToolProviderName.parse("builtin/web")).isEqualTo(WEB);
        assertThat(ToolProviderName.parse("web")).isEqualTo(WEB);
        assertThat(ToolProviderName.parse("mcp/acme/mail"))
                .isEqualTo(new ToolProviderName(ToolProviderType.MCP, "acme/mail"));
        assertThat(ToolProviderName.parse("acme/plugin").toString()).isEqualTo("builtin/acme/plugin");
        assertThatThrownBy(() -> ToolProviderName.parse("mcp/")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ToolProviderName.parse("a\u202eb")).isInstanceOf(IllegalArgumentException.class);
    }
}
