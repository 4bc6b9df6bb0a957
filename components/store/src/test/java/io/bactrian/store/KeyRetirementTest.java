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

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CRED-09: a key goes when nothing needs it, and not before. */
class KeyRetirementTest extends KeyFixture {

    @Test
    @DisplayName("CRED-09: a key-encryption key that data keys need is refused, with their number")
    void refusesAKeyEncryptionKeyThatDataKeysNeed() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("main", "s-acme"));
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        KeyRing.Rotation rotation = store.keys().rotateKeyEncryptionKey();
        String file = Files.readString(keyFile());

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(rotation.from())))
                .hasMessageContaining("2 data keys need it")
                .hasMessageContaining("key rewrap");

        assertThat(Files.readString(keyFile())).isEqualTo(file);
        assertThat(kek(store, rotation.from()).retired()).isFalse();
        rewrap(store);
        store.keys().retire(rotation.from());
        assertThat(Files.readString(keyFile())).isNotEqualTo(file);
        assertThat(kek(store, rotation.from()))
                .isEqualTo(new KeyRing.KeyEncryptionKeyStatus(rotation.from(), false, false, true, 0));
        assertThat(secrets(open(settings), ACME, OPENAI)).containsExactly("s-acme");
        // once more, as after a kill between the database and the file
        store.keys().retire(rotation.from());
    }

    @Test
    @DisplayName("CRED-09: a data key that credentials need is refused, with their number")
    void refusesADataKeyThatCredentialsNeed() throws Exception {
        store.addCredential(ACME, PROVIDER, credential("one", "s-1"));
        store.addCredential(ACME, PROVIDER, credential("two", "s-2"));
        store.addCredential(ACME, MODEL, credential("three", "s-3"));
        store.addCredential(GLOBEX, PROVIDER, credential("main", "s-globex"));
        store.keys().rotateDataKey(ACME);

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("3 credentials need it");

        rewrap(store);
        store.keys().retire(ACME, 1);
        assertThat(store.keys().status(ACME))
                .extracting(KeyRing.DataKeyStatus::version)
                .containsExactly(2);
        assertThat(secrets(store, ACME, OPENAI)).containsExactly("s-1", "s-2", "s-3");
        assertThat(store.keys().rotateDataKey(ACME)).as("no version twice").isEqualTo(3);
        assertThat(store.keys().status(GLOBEX)).hasSize(1);
    }

    @Test
    @DisplayName("CRED-09: the values before a rotation need their key for as long as they are valid")
    void refusesADataKeyThatPreviousValuesNeed() {
        CredentialId id = store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), Duration.ofHours(1));
        store.keys().rotateDataKey(ACME);
        store.keys().rewrap(progress -> {}, 10);
        // as if only the values in force had been written anew
        database.update("UPDATE provider_credentials SET previous_data_key_version = 1");

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("1 credential needs it");

        clock.advance(Duration.ofHours(1));
        store.keys().retire(ACME, 1);
        assertThat(database.queryForObject(
                        "SELECT COUNT(*) FROM provider_credentials WHERE previous_config IS NULL", Long.class))
                .isEqualTo(1);
    }

    @Test
    void refusesTheKeysInForceAndThoseThatNeverWere() {
        store.addCredential(ACME, PROVIDER, credential("main", "s-1"));

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(primary(store))))
                .hasMessageContaining("rotate it first");
        refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire("00000000"));
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("rotate it first");
        refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 2));
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store.keys().retire(NOBODY, 1));
    }

    @Test
    @DisplayName("CRED-09: a key that is retired while another node wraps with it has wrapped nothing when it is gone")
    void retiresNoKeyUnderTheHandsOfANodeThatWrapsWithIt() throws Exception {
        KeySource old = new KeySource.Value("setting K", KeySource.newKey());
        KeySource fresh = new KeySource.Value("setting K", KeySource.newKey());
        StoreSettings shared = StoreSettings.inMemory("r" + UUID.randomUUID());
        BactrianStore left = open(shared.withKey(old));
        BactrianStore ahead = open(shared.withKey(new KeySource.WithPrevious(fresh, List.of(old))));
        String oldId = primary(left);
        AtomicBoolean refused = new AtomicBoolean();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = pool.submit(() -> {
                for (int i = 0; i < 5_000 && !refused.get(); i++) {
                    TenantId tenant = new TenantId("t" + i);
                    left.putTenant(new TenantRecord(tenant, "T", true));
                    try {
                        left.addCredential(tenant, PROVIDER, credential("main", "s"));
                    } catch (MisconfiguredException e) {
                        refused.set(true);
                    }
                }
            });
            boolean retired = false;
            for (int i = 0; i < 1_000 && !retired; i++) {
                ahead.keys().rewrap(progress -> {}, 100);
                try {
                    ahead.keys().retire(oldId);
                    retired = true;
                } catch (BadRequestException e) {
                    assertThat(e).hasMessageContaining("it; run");
                }
            }

            assertThat(retired).isTrue();
            writing.get(120, TimeUnit.SECONDS);
            assertThat(refused).as("the node that was left behind is told").isTrue();
            assertThat(kek(ahead, oldId).dataKeys()).isZero();
        } finally {
            pool.shutdownNow();
        }
    }
}
