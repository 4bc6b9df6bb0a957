package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.testkit.contract.ToolCredentialStoreContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Credentials of tool providers in a database that two nodes have open. */
abstract class StoredToolCredentialsContract extends ToolCredentialStoreContract {

    /** A second is promised; a busy machine may take longer to get round to it. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestClock clock = new TestClock(MONDAY);

    private StoreSettings settings;
    private BactrianStore store;
    private BactrianStore other;

    /** A database without tenants. */
    abstract StoreSettings settings();

    /** What kind of database it is. */
    abstract Databases kind();

    @BeforeEach
    void open() {
        settings = settings();
        store = BactrianStore.open(settings, clock);
        other = BactrianStore.open(settings, clock);
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
    }

    @AfterEach
    void close() {
        other.close();
        store.close();
    }

    @Override
    protected ToolCredentialStore store() {
        return store.toolCredentials();
    }

    @Override
    protected ToolCredentialStore onAnotherNode() {
        return other.toolCredentials();
    }

    private CredentialId add(String name, String value) {
        return store().add(ACME, WEB, NewToolCredential.ofApiKey(new CredentialName(name), secret(value)));
    }

    private List<Credentials> onTheOther() throws Exception {
        List<Credentials> values = new java.util.ArrayList<>();
        for (ToolCredential credential : onAnotherNode().credentials(ACME, WEB.type(), WEB.provider())) {
            values.add(credential.stored().open());
        }
        return values;
    }

    @Test
    void refusesTenantsThatAreNotThere() {
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().add(
                        NOBODY, WEB, NewToolCredential.ofApiKey(new CredentialName("main"), secret("s"))));

        assertThat(store().renew(NOBODY, WEB, new CredentialId("x"), 0, secret("s"), null))
                .isFalse();
    }

    @Test
    @DisplayName("CACHE-01: what is changed on one node is in force on the others")
    void isInForceOnEveryNode() throws Exception {
        assertThat(onTheOther()).isEmpty();
        CredentialId id = add("main", "s-1");
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).containsExactly(secret("s-1")));

        store().renew(ACME, WEB, id, 1, secret("s-2"), null);
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).containsExactly(secret("s-2")));
        assertThat(onAnotherNode().find(ACME, WEB, id).orElseThrow().stored().open())
                .isEqualTo(secret("s-2"));

        store().remove(ACME, WEB, id);
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).isEmpty());
    }

    @Test
    void findsWhatIsThereNowWhateverIsRemembered() throws Exception {
        CredentialId id = add("main", "s-1");
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).hasSize(1));

        store().update(ACME, WEB, id, 1, new CredentialName("main"), secret("s-2"));

        assertThat(onAnotherNode().find(ACME, WEB, id).orElseThrow().stored().open())
                .isEqualTo(secret("s-2"));
    }

    @Test
    void asksTheDatabaseNothingForAWarmCall() throws Exception {
        add("main", "s-1");
        await().atMost(SOON).until(() -> other.version(ACME) == store.version(ACME));
        onTheOther();
        try (Dialect dialect = kind().dialect(settings)) {
            JdbcTemplate database = Databases.burglar(dialect);
            database.execute("ALTER TABLE tool_builtin_providers RENAME TO hidden");

            for (int i = 0; i < 100; i++) {
                assertThat(onTheOther()).containsExactly(secret("s-1"));
            }

            database.execute("ALTER TABLE hidden RENAME TO tool_builtin_providers");
        }
    }

    @Test
    @DisplayName("CACHE-06: with a tenant go its credentials, on every node")
    void goesWithItsTenant() throws Exception {
        CredentialId id = add("main", "s-1");
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).hasSize(1));
        store().beginRenewal(ACME, WEB, id, 1, "node", MONDAY, MONDAY.plusSeconds(60));

        assertThat(store.removeTenant(ACME)).isTrue();

        assertThat(store().credentials(ACME, WEB.type(), WEB.provider())).isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(onTheOther()).isEmpty());
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        assertThat(store().providers(ACME)).isEmpty();
        assertThat(store().find(ACME, WEB, id)).isEmpty();
    }
}
