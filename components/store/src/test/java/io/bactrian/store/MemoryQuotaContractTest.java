package io.bactrian.store;

import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.testkit.contract.QuotaLedgerContract;
import java.time.Duration;
import java.time.Instant;

class MemoryQuotaContractTest extends QuotaLedgerContract {

    private final TestClock clock = new TestClock(Instant.parse(MONDAY));
    private final QuotaLedger ledger = new MemoryQuotaLedger(
            new Alarm(alerts, Alarm.USUAL), clock, () -> clock.instant().toEpochMilli() * 1_000_000);

    @Override
    protected QuotaLedger ledger() {
        return ledger;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
