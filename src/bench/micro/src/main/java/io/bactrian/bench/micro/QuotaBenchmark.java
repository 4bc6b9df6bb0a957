package io.bactrian.bench.micro;

import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaOutcome;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reserving what a call may use in two budgets, and settling it: in memory, and from a lease of accounts in a database. */
@State(Scope.Benchmark)
public class QuotaBenchmark {

    /** More than a ledger remembers: each is a call of its own. */
    private static final int IDS = 1 << 16;

    private static final Duration EXPIRES_IN = Duration.ofMinutes(5);

    /** Where the accounts are. */
    @Param({"memory", "leased"})
    public String accounts;

    private final ReservationKey[] keys = new ReservationKey[IDS];
    private QuotaLedger ledger;
    private @Nullable BactrianStore store;
    private List<Charge> charges;
    private int turn;

    /** Opens the accounts. */
    @Setup
    public void setUp() {
        for (int i = 0; i < IDS; i++) {
            keys[i] = new ReservationKey(new RequestId("call-" + i), 0);
        }
        if ("leased".equals(accounts)) {
            store = BactrianStore.open(StoreSettings.inMemory("bench-" + UUID.randomUUID()), Clock.systemUTC());
            TenantId tenant = Scripted.addTenants(store, 1, 1)[0];
            ledger = store.quotas(Alarm.SILENT, System::nanoTime);
            charges = charges(tenant);
        } else {
            ledger = new MemoryQuotaLedger(Alarm.SILENT, Clock.systemUTC(), System::nanoTime);
            charges = charges(new TenantId("acme"));
        }
    }

    private static List<Charge> charges(TenantId tenant) {
        List<QuotaLimit> limits = Rules.budgets().of(tenant, null);
        return List.of(new Charge(limits.get(0), 1), new Charge(limits.get(1), 4_200));
    }

    /** Closes them. */
    @TearDown
    public void tearDown() {
        ledger.close();
        if (store != null) {
            store.close();
        }
    }

    /** Reserves and settles. */
    @Benchmark
    public boolean reserveAndSettle() {
        turn = (turn + 1) & (IDS - 1);
        QuotaOutcome outcome = ledger.tryReserve(keys[turn], charges, EXPIRES_IN);
        return ledger.settle((Reservation) outcome, 1, 285);
    }
}
