package io.bactrian.tool.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ToolCredentialManager;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.ScriptedAuthorizationServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolAuthorizationTest extends OAuthFixture {

    private static final Actor OPERATOR = new Actor.Operator();
    private static final UserId ANN = new UserId("ann");
    private static final Actor MEMBER = new Actor.Member(ACME, ANN, Role.NORMAL);
    private static final String BACK = "https://bactrian.example/oauth/callback";
    private static final Deadline PATIENCE = Deadline.in(Duration.ofMinutes(5));

    private final MemoryConfigurationStore tenants = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private ToolProviderEntity declared;
    private ToolAuthorization authorization;

    @BeforeEach
    void open() {
        declared = entity();
        tenants.putTenant(new TenantRecord(ACME, "Acme", true));
        tenants.putTenant(new TenantRecord(new TenantId("beta"), "Beta", true));
        tenants.putMember(ACME, new MemberRecord(ANN, Role.NORMAL));
        authorization = node();
        authorization.putClient(OPERATOR, ACME, MAIL, client(CLIENT_ID, CLIENT_SECRET));
    }

    private ToolAuthorization node() {
        ToolManager tools = new ToolManager(List.of(new Source()));
        return new ToolAuthorization(
                oauth,
                new ToolCredentialManager(store, tenants, tools, new AccessControl(tenants, clock)),
                tenants,
                tools,
                egress,
                ToolJson.codec(),
                tenants,
                new SecureRandom(),
                clock);
    }

    private final class Source implements ToolProviderSource {
        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.BUILTIN;
        }

        @Override
        public Optional<ToolProviderController> provider(TenantId tenant, String name) {
            return name.equals("mail") ? Optional.of(controller()) : Optional.empty();
        }

        @Override
        public List<ToolProviderController> providers(TenantId tenant) {
            return List.of(controller());
        }

        private ToolProviderController controller() {
            return new ToolProviderController() {
                @Override
                public ToolProviderEntity entity() {
                    return declared;
                }

                @Override
                public ToolProviderType toolProviderType() {
                    return ToolProviderType.BUILTIN;
                }

                @Override
                public List<Tool> tools() {
                    return List.of();
                }
            };
        }
    }

    private String begin(Actor actor, @Nullable String name, @Nullable UserId onlyFor) {
        return authorization.begin(
                actor,
                ACME,
                MAIL,
                new ToolAuthorization.Request(BACK, name == null ? null : new CredentialName(name), onlyFor));
    }

    private ToolAuthorization.Authorized finish(String query) {
        return authorization.finish(OAuthAnswer.parse(query), PATIENCE);
    }

    @Test
    void hasAPersonSayYesAndStoresWhatComesOfIt() {
        String url = begin(OPERATOR, "main", null);
        assertThat(url)
                .startsWith(provider.authorizationEndpoint() + "?response_type=code&client_id=acme%3Aclient&")
                .contains("redirect_uri=https%3A%2F%2Fbactrian.example%2Foauth%2Fcallback")
                .contains("scope=read+send+mail")
                .contains("code_challenge_method=S256")
                .doesNotContain("canary", "verifier");

        ToolAuthorization.Authorized authorized = finish(provider.consent(url));

        assertThat(authorized.tenant()).isEqualTo(ACME);
        assertThat(authorized.provider()).isEqualTo(MAIL);
        ToolCredential stored = credential(authorized.credential());
        assertThat(stored.type()).isEqualTo(ToolCredentialType.OAUTH2);
        assertThat(stored.stored().name().value()).isEqualTo("main");
        assertThat(stored.isDefault()).isTrue();
        assertThat(stored.expiresAt()).contains(MONDAY.plusSeconds(3600));
        assertThat(secret(stored, "access_token")).startsWith("access-");
        assertThat(secret(stored, "refresh_token")).startsWith("refresh-");
        RecordedRequest exchange = provider.server().requests().get(0);
        assertThat(exchange.header("Accept")).contains("application/json");
        assertThat(exchange.header("Authorization").orElse("")).startsWith("Basic ");
        assertThat(exchange.bodyText()).contains("code_verifier=").doesNotContain("canary", "client_secret");
        assertThat(tenants.latest(10))
                .extracting(AuditEvent::action)
                .contains("oauth-client.set", "tool-authorization.begin", "tool-authorization.finish");
        assertThat(tenants.latest(10).toString()).doesNotContain("canary", "access-", "refresh-", "code-");
    }

    @Test
    void replacesTheTokensOfACredentialOfThatName() {
        ToolAuthorization.Authorized first = finish(provider.consent(begin(OPERATOR, "main", null)));
        ToolAuthorization.Authorized again = finish(provider.consent(begin(OPERATOR, "main", null)));

        assertThat(again.credential()).isEqualTo(first.credential());
        assertThat(credential(first.credential()).stored().version()).isEqualTo(2);
    }

    @Test
    void servesAPersonWhoComesBackToAnotherNode() {
        String query = provider.consent(begin(OPERATOR, null, null));

        ToolAuthorization.Authorized authorized = node().finish(OAuthAnswer.parse(query), PATIENCE);

        assertThat(credential(authorized.credential()).stored().name().value()).isEqualTo("AUTH 1");
    }

    @Test
    @DisplayName("MCP-11, MCP-12: a state is good once, for five minutes, and a made-up one for nothing")
    void takesNoStateTwiceOrTooLate() {
        String query = provider.consent(begin(OPERATOR, null, null));
        finish(query);
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> finish(query))).hasMessageContaining("finished before");

        String late = provider.consent(begin(OPERATOR, null, null));
        clock.advance(ToolAuthorization.VALID);
        refused(ErrorCode.INVALID_PARAM, () -> finish(late));

        refused(ErrorCode.INVALID_PARAM, () -> finish("state=" + "A".repeat(43) + "&code=x"));
        assertThat(provider.server().requests()).hasSize(1);
    }

    @Test
    @DisplayName("RFC 7636: a code that somebody else got is of no use with this verifier")
    void bindsACodeToItsRequest() {
        String mine = begin(OPERATOR, null, null);
        String theirs = provider.consent(begin(OPERATOR, null, null));
        String injected = provider.consent(mine).replaceAll("code=.*", theirs.replaceAll(".*(code=.*)", "$1"));

        assertThat(refused(ErrorCode.AUTHORIZATION_ERROR, () -> finish(injected)))
                .hasMessageContaining("invalid_grant");

        assertThat(store.providers(ACME)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&iss=https%3A%2F%2Fevil.example", "&iss="})
    @DisplayName(
            "MCP-12, RFC 9207: an answer that does not name the issuer that is set is refused before anything is exchanged")
    void refusesAnAnswerOfAnotherIssuer(String named) {
        authorization.putClient(
                OPERATOR,
                ACME,
                MAIL,
                client(CLIENT_ID, CLIENT_SECRET)
                        .with(OAuthClient.ISSUER, new CredentialValue.Text("https://login.example")));

        refused(ErrorCode.ACCESS_DENIED, () -> finish(provider.consent(begin(OPERATOR, null, null)) + named));

        assertThat(provider.server().requests()).isEmpty();
        finish(provider.consent(begin(OPERATOR, null, null)) + "&iss=https%3A%2F%2Flogin.example");
    }

    @Test
    void tellsANoFromAFailure() {
        assertThat(refused(
                        ErrorCode.ACCESS_DENIED,
                        () -> finish(stateOf(begin(OPERATOR, null, null)) + "&error=access_denied")))
                .hasMessageContaining("did not say yes");
        assertThat(refused(
                        ErrorCode.AUTHORIZATION_ERROR,
                        () -> finish(stateOf(begin(OPERATOR, null, null)) + "&error=invalid_scope")))
                .hasMessageContaining("invalid_scope");
        refused(
                ErrorCode.AUTHORIZATION_ERROR,
                () -> finish(stateOf(begin(OPERATOR, null, null)) + "&error=%3Cscript%3Ecanary"));
        assertThat(tenants.latest(1).get(0).outcome()).isEqualTo("authorization_error");
    }

    private static String stateOf(String url) {
        return url.replaceAll(".*(state=[^&]*).*", "$1");
    }

    @Test
    void keepsAMembersOwnTokensTheirOwn() {
        ToolAuthorization.Authorized hers = finish(provider.consent(begin(MEMBER, null, ANN)));

        assertThat(credential(hers.credential()).onlyFor()).contains(ANN);
        assertThat(credential(hers.credential()).isDefault()).isFalse();
        refused(ErrorCode.ACCESS_DENIED, () -> begin(MEMBER, null, null));
        refused(ErrorCode.ACCESS_DENIED, () -> begin(MEMBER, null, new UserId("bob")));
        refused(
                ErrorCode.ACCESS_DENIED,
                () -> authorization.putClient(MEMBER, ACME, MAIL, client(CLIENT_ID, CLIENT_SECRET)));
        refused(ErrorCode.ACCESS_DENIED, () -> authorization.removeClient(MEMBER, ACME, MAIL));
        refused(ErrorCode.ACCESS_DENIED, () -> authorization.client(MEMBER, ACME, MAIL));
    }

    @Test
    void storesNothingForWhoeverIsNoMemberAnyMore() {
        String query = provider.consent(begin(MEMBER, null, ANN));
        tenants.removeMember(ACME, ANN);

        refused(ErrorCode.ACCESS_DENIED, () -> finish(query));

        assertThat(store.providers(ACME)).isEmpty();
        assertThat(provider.server().requests()).isEmpty();
    }

    @Test
    void storesNothingForATenantThatWasSwitchedOff() {
        String query = provider.consent(begin(OPERATOR, null, null));
        tenants.putTenant(new TenantRecord(ACME, "Acme", false));

        refused(ErrorCode.TENANT_NOT_FOUND, () -> finish(query));

        assertThat(provider.server().requests()).isEmpty();
    }

    @Test
    @DisplayName("CRED-11, CRED-12: the client's secret is shown nowhere, and kept where the mask is given")
    void keepsTheClientsSecret() {
        assertThat(authorization.client(OPERATOR, ACME, MAIL).orElseThrow())
                .containsEntry("client_id", CLIENT_ID)
                .containsEntry("token_endpoint_auth_method", "client_secret_basic")
                .hasSize(3);
        assertThat(authorization.client(OPERATOR, ACME, MAIL).toString()).doesNotContain("canary");
        authorization.putClient(
                OPERATOR,
                ACME,
                MAIL,
                Credentials.of(java.util.Map.of(
                        OAuthClient.CLIENT_ID, new CredentialValue.Text(CLIENT_ID),
                        OAuthClient.CLIENT_SECRET, new CredentialValue.Text(CredentialForm.UNCHANGED),
                        OAuthClient.AUTH_METHOD, new CredentialValue.Text("client_secret_post"))));

        finish(provider.consent(begin(OPERATOR, null, null)));
        assertThat(provider.server().requests().get(0).header("Authorization")).isEmpty();
        assertThat(provider.server().requests().get(0).bodyText())
                .contains("client_secret=canary+client+secret+%25%2B%2F");

        assertThat(authorization.removeClient(OPERATOR, ACME, MAIL)).isTrue();
        assertThat(authorization.removeClient(OPERATOR, ACME, MAIL)).isFalse();
        assertThat(authorization.client(OPERATOR, ACME, MAIL)).isEmpty();
        assertThat(refused(ErrorCode.MISCONFIGURED, () -> begin(OPERATOR, null, null)))
                .hasMessageContaining("./bactrian tool oauth-client set builtin/mail --tenant acme");
        refused(
                ErrorCode.INVALID_PARAM,
                () -> authorization.putClient(OPERATOR, ACME, MAIL, client(CLIENT_ID, CredentialForm.UNCHANGED)));
        refused(
                ErrorCode.INVALID_PARAM,
                () -> authorization.putClient(
                        OPERATOR,
                        ACME,
                        MAIL,
                        client("x", null).with(OAuthClient.ISSUER, new CredentialValue.Text("javascript:alert(1)"))));
    }

    @Test
    void servesPublicClients() {
        try (ScriptedAuthorizationServer open = new ScriptedAuthorizationServer("public", null);
                io.bactrian.egress.EgressClient way =
                        io.bactrian.egress.EgressClient.of(io.bactrian.egress.EgressPolicy.builder()
                                .allow("127.0.0.1:" + open.port())
                                .build())) {
            declared = entity(open.authorizationEndpoint() + "?prompt=consent", open.tokenEndpoint());
            ToolManager tools = new ToolManager(List.of(new Source()));
            ToolAuthorization other = new ToolAuthorization(
                    oauth,
                    new ToolCredentialManager(store, tenants, tools, new AccessControl(tenants, clock)),
                    tenants,
                    tools,
                    way,
                    ToolJson.codec(),
                    tenants,
                    new SecureRandom(),
                    clock);
            other.putClient(OPERATOR, ACME, MAIL, client("public", null));
            String url = other.begin(OPERATOR, ACME, MAIL, new ToolAuthorization.Request(BACK, null, null));
            assertThat(url).contains("/authorize?prompt=consent&response_type=code");

            other.finish(OAuthAnswer.parse(open.consent(url)), PATIENCE);

            assertThat(store.providers(ACME)).containsExactly(MAIL);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "http://login.example/authorize",
                "https://user@login.example/authorize",
                "https://login.example/a b",
                ""
            })
    @DisplayName("MCP-12: nobody is sent to what is no https URL, and no token is")
    void refusesEndpointsThatAreNowhereToGo(String url) {
        declared = entity(url, provider.tokenEndpoint());
        refused(ErrorCode.MISCONFIGURED, () -> begin(OPERATOR, null, null));
        declared = entity(provider.authorizationEndpoint(), url);
        refused(ErrorCode.MISCONFIGURED, () -> begin(OPERATOR, null, null));
        declared = entity();
        refused(
                ErrorCode.INVALID_PARAM,
                () -> authorization.begin(OPERATOR, ACME, MAIL, new ToolAuthorization.Request(url, null, null)));
    }

    @Test
    @DisplayName("SSRF: the token endpoint is reached by the guarded client only, and what that refuses is refused")
    void asksNoTokenEndpointThatTheOperatorDoesNotLetOut() {
        declared = entity(provider.authorizationEndpoint(), "https://127.0.0.1:1/token");
        String query = provider.consent(begin(OPERATOR, null, null));

        refused(ErrorCode.EGRESS_DENIED, () -> finish(query));
    }

    @Test
    void refusesProvidersThatAreNotOpenedLikeThis() {
        declared = ToolProviderEntity.of("mail", "");
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> begin(OPERATOR, null, null)))
                .hasMessageContaining("OAuth 2");
        refused(
                ErrorCode.PROVIDER_NOT_FOUND,
                () -> authorization.begin(
                        OPERATOR,
                        ACME,
                        new ToolProviderName(ToolProviderType.BUILTIN, "none"),
                        new ToolAuthorization.Request(BACK, null, null)));
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> authorization.putClient(OPERATOR, new TenantId("nobody"), MAIL, client("x", null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "code=x",
                "state=",
                "state=x",
                "state=x&code=",
                "state=x&code=y&error=z",
                "state=x&state=y&code=z",
                "state=x&code=y&code=z",
                "state=%zz&code=y"
            })
    void refusesWhatIsNoAnswer(String query) {
        refused(ErrorCode.INVALID_PARAM, () -> OAuthAnswer.parse(query));
    }

    @Test
    void passesOverWhatNobodyKnowsInAnAnswer() {
        assertThat(OAuthAnswer.parse("session_state=1&state=a%2Bb&code=c&session_state=2&x")
                        .state())
                .isEqualTo("a+b");
        refused(ErrorCode.INVALID_PARAM, () -> OAuthAnswer.parse(null));
        refused(ErrorCode.INVALID_PARAM, () -> OAuthAnswer.parse("state=x&code=" + "y".repeat(20_000)));
    }
}
