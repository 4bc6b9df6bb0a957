package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.testkit.contract.OAuthStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OAuth 2 needs in a database that two nodes have open. */
abstract class StoredOAuthContract extends OAuthStoreContract {

    private static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.BUILTIN, "mail");

    private final TestClock clock = new TestClock(MONDAY);

    private BactrianStore store;
    private BactrianStore other;

    /** A database without tenants. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        StoreSettings settings = settings();
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
    protected OAuthStore store() {
        return store.oauth();
    }

    @Override
    protected OAuthStore onAnotherNode() {
        return other.oauth();
    }

    @Test
    void refusesTenantsThatAreNotThere() {
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().putClient(NOBODY, MAIL, secret("s")));
    }

    @Test
    void goesWithItsTenant() {
        store().putClient(ACME, MAIL, secret("s"));

        assertThat(store.removeTenant(ACME)).isTrue();

        assertThat(store().client(ACME, MAIL)).isEmpty();
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        assertThat(onAnotherNode().client(ACME, MAIL)).isEmpty();
    }
}
