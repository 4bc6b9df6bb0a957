package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.provider.ModelType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rows that somebody with access to the database moved, copied or put back. */
class CredentialIsolationTest extends StoreTestBase {

    private static final String CANARY = "canary-4cf1e0";

    private void copySealed(CredentialId from, CredentialId to) {
        int changed = burglar.update(
                "UPDATE provider_credentials SET (encrypted_config, data_key_version) = (SELECT encrypted_config,"
                        + " data_key_version FROM provider_credentials WHERE id = ?) WHERE id = ?",
                from.value(),
                to.value());
        assertThat(changed).isEqualTo(1);
    }

    @Test
    @DisplayName("CRED-01: a value copied to another tenant does not open, is taken down once and shows in the health")
    void refusesValueCopiedToAnotherTenant() {
        CredentialId ours = add(ACME, PROVIDER, "main", CANARY);
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-globex");
        assertThat(store.health().healthy()).isTrue();

        copySealed(ours, theirs);

        for (int i = 0; i < 3; i++) {
            assertThat(unreadable(stored(GLOBEX, theirs)).reason())
                    .contains(theirs.value(), "globex")
                    .doesNotContain(CANARY);
        }
        assertThat(secretOf(ACME, ours)).isEqualTo(CANARY);
        assertThat(store.unreadableCount()).isEqualTo(1);
        assertThat(store.health().healthy()).isFalse();
        assertThat(store.latest(10))
                .containsExactly(new AuditEvent(
                        CLOCK.instant(),
                        GLOBEX,
                        "store",
                        "credential.unreadable",
                        theirs.value(),
                        "credential_unreadable"));
    }

    @Test
    @DisplayName("CRED-01: nor with the data key copied along")
    void refusesDataKeyOfAnotherTenant() {
        CredentialId ours = add(ACME, PROVIDER, "main", CANARY);
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-globex");
        copySealed(ours, theirs);
        burglar.update("UPDATE data_keys SET wrapped_key = (SELECT wrapped_key FROM data_keys WHERE tenant_id = 'acme')"
                + " WHERE tenant_id = 'globex'");

        assertThat(unreadable(stored(GLOBEX, theirs)).reason()).contains("data key of tenant globex");
    }

    @Test
    @DisplayName("CRED-02: a value moved to another credential of the same provider does not open")
    void refusesValueMovedToAnotherRecord() {
        CredentialId one = add(ACME, PROVIDER, "one", CANARY);
        CredentialId other = add(ACME, PROVIDER, "other", "s-2");

        copySealed(one, other);

        assertThat(unreadable(stored(ACME, other)).reason()).doesNotContain(CANARY);
        assertThat(secretOf(ACME, one)).isEqualTo(CANARY);
    }

    @Test
    @DisplayName("CRED-02: a row moved to another provider does not open")
    void refusesRowMovedToAnotherProvider() {
        CredentialId id = add(ACME, new CredentialScope.OfProvider(LOCAL), "main", CANARY);
        add(ACME, PROVIDER, "other", "s-2");
        burglar.update("UPDATE providers SET credential_id = NULL WHERE provider_name = ?", LOCAL.value());

        burglar.update("UPDATE provider_credentials SET provider_name = 'openai' WHERE id = ?", id.value());

        unreadable(stored(ACME, id));
    }

    @Test
    @DisplayName("CRED-02: a value moved from a provider to one of its models, or between models, does not open")
    void refusesValueMovedToAnotherScope() {
        CredentialId ofProvider = add(ACME, PROVIDER, "main", CANARY);
        CredentialId ofModel = add(ACME, MODEL, "main", "s-2");
        CredentialId ofOther = add(ACME, new CredentialScope.OfModel(OPENAI, "other", ModelType.LLM), "main", "s-3");
        String copy = "UPDATE provider_model_credentials SET encrypted_config = (SELECT encrypted_config FROM %s"
                + " WHERE id = ?) WHERE id = ?";

        burglar.update(copy.formatted("provider_credentials"), ofProvider.value(), ofModel.value());
        unreadable(stored(ACME, ofModel));
        burglar.update(copy.formatted("provider_model_credentials"), ofModel.value(), ofOther.value());
        unreadable(stored(ACME, ofOther));
        assertThat(store.unreadableCount()).isEqualTo(2);
    }

    @Test
    @DisplayName("CRED-03: an older version put back over a newer one does not open")
    void refusesOlderVersionPutBack() {
        CredentialId id = add(ACME, PROVIDER, "main", CANARY);
        Map<String, Object> old = burglar.queryForMap("SELECT * FROM provider_credentials WHERE id = ?", id.value());
        store.updateCredential(ACME, PROVIDER, id, 1, new CredentialName("main"), secret("s-new"));
        assertThat(secretOf(ACME, id)).isEqualTo("s-new");

        burglar.update(
                "UPDATE provider_credentials SET encrypted_config = ?, row_version = ? WHERE id = ?",
                old.get("encrypted_config"),
                old.get("row_version"),
                id.value());
        assertThat(unreadable(stored(ACME, id)).reason()).contains("version 1", "newest version is 2");

        // nor under the newer version's number
        burglar.update("UPDATE provider_credentials SET row_version = 2 WHERE id = ?", id.value());
        unreadable(stored(ACME, id));

        store.updateCredential(ACME, PROVIDER, id, 0, new CredentialName("main"), secret("s-set-again"));
        assertThat(secretOf(ACME, id)).isEqualTo("s-set-again");
        assertThat(stored(ACME, id).version()).isEqualTo(3);
        assertThat(store.health().healthy()).isTrue();
    }

