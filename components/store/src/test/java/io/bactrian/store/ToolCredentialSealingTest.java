package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.testkit.contract.StoreFixture;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials of tool providers in a database that somebody has broken into, and while keys are rotated. */
class ToolCredentialSealingTest extends StoreTestBase {

    private static final ToolProviderName WEB = new ToolProviderName(ToolProviderType.BUILTIN, "web");
    private static final String CANARY = "canary-4cf1e0";

    private CredentialId add(TenantId tenant, String name, String value, @Nullable UserId user) {
        return store.toolCredentials()
                .add(
                        tenant,
                        WEB,
                        new NewToolCredential(
                                new CredentialName(name),
                                StoreFixture.secret(value),
                                ToolCredentialType.API_KEY,
                                null,
                                user));
    }

    private ToolCredential credential(TenantId tenant, CredentialId id) {
        return store.toolCredentials().find(tenant, WEB, id).orElseThrow();
    }

    private String value(TenantId tenant, CredentialId id) throws CredentialUnreadableException {
        return credential(tenant, id)
                .stored()
                .open()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }

    @Test
    void keepsNoSecretInClear() {
        add(ACME, "main", CANARY, null);
        String hex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));

        assertThat(burglar.queryForList("SCRIPT", String.class))
                .hasSizeGreaterThan(20)
                .noneMatch(line -> line.contains(CANARY) || line.contains(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user_id = NULL",
                "user_id = 'eve'",
                "credential_type = 'oauth2'",
                "provider = 'other'",
                "provider_type = 'mcp'",
                "row_version = 2",
                "encrypted_credentials = X'00'"
            })
    @DisplayName(
            "CRED-02: a row that was changed to serve others does not open, is taken down once and shows in the health")
    void refusesARowThatWasChanged(String change) {
        CredentialId id = add(ACME, "hers", CANARY, new UserId("ann"));
        assertThat(store.health().healthy()).isTrue();

        burglar.update("UPDATE tool_builtin_providers SET " + change);

        ToolProviderName now = new ToolProviderName(
                change.startsWith("provider_type") ? ToolProviderType.MCP : ToolProviderType.BUILTIN,
                change.startsWith("provider =") ? "other" : "web");
        for (int i = 0; i < 3; i++) {
            ToolCredential changed = store.toolCredentials().find(ACME, now, id).orElseThrow();
            assertThat(unreadable(changed.stored()).reason())
                    .contains(id.value())
                    .doesNotContain(CANARY);
        }
        assertThat(store.unreadableCount()).isEqualTo(1);
        assertThat(store.latest(10)).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo("credential.unreadable");
            assertThat(event.subject()).isEqualTo(id.value());
        });
    }

    @Test
    @DisplayName("CRED-01: a value copied to another tenant or credential does not open")
    void refusesAValueThatWasCopied() throws Exception {
        CredentialId ours = add(ACME, "one", CANARY, null);
        CredentialId other = add(ACME, "other", "s-2", null);
        CredentialId theirs = add(GLOBEX, "one", "s-3", null);

        burglar.update(
                "UPDATE tool_builtin_providers SET encrypted_credentials ="
                        + " (SELECT encrypted_credentials FROM tool_builtin_providers WHERE id = ?)",
                ours.value());

        unreadable(credential(ACME, other).stored());
        unreadable(credential(GLOBEX, theirs).stored());
        assertThat(value(ACME, ours)).isEqualTo(CANARY);
    }

    @Test
    @DisplayName("CRED-03: an older version put back, and a removed credential put back, do not open")
    void refusesWhatWasPutBack() throws Exception {
        CredentialId id = add(ACME, "main", CANARY, null);
        CredentialId removed = add(ACME, "removed", CANARY, null);
        burglar.execute("CREATE TABLE loot AS SELECT * FROM tool_builtin_providers");
        store.toolCredentials().update(ACME, WEB, id, 1, new CredentialName("main"), StoreFixture.secret("s-2"));
        store.toolCredentials().remove(ACME, WEB, removed);

        Map<String, Object> old = burglar.queryForMap("SELECT * FROM loot WHERE id = ?", id.value());
        burglar.update(
                "UPDATE tool_builtin_providers SET encrypted_credentials = ?, row_version = 1",
                old.get("encrypted_credentials"));
        String columns = "id, tenant_id, provider_type, provider, name, credential_type, encrypted_credentials,"
                + " data_key_version, row_version, created_at, updated_at";
        burglar.update(
                "INSERT INTO tool_builtin_providers (" + columns + ") SELECT " + columns + " FROM loot WHERE id = ?",
                removed.value());

        assertThat(unreadable(credential(ACME, id).stored()).reason()).contains("newest version is 2");
        assertThat(unreadable(credential(ACME, removed).stored()).reason()).contains("newest version is 2");
        store.toolCredentials().update(ACME, WEB, id, 0, new CredentialName("main"), StoreFixture.secret("s-3"));
        assertThat(value(ACME, id)).isEqualTo("s-3");
        store.toolCredentials().remove(ACME, WEB, removed);
        assertThat(store.health().healthy()).isTrue();
    }

    @Test
    @DisplayName("CRED-08: a rewrap brings credentials of tools to the newest key, and is no change of them")
    void encryptsCredentialsAnew() throws Exception {
        CredentialId one = add(ACME, "one", "s-1", null);
        CredentialId two = add(ACME, "two", "s-2", new UserId("ann"));
        add(GLOBEX, "theirs", "s-3", null);
        store.keys().rotateDataKey(ACME);
        CredentialId three = add(ACME, "three", "s-4", null);

        assertThat(store.keys().status().credentialsLeft()).isEqualTo(2);
        assertThat(store.keys().status(ACME))
                .extracting(KeyRing.DataKeyStatus::credentials)
                .containsExactly(2L, 1L);
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("2 credentials need it");
        List<ToolCredential> before = store.toolCredentials().credentials(ACME, WEB.type(), WEB.provider());
        assertThat(store.keys().rewrap(progress -> {}, 1)).isEqualTo(new KeyRing.Progress(0, 0, 2, 0, 0));
        store.keys().retire(ACME, 1);

        assertThat(value(ACME, one)).isEqualTo("s-1");
        assertThat(value(ACME, two)).isEqualTo("s-2");
        assertThat(value(ACME, three)).isEqualTo("s-4");
        assertThat(credential(ACME, one).stored().version()).isEqualTo(1);
        assertThat(before.get(0).stored().open())
                .as("read before the key was retired")
                .isEqualTo(StoreFixture.secret("s-1"));
    }

    @Test
    void leavesWhatDoesNotOpenAndKeepsItsKey() {
        CredentialId id = add(ACME, "main", CANARY, null);
        store.keys().rotateDataKey(ACME);
        burglar.update("UPDATE tool_builtin_providers SET encrypted_credentials = X'00'");

        assertThat(store.keys().rewrap(progress -> {}, 10)).isEqualTo(new KeyRing.Progress(0, 0, 0, 1, 1));

        refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1));
        unreadable(credential(ACME, id).stored());
    }
}
