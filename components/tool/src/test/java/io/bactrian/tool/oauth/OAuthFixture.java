package io.bactrian.tool.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.MemoryOAuth;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.testkit.ScriptedAuthorizationServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A provider, its authorization server, and what is kept of both. */
abstract class OAuthFixture {

    static final TenantId ACME = new TenantId("acme");
    static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.BUILTIN, "mail");
    static final String CLIENT_ID = "acme:client";
    static final String CLIENT_SECRET = "canary client secret %+/";
    static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");

    final ScriptedAuthorizationServer provider = new ScriptedAuthorizationServer(CLIENT_ID, CLIENT_SECRET);
    final EgressClient egress = EgressClient.of(
            EgressPolicy.builder().allow("127.0.0.1:" + provider.port()).build());
    final MemoryToolCredentials store = new MemoryToolCredentials();
    final MemoryOAuth oauth = new MemoryOAuth();
    final TestClock clock = new TestClock();

    /** A clock that is set by hand. */
    static final class TestClock extends Clock {

        private final AtomicReference<Instant> now = new AtomicReference<>(MONDAY);

        void advance(Duration by) {
            now.updateAndGet(instant -> instant.plus(by));
        }

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
            return now.get();
        }
    }

    @AfterEach
    void closeBoth() {
        egress.close();
        provider.close();
    }

    static Credentials client(String id, @Nullable String secret) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put(OAuthClient.CLIENT_ID, new CredentialValue.Text(id));
        if (secret != null) {
            values.put(OAuthClient.CLIENT_SECRET, new CredentialValue.Hidden(Secret.of(secret)));
        }
        return Credentials.of(values);
    }

    ToolProviderEntity entity() {
        return entity(provider.authorizationEndpoint(), provider.tokenEndpoint());
    }

    static ToolProviderEntity entity(String authorizationEndpoint, String tokenEndpoint) {
        return new ToolProviderEntity(
                "",
                "mail",
                I18nText.of("mail"),
                I18nText.EMPTY,
                null,
                List.of(),
                CredentialForm.EMPTY,
                new ToolProviderEntity.OAuthDeclaration(
                        authorizationEndpoint, tokenEndpoint, List.of("read", "send mail")));
    }

    /** Tokens that the provider gave, stored. */
    CredentialId stored(String accessToken, @Nullable String refreshToken, @Nullable Instant expiresAt) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put(OAuthTokens.ACCESS_TOKEN, new CredentialValue.Hidden(Secret.of(accessToken)));
        if (refreshToken != null) {
            values.put(OAuthTokens.REFRESH_TOKEN, new CredentialValue.Hidden(Secret.of(refreshToken)));
        }
        values.put(OAuthTokens.TOKEN_ENDPOINT, new CredentialValue.Text(provider.tokenEndpoint()));
        return store.add(
                ACME,
                MAIL,
                new NewToolCredential(
                        new CredentialName("main"),
                        Credentials.of(values),
                        ToolCredentialType.OAUTH2,
                        expiresAt,
                        null));
    }

    ToolCredential credential(CredentialId id) {
        return store.find(ACME, MAIL, id).orElseThrow();
    }

    static String secret(ToolCredential credential, String name) {
        try {
            return credential.stored().open().secret(name).map(Secret::reveal).orElse("");
        } catch (io.bactrian.core.config.CredentialUnreadableException e) {
            throw new AssertionError(e);
        }
    }

    static InvokeException refused(ErrorCode code, ThrowingCallable action) {
        InvokeException error = catchThrowableOfType(InvokeException.class, action);
        assertThat(error).as("a refusal with %s", code).isNotNull();
        assertThat(error.code()).as(error.toString()).isEqualTo(code);
        assertThat(error.toString()).doesNotContain("canary", "refresh-", "access-");
        return error;
    }
}
