package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.LeaseTerms;
import io.bactrian.core.quota.LeasedQuotaLedger;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.testkit.contract.QuotaLedgerContract;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Quotas in a database, one node, whose time passes as it is told to. */
abstract class StoredQuotaContract extends QuotaLedgerContract {

    private final TestClock clock = new TestClock(Instant.parse(MONDAY));
    private final AtomicLong leases = new AtomicLong();
    private BactrianStore store;
    private QuotaLedger ledger;

    /** A database without tenants. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        store = BactrianStore.open(settings(), clock);
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        ledger = LeasedQuotaLedger.open(
                store.quotaTable("node", clock::instant),
                LeaseTerms.USUAL,
                new Alarm(alerts, Alarm.USUAL),
                () -> clock.instant().toEpochMilli() * 1_000_000,
                () -> "lease-" + leases.incrementAndGet());
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Override
    protected QuotaLedger ledger() {
        return ledger;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
