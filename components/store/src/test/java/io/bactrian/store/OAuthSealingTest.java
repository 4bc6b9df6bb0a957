package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OAuth 2 needs, in a database that somebody has broken into, and while keys are rotated. */
class OAuthSealingTest extends StoreTestBase {

    private static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.BUILTIN, "mail");
    private static final String CANARY = "canary-4cf1e0";
    private static final String STATE = ApiKeyStoreContract.sha256("state");

    private void sent() {
        store.oauth()
                .addState(new OAuthState(
                        STATE,
                        ACME,
                        MAIL,
                        new UserId("ann"),
                        secret(CANARY),
                        CLOCK.instant(),
                        CLOCK.instant().plus(Duration.ofMinutes(5))));
    }

    @Test
    void keepsNoSecretInClear() {
        store.oauth().putClient(ACME, MAIL, secret(CANARY));
        sent();
        String hex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));

        assertThat(burglar.queryForList("SCRIPT", String.class))
                .hasSizeGreaterThan(20)
                .noneMatch(line -> line.contains(CANARY) || line.contains(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"provider = 'other'", "provider_type = 'mcp'", "row_version = 2", "encrypted_client = X'00'"})
    @DisplayName("CRED-02, CRED-03: who a tenant is to one provider is not taken for who it is to another")
    void refusesAClientThatWasChanged(String change) {
        store.oauth().putClient(ACME, MAIL, secret(CANARY));

        burglar.update("UPDATE oauth_clients SET " + change);

        ToolProviderName now = new ToolProviderName(
                change.startsWith("provider_type") ? ToolProviderType.MCP : ToolProviderType.BUILTIN,
                change.startsWith("provider =") ? "other" : "mail");
        assertThat(unreadable(store.oauth().client(ACME, now).orElseThrow()).reason())
                .doesNotContain(CANARY);
        assertThat(store.unreadableCount()).isEqualTo(1);
        store.oauth().putClient(ACME, now, secret("s-new"));
        assertThat(store.unreadableCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provider = 'other'",
                "user_id = 'eve'",
                "user_id = NULL",
                "expires_at = expires_at + INTERVAL '1' DAY",
                "encrypted_request = X'00'"
            })
    void refusesAStateThatWasChanged(String change) {
        sent();

        burglar.update("UPDATE oauth_states SET " + change);

        assertThat(refused(ErrorCode.CREDENTIAL_UNREADABLE, () -> store.oauth().takeState(STATE, CLOCK.instant())))
                .hasMessageNotContaining(CANARY)
                .hasMessageNotContaining(STATE);
        assertThat(store.oauth().takeState(STATE, CLOCK.instant()))
                .as("used up")
                .isEmpty();
    }

    @Test
    @DisplayName(
            "CRED-08: a rewrap brings clients to the newest key; who is on the way has to begin again once the old one goes")
    void encryptsClientsAnew() throws Exception {
        store.oauth().putClient(ACME, MAIL, secret("s-1"));
        sent();
        store.keys().rotateDataKey(ACME);

        assertThat(store.keys().status().credentialsLeft()).isEqualTo(1);
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("1 credential needs it");
        assertThat(store.keys().rewrap(progress -> {}, 10)).isEqualTo(new KeyRing.Progress(0, 0, 1, 0, 0));
        store.keys().retire(ACME, 1);

        assertThat(store.oauth().client(ACME, MAIL).orElseThrow().open()).isEqualTo(secret("s-1"));
        assertThat(store.oauth().takeState(STATE, CLOCK.instant())).isEmpty();
    }
}
