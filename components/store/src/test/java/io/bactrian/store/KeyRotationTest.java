package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.MODEL;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeyRotationTest extends KeyFixture {

    @Test
    void rotatesTheKeyInItsFileAndOpensWhatTheOldOneWrapped() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        String before = primary(store);
        String text = Files.readString(keyFile());

        KeyRing.Rotation rotation = store.keys().rotateKeyEncryptionKey();

        assertThat(rotation.from()).isEqualTo(before);
        assertThat(rotation.to()).isEqualTo(primary(store)).isNotEqualTo(before);
        assertThat(Files.readString(keyFile())).isNotEqualTo(text).startsWith("{");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
                .isEqualTo("rw-------");
        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-acme");
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        assertThat(kek(store, rotation.from()).dataKeys()).isEqualTo(1);
        assertThat(kek(store, rotation.to()).dataKeys()).isEqualTo(1);
        assertThat(store.keys().status().dataKeysLeft()).isEqualTo(1);
        assertThat(secrets(open(settings), ACME, OPENAI)).containsExactly("s-acme");
        assertThat(secrets(open(settings), GLOBEX, OPENAI)).containsExactly("s-globex");
    }

    @Test
    void wrapsAllDataKeysAnewWithoutTouchingACredential() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        List<Map<String, Object>> before = database.queryForList("SELECT * FROM provider_credentials ORDER BY id");
        String newest = store.keys().rotateKeyEncryptionKey().to();

        KeyRing.Progress progress = rewrap(store);

        assertThat(progress).isEqualTo(new KeyRing.Progress(2, 0, 0, 0, 0));
        assertThat(progress.complete()).isTrue();
        assertThat(kekIds()).containsExactly(newest);
        assertThat(database.queryForList("SELECT row_version FROM data_keys", Long.class))
                .containsOnly(2L);
        assertThat(database.queryForList("SELECT * FROM provider_credentials ORDER BY id"))
                .usingRecursiveComparison()
                .isEqualTo(before);
        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-acme");
        assertThat(rewrap(store)).as("nothing is left").isEqualTo(new KeyRing.Progress(0, 0, 0, 0, 0));
        assertThat(secrets(open(settings), GLOBEX, OPENAI)).containsExactly("s-globex");
    }

    @Test
    void encryptsWhatIsWrittenWithTheNewestDataKey() throws Exception {
        CredentialId first = store.addCredential(ACME, PROVIDER, credential("first", "s-1"));
        store.addCredential(ACME, PROVIDER, credential("second", "s-2"));
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));

        assertThat(store.keys().rotateDataKey(ACME)).isEqualTo(2);
        store.updateCredential(ACME, PROVIDER, first, 0, new CredentialName("first"), secret("s-3"));
        store.addCredential(ACME, MODEL, credential("third", "s-4"));

        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-3", "s-2", "s-4");
        String kek = primary(store);
        assertThat(store.keys().status(ACME))
                .containsExactly(
                        new KeyRing.DataKeyStatus(1, false, kek, 1), new KeyRing.DataKeyStatus(2, true, kek, 2));
        assertThat(store.keys().status(GLOBEX)).containsExactly(new KeyRing.DataKeyStatus(1, true, kek, 1));
        assertThat(store.keys().status().credentialsLeft()).isEqualTo(1);
        assertThat(secrets(open(settings), ACME, OPENAI)).containsExactly("s-3", "s-2", "s-4");
    }

    @Test
    void bringsAllCredentialsToTheNewestDataKeyInSmallSteps() throws Exception {
        for (int i = 0; i < 7; i++) {
            store.addCredential(ACME, PROVIDER, credential("p" + i, "s-p" + i));
            store.addCredential(ACME, MODEL, credential("m" + i, "s-m" + i));
        }
        CredentialId rotated = store.provider(ACME, OPENAI).orElseThrow().activeCredential();
        store.rotateCredential(ACME, PROVIDER, rotated, secret("s-new"), Duration.ofHours(1));
        List<String> before = secrets(store, ACME, OPENAI);
        List<Long> versions = versions();
        store.keys().rotateDataKey(ACME);
        List<KeyRing.Progress> told = new ArrayList<>();

        KeyRing.Progress progress = store.keys().rewrap(told::add, 3);

        assertThat(progress).isEqualTo(new KeyRing.Progress(0, 0, 14, 0, 0));
        assertThat(told).extracting(KeyRing.Progress::credentialsDone).containsExactly(0L, 3L, 6L, 7L, 10L, 13L, 14L);
        assertThat(told).extracting(KeyRing.Progress::credentialsLeft).containsExactly(14L, 11L, 8L, 7L, 4L, 1L, 0L);
        assertThat(store.keys().status(ACME))
                .extracting(KeyRing.DataKeyStatus::credentials)
                .containsExactly(0L, 14L);
        assertThat(secrets(store, ACME, OPENAI)).isEqualTo(before);
        assertThat(versions()).as("a rewrap is no change of a credential").isEqualTo(versions);
        StoredCredential stored =
                store.provider(ACME, OPENAI).orElseThrow().credentials().get(0);
        assertThat(stored.previous().orElseThrow().open().secret("api_key").map(Secret::reveal))
                .contains("s-p0");
    }

    private List<Long> versions() {
        return all(store.provider(ACME, OPENAI).orElseThrow()).stream()
                .map(StoredCredential::version)
                .toList();
    }

    @Test
    void leavesWhatDoesNotOpenAsItIsAndCountsIt() throws Exception {
        CredentialId broken = store.addCredential(ACME, PROVIDER, credential("broken", "s-1"));
        store.addCredential(ACME, PROVIDER, credential("whole", "s-2"));
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-3"));
        byte[] sealed = database.queryForObject(
                "SELECT encrypted_config FROM provider_credentials WHERE id = ?", byte[].class, broken.value());
        database.update("UPDATE provider_credentials SET encrypted_config = X'00' WHERE id = ?", broken.value());
        database.update("UPDATE data_keys SET wrapped_key = X'00' WHERE tenant_id = 'globex'");
        store.keys().rotateKeyEncryptionKey();
        store.keys().rotateDataKey(ACME);

        KeyRing.Progress progress = rewrap(store);

        assertThat(progress).isEqualTo(new KeyRing.Progress(1, 1, 1, 1, 2));
        assertThat(progress.complete()).isFalse();
        database.update("UPDATE provider_credentials SET encrypted_config = ? WHERE id = ?", sealed, broken.value());
        assertThat(rewrap(store)).isEqualTo(new KeyRing.Progress(0, 1, 1, 0, 1));
        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-1", "s-2");
    }

    @Test
    @DisplayName("CRED-03: a rewrap does not bless an older version that was put back")
    void doesNotRewrapAnOlderVersionPutBack() {
        CredentialId id = store.addCredential(ACME, PROVIDER, credential("main", "s-old"));
        Map<String, Object> old = database.queryForMap("SELECT * FROM provider_credentials");
        store.updateCredential(ACME, PROVIDER, id, 0, new CredentialName("main"), secret("s-new"));
        database.update(
                "UPDATE provider_credentials SET encrypted_config = ?, row_version = 1", old.get("encrypted_config"));
        store.keys().rotateDataKey(ACME);

        assertThat(rewrap(store)).isEqualTo(new KeyRing.Progress(0, 0, 0, 1, 1));

        assertThat(database.queryForObject("SELECT data_key_version FROM provider_credentials", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void makesTheFirstDataKeyOfATenantWithoutCredentials() {
        assertThat(store.keys().status(ACME)).isEmpty();

        assertThat(store.keys().rotateDataKey(ACME)).isEqualTo(1);

        assertThat(store.keys().status(ACME)).hasSize(1);
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store.keys().rotateDataKey(NOBODY));
        assertThat(store.keys().status(NOBODY)).isEmpty();
    }

    @Test
    void shredsEveryDataKeyOfARemovedTenant() {
        store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        store.keys().rotateDataKey(ACME);

        store.removeTenant(ACME);

        assertThat(database.queryForObject("SELECT COUNT(*) FROM data_keys", Long.class))
                .isZero();
        assertThat(rewrap(store).complete()).isTrue();
    }

    @Test
    @DisplayName("CRED-07: another process finds the new key when it first needs it, and wraps with it")
    void findsAKeyThatAnotherProcessHasMade() throws Exception {
        BactrianStore other = open(settings);
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        assertThat(secrets(other, ACME, OPENAI)).containsExactly("s-acme");

        String newest = store.keys().rotateKeyEncryptionKey().to();
        rewrap(store);

        assertThat(secrets(other, ACME, OPENAI)).containsExactly("s-acme");
        other.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        assertThat(kekIds()).containsExactly(newest);
        assertThat(other.unreadableCount()).isZero();
    }

    @Test
    @DisplayName("CRED-07: what was read before a rotation opens after its keys have gone")
    void opensWhatWasReadBeforeItsKeysWent() throws Exception {
        CredentialId id = store.addCredential(ACME, PROVIDER, credential("main", "s-old"));
        store.rotateCredential(ACME, PROVIDER, id, secret("s-new"), Duration.ofHours(1));
        BactrianStore other = open(settings);
        StoredCredential read =
                other.provider(ACME, OPENAI).orElseThrow().credentials().get(0);

        String old = store.keys().rotateKeyEncryptionKey().from();
        store.keys().rotateDataKey(ACME);
        rewrap(store);
        store.keys().retire(old);
        store.keys().retire(ACME, 1);
        rewrap(other);

        assertThat(valueOf(read)).isEqualTo("s-new");
        assertThat(read.previous().orElseThrow().open().secret("api_key").map(Secret::reveal))
                .contains("s-old");
        assertThat(other.unreadableCount()).isZero();
    }

    @Test
    @DisplayName("Machines with copies of the key file know a key before any of them wraps with it")
    void preparesAKeyBeforeItWraps() throws Exception {
        Path copy = folder.resolve("copy.key");
        Files.copy(keyFile(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        BactrianStore other = open(settings.withKey(new KeySource.KeyFile(StoreSettings.KEY_FILE, copy)));
        String old = primary(store);

        String prepared = store.keys().prepareKeyEncryptionKey();
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        assertThat(kekIds()).containsExactly(old);
        assertThat(kek(store, prepared).held()).isTrue();
        Files.copy(keyFile(), copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        assertThat(store.keys().promoteKeyEncryptionKey(prepared)).isEqualTo(new KeyRing.Rotation(old, prepared));
        rewrap(store);

        assertThat(kekIds()).containsExactly(prepared);
        assertThat(secrets(other, ACME, OPENAI)).containsExactly("s-acme");
        refused(ErrorCode.INVALID_PARAM, () -> store.keys().promoteKeyEncryptionKey("00000000"));
    }

    @Test
    void rotatesAKeyGivenFromOutsideByTheOldAndTheNewOne() throws Exception {
        KeySource old = new KeySource.Value("the environment variable K", KeySource.newKey());
        KeySource fresh = new KeySource.Value("the environment variable K", KeySource.newKey());
        StoreSettings before =
                StoreSettings.inMemory("env" + java.util.UUID.randomUUID()).withKey(old);
        BactrianStore first = open(before);
        first.putTenant(new TenantRecord(ACME, "Acme", true));
        first.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        String oldId = primary(first);
        assertThatThrownBy(() -> first.keys().rotateKeyEncryptionKey())
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the environment variable K")
                .hasMessageContaining("bactrian.store.key-previous")
                .hasMessageContaining("openssl rand -base64 32");

        BactrianStore both = open(before.withKey(new KeySource.WithPrevious(fresh, List.of(old))));
        assertThat(secrets(both, ACME, OPENAI)).containsExactly("s-acme");
        both.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        both.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        assertThat(rewrap(both)).isEqualTo(new KeyRing.Progress(1, 0, 0, 0, 0));
        both.keys().retire(oldId);

        BactrianStore after = open(before.withKey(fresh));
        assertThat(secrets(after, ACME, OPENAI)).containsExactly("s-acme");
        assertThat(secrets(after, GLOBEX, OPENAI)).containsExactly("s-globex");
        // a node that was not told of the new key wraps nothing with the retired one, and says why
        assertThat(kek(first, oldId).retired()).isTrue();
        TenantId third = new TenantId("third");
        first.putTenant(new TenantRecord(third, "Third", true));
        assertThatThrownBy(() -> first.addCredential(third, PROVIDER, credential("main", "canary-s")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("was retired")
                .hasMessageContaining("the environment variable K");
    }

    @Test
    void movesAKeyFromItsFileToAVault() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        KeySource vault = new KeySource.Value(StoreSettings.KEY, KeySource.newKey());

        BactrianStore moved = open(settings.withKey(new KeySource.WithPrevious(vault, List.of(settings.key()))));
        rewrap(moved);

        assertThat(secrets(open(settings.withKey(vault)), ACME, OPENAI)).containsExactly("s-acme");
    }

    @Test
    void goesOnWithTheKeyItHasWhenTheFileBecomesUseless() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        String whole = Files.readString(keyFile());
        PrivateFiles.replace(keyFile(), "garbage", "a test");

        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-acme");
        assertThatThrownBy(() -> store.keys().rotateKeyEncryptionKey())
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageNotContaining("garbage");
        assertThat(Files.readString(keyFile()))
                .as("what cannot be read is not replaced")
                .isEqualTo("garbage");

        PrivateFiles.replace(keyFile(), whole, "a test");
        assertThat(store.keys().rotateKeyEncryptionKey().to()).isEqualTo(primary(store));
    }

    @Test
    @DisplayName("CRED-10: a rotation does not make the key of another purpose this one's")
    void keepsPurposesApartWhenAKeyIsReadAnew() throws Exception {
        Secret others = KeySource.newKey();
        BactrianStore careful = open(settings.withOtherKeys(List.of(new KeySource.Value("the signing key", others))));
        String before = primary(careful);

        PrivateFiles.replace(keyFile(), others.reveal(), "a test");

        assertThat(primary(careful)).isEqualTo(before);
    }

    @Test
    void takesRotationsDown() {
        store.keys().rotateKeyEncryptionKey();
        store.keys().rotateDataKey(ACME);
        rewrap(store);
        refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 7));

        assertThat(store.latest(10))
                .extracting(AuditEvent::actor, AuditEvent::action, AuditEvent::outcome)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("operator", "key.retire", "invalid_param"),
                        org.assertj.core.api.Assertions.tuple("operator", "key.rewrap", "done"),
                        org.assertj.core.api.Assertions.tuple("operator", "key.rotate", "done"),
                        org.assertj.core.api.Assertions.tuple("operator", "key.rotate", "done"));
    }

    @Test
    void refusesABatchOutOfRange() {
        for (int size : new int[] {-1, 0, 1001}) {
            refused(ErrorCode.INVALID_PARAM, () -> store.keys().rewrap(progress -> {}, size));
        }
    }

    @Test
    void printsNoKey() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        store.keys().rotateKeyEncryptionKey();
        String file = Files.readString(keyFile());
        for (var matcher = java.util.regex.Pattern.compile("\"value\":\"([^\"]+)\"")
                        .matcher(file);
                matcher.find(); ) {
            assertThat(store.keys().status() + " " + store.keys().status(ACME) + store.latest(5))
                    .doesNotContain(matcher.group(1));
        }
        assertThat(file).contains("\"value\":");
    }
}
