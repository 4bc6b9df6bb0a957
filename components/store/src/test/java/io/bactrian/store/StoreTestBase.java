package io.bactrian.store;

import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.contract.StoreFixture;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;

/** A store in memory, and the database below it as somebody sees it who has broken into it. */
abstract class StoreTestBase implements StoreFixture {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T10:11:12.123456Z"), ZoneOffset.UTC);

    final StoreSettings settings = StoreSettings.inMemory("t" + UUID.randomUUID());
    private final List<AutoCloseable> opened = new ArrayList<>();
    BactrianStore store;
    JdbcTemplate burglar;

    @BeforeEach
    void open() {
        store = openAnother(settings);
        burglar = burglar(settings);
        addTenants();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    BactrianStore openAnother(StoreSettings other) {
        BactrianStore another = BactrianStore.open(other, CLOCK);
        opened.add(another);
        return another;
    }

    JdbcTemplate burglar(StoreSettings of) {
        H2Dialect dialect = H2Dialect.inMemory(of.url());
        opened.add(dialect);
        return new JdbcTemplate(dialect.owner());
    }

    @Override
    public ConfigurationStore store() {
        return store;
    }

    @Override
    public ApiKeyStore apiKeys() {
        return store;
    }

    @Override
    public AuditLog auditLog() {
        return store;
    }

    StoredCredential stored(TenantId tenant, CredentialId id) {
        return Stream.concat(
                        openai(tenant).credentials().stream(),
                        openai(tenant).models().stream().flatMap(model -> model.credentials().stream()))
                .filter(credential -> credential.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static CredentialUnreadableException unreadable(StoredCredential credential) {
        CredentialUnreadableException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                CredentialUnreadableException.class, credential::open);
        org.assertj.core.api.Assertions.assertThat(error)
                .as("a credential that does not open")
                .isNotNull();
        return error;
    }
}