    @Test
    @DisplayName("CRED-03: the row of a removed credential put back does not open")
    void refusesRemovedCredentialPutBack() {
        CredentialId removed = add(ACME, PROVIDER, "main", CANARY);
        CredentialId reset = add(ACME, MODEL, "main", CANARY);
        burglar.execute("CREATE TABLE loot AS SELECT * FROM provider_credentials");
        burglar.execute("CREATE TABLE loot2 AS SELECT * FROM provider_model_credentials");
        store.removeCredential(ACME, PROVIDER, removed);
        store.removeModel(ACME, OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.LLM);
        add(ACME, MODEL, "second", "s-2");

        putBack("provider_credentials", "provider_name", "loot");
        putBack("provider_model_credentials", "provider_name, model_name, model_type", "loot2");

        assertThat(unreadable(stored(ACME, removed)).reason()).contains("newest version is 2");
        assertThat(unreadable(stored(ACME, reset)).reason()).contains("newest version is 2");
    }

    private void putBack(String table, String scope, String loot) {
        String columns = "id, tenant_id, " + scope + ", credential_name, encrypted_config, data_key_version,"
                + " row_version, created_at, updated_at";
        burglar.update("INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + loot);
    }

    @Test
    @DisplayName("CRED-16: the rows of a removed tenant put back do not open")
    void refusesRowsOfARemovedTenantPutBack() {
        CredentialId id = add(ACME, PROVIDER, "main", CANARY);
        burglar.execute("CREATE TABLE loot AS SELECT * FROM provider_credentials");
        store.removeTenant(ACME);
        assertThat(burglar.queryForObject("SELECT COUNT(*) FROM data_keys", Long.class))
                .isZero();

        store.putTenant(new TenantRecord(ACME, "Acme again", true));
        CredentialId fresh = add(ACME, PROVIDER, "fresh", "s-2");
        burglar.update("INSERT INTO credential_versions VALUES ('acme', ?, 1)", id.value());
        putBack("provider_credentials", "provider_name", "loot");

        assertThat(unreadable(stored(ACME, id)).reason()).doesNotContain(CANARY);
        assertThat(secretOf(ACME, fresh)).isEqualTo("s-2");
        // nor without any data key
        burglar.execute("SET REFERENTIAL_INTEGRITY FALSE");
        burglar.update("DELETE FROM data_keys");
        assertThat(unreadable(stored(ACME, id)).reason()).contains("data key", "gone");
    }

    @Test
    void isolatesTheOneThatDoesNotOpen() {
        CredentialId broken = add(ACME, PROVIDER, "broken", "s-1");
        CredentialId whole = add(ACME, PROVIDER, "whole", "s-2");
        burglar.update("UPDATE provider_credentials SET encrypted_config = X'00' WHERE id = ?", broken.value());

        assertThat(openai(ACME).credentials()).hasSize(2);
        unreadable(stored(ACME, broken));
        assertThat(secretOf(ACME, whole)).isEqualTo("s-2");

        store.removeCredential(ACME, PROVIDER, broken);
        assertThat(store.unreadableCount()).isZero();
    }

    @Test
    void countsACredentialThatOpensAgainAsWellAgain() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        byte[] sealed = burglar.queryForObject("SELECT encrypted_config FROM provider_credentials", byte[].class);
        burglar.update("UPDATE provider_credentials SET encrypted_config = X'0102'");
        unreadable(stored(ACME, id));
        assertThat(store.unreadableCount()).isEqualTo(1);

        burglar.update("UPDATE provider_credentials SET encrypted_config = ?", sealed);
        assertThat(secretOf(ACME, id)).isEqualTo("s-1");
        assertThat(store.unreadableCount()).isZero();
    }

    @Test
    void cannotPointIntoAnotherTenant() {
        add(ACME, PROVIDER, "main", "s-1");
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-2");

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> burglar.update(
                        "UPDATE providers SET credential_id = ? WHERE tenant_id = 'acme'", theirs.value()))
                .isInstanceOf(org.springframework.dao.DataIntegrityViolationException.class);
    }

    @Test
    void keepsNoSecretInClear() {
        add(ACME, PROVIDER, "main", CANARY);
        add(ACME, MODEL, "main", CANARY);
        List<String> dump = burglar.queryForList("SCRIPT", String.class);
        String hex = java.util.HexFormat.of().formatHex(CANARY.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(dump).hasSizeGreaterThan(20);
        assertThat(dump).noneMatch(line -> line.contains(CANARY) || line.contains(hex));
    }
}
