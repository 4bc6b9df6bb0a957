package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;

import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store in memory whose key is in a file, and the database below it. */
abstract class KeyFixture {

    @TempDir
    Path folder;

    final TestClock clock = new TestClock(StoreTestBase.CLOCK.instant());
    private final List<AutoCloseable> opened = new ArrayList<>();
    StoreSettings settings;
    BactrianStore store;
    JdbcTemplate database;

    @BeforeEach
    void open() {
        PrivateFiles.create(keyFile(), KeySource.newKey().reveal(), "a test");
        settings = StoreSettings.inMemory("k" + UUID.randomUUID())
                .withKey(new KeySource.KeyFile(StoreSettings.KEY_FILE, keyFile()));
        store = open(settings);
        H2Dialect dialect = H2Dialect.inMemory(settings.url());
        opened.add(dialect);
        database = new JdbcTemplate(dialect.owner());
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    Path keyFile() {
        return folder.resolve("key-encryption.key");
    }

    /** Another process on the same database. */
    BactrianStore open(StoreSettings other) {
        BactrianStore another = BactrianStore.open(other, clock);
        opened.add(another);
        return another;
    }

    /** The secrets of all credentials of a tenant at a provider. */
    static List<String> secrets(ConfigurationStore store, TenantId tenant, ProviderId provider)
            throws CredentialUnreadableException {
        List<String> secrets = new ArrayList<>();
        for (StoredCredential stored : all(store.provider(tenant, provider).orElseThrow())) {
            secrets.add(valueOf(stored));
        }
        return secrets;
    }

    static List<StoredCredential> all(ProviderRecord record) {
        return Stream.concat(
                        record.credentials().stream(),
                        record.models().stream().flatMap(model -> model.credentials().stream()))
                .toList();
    }

    static String valueOf(StoredCredential stored) throws CredentialUnreadableException {
        return stored.open().secret("api_key").map(Secret::reveal).orElseThrow();
    }

    static KeyRing.Progress rewrap(BactrianStore store) {
        return store.keys().rewrap(progress -> {}, 10);
    }

    String primary(BactrianStore of) {
        return of.keys().status().keyEncryptionKeys().stream()
                .filter(KeyRing.KeyEncryptionKeyStatus::primary)
                .map(KeyRing.KeyEncryptionKeyStatus::id)
                .findFirst()
                .orElseThrow();
    }

    KeyRing.KeyEncryptionKeyStatus kek(BactrianStore of, String id) {
        return of.keys().status().keyEncryptionKeys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    List<String> kekIds() {
        return database.queryForList("SELECT DISTINCT kek_id FROM data_keys", String.class);
    }
}
