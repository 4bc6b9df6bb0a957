package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.testkit.contract.ApprovalStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Approvals in a database that two nodes have open. */
abstract class StoredApprovalsContract extends ApprovalStoreContract {

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
    protected ApprovalStore approvals() {
        return store.approvals();
    }

    @Override
    protected ApprovalStore onAnotherNode() {
        return other.approvals();
    }
}
