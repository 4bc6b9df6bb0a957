package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.contract.UploadNoncesContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Used tickets in a database that two nodes have open. */
abstract class StoredUploadNoncesContract extends UploadNoncesContract {

    private final TestClock clock = new TestClock(MONDAY);

    private StoreSettings settings;
    private BactrianStore store;
    private BactrianStore other;

    /** A database without tenants. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        settings = settings();
        store = BactrianStore.open(settings, clock);
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        other = BactrianStore.open(settings, clock);
    }

    @AfterEach
    void close() {
        other.close();
        store.close();
    }

    @Override
    protected UploadNonces nonces() {
        return store.uploadNonces(MOST);
    }

    @Override
    protected UploadNonces onAnotherNode() {
        return other.uploadNonces(MOST);
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }

    @Test
    void refusesTicketsOfATenantThatIsNotThere() {
        refused(ErrorCode.TENANT_NOT_FOUND, () -> nonces().use(new TenantId("gone"), "n1", MONDAY.plusSeconds(60)));
    }

    @Test
    void forgetsThemWithTheirTenant() {
        assertThat(nonces().use(ACME, "n1", MONDAY.plusSeconds(60))).isTrue();

        store.removeTenant(ACME);
        store.putTenant(new TenantRecord(ACME, "Acme", true));

        assertThat(nonces().use(ACME, "n1", MONDAY.plusSeconds(60))).isTrue();
    }
}
