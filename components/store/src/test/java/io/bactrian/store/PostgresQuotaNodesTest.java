package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.LeaseTerms;
import io.bactrian.core.quota.LeasedQuotaLedger;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaLeases;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.tenant.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;

/** Quotas of two nodes on one database, by the time of that database. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresQuotaNodesTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final LeaseTerms SHORT =
            new LeaseTerms(Duration.ofSeconds(2), Duration.ofMillis(100), 100, Duration.ofMillis(500));

    // so that no report is under way when something happens
    private static final LeaseTerms RARELY =
            new LeaseTerms(Duration.ofSeconds(20), Duration.ofSeconds(5), 100, Duration.ofSeconds(20));

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.database();
    private final StoreSettings settings = server.settings(database);
    private final JdbcTemplate burglar = server.burglar(database);
    private final AtomicLong ids = new AtomicLong();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private BactrianStore first;
    private BactrianStore second;

    @BeforeEach
    void open() {
        first = BactrianStore.open(settings, Clock.systemUTC());
        second = BactrianStore.open(settings, Clock.systemUTC());
        first.putTenant(new TenantRecord(ACME, "Acme", true));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        first.close();
        second.close();
    }

    private LeasedQuotaLedger node(BactrianStore store) {
        return node(store, SHORT);
    }

    private LeasedQuotaLedger node(BactrianStore store, LeaseTerms terms) {
        return node(new Mortal(store.quotaTable("node", null)), terms);
    }

    private LeasedQuotaLedger node(Mortal accounts, LeaseTerms terms) {
        String node = UUID.randomUUID().toString();
        LeasedQuotaLedger ledger = LeasedQuotaLedger.open(
                accounts,
                terms,
                new Alarm((limit, percent, amount) -> told.add(percent + "%"), Alarm.USUAL),
                System::nanoTime,
                () -> node + "-" + ids.incrementAndGet());
        opened.add(ledger);
        return ledger;
    }

    /** The accounts as a node sees them that may be killed: nothing comes from it after that. */
    private static final class Mortal implements QuotaLeases {

        private final QuotaLeases table;
        private volatile boolean dead;

        Mortal(QuotaLeases table) {
            this.table = table;
        }

        void kill() {
            dead = true;
        }

        private QuotaLeases alive() {
            if (dead) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "this node is dead");
            }
            return table;
        }

        @Override
        public Answer lease(Ask ask) {
            return alive().lease(ask);
        }

        @Override
        public List<Noted> report(List<Report> reports) {
            return alive().report(reports);
        }

        @Override
        public boolean raise(QuotaLimit limit, Instant windowStart, int from, int to) {
            return alive().raise(limit, windowStart, from, to);
        }

        @Override
        public void reap() {
            alive().reap();
        }

        @Override
        public QuotaUsage usage(QuotaLimit limit) {
            return alive().usage(limit);
        }
    }

    private static QuotaLimit times(String name, long limit) {
        return new QuotaLimit(
                new QuotaAccount.Budget(ACME, null, name), QuotaUnit.TIMES, limit, new QuotaPeriod.Unbounded());
    }

    private boolean call(QuotaLedger ledger, QuotaLimit limit) {
        ReservationKey key = new ReservationKey(new RequestId("r-" + ids.incrementAndGet()), 0);
        if (ledger.tryReserve(key, List.of(new Charge(limit, 1)), Duration.ofMinutes(1))
                instanceof Reservation reservation) {
            assertThat(ledger.settle(reservation, 1)).isTrue();
            return true;
        }
        return false;
    }

    private boolean calledOrDead(QuotaLedger ledger, QuotaLimit limit) {
        try {
            return call(ledger, limit);
        } catch (UnavailableException e) {
            return false;
        }
    }

    private Map<String, Object> row(QuotaLimit limit) {
        return burglar.queryForMap(
                "SELECT used, leased FROM quota_accounts WHERE account = ?",
                limit.account().key());
    }

    @Test
    @DisplayName("CONC-01: two nodes, 64 callers, a limit: exactly as many succeed as it allows, time and again")
    void letsExactlyAsManyInAsTheLimitAllows() throws Exception {
        LeasedQuotaLedger one = node(first);
        LeasedQuotaLedger two = node(second);
        for (int limitOf : new int[] {1, 63, 1_000, 1_000, 5_000, 997}) {
            QuotaLimit limit = times("n" + ids.incrementAndGet(), limitOf);
            AtomicInteger turn = new AtomicInteger();
            List<Integer> successes = Together.run(64, () -> {
                QuotaLedger mine = turn.getAndIncrement() % 2 == 0 ? one : two;
                int mineOnes = 0;
                while (call(mine, limit)) {
                    mineOnes++;
                }
                return mineOnes;
            });
            assertThat(successes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(limitOf);
            QuotaUsage usage = one.usage(limit);
            assertThat(usage.used() + usage.held()).isEqualTo(limitOf);
            assertThat(two.usage(limit).used()).isEqualTo(limitOf);
            assertThat(row(limit)).containsEntry("used", (long) limitOf).containsEntry("leased", 0L);
        }
    }

    @Test
    @DisplayName("CRASH-01: of a node that died no more than its lease is lost, and the limit is kept")
    void keepsTheLimitWhenANodeDies() {
        QuotaLimit limit = times("killed", 1_000);
        Mortal accounts = new Mortal(first.quotaTable("dies", null));
        LeasedQuotaLedger dies = node(accounts, SHORT);
        LeasedQuotaLedger lives = node(second);
        int ofTheDead = 0;
        for (int i = 0; i < 105; i++) {
            ofTheDead += call(dies, limit) ? 1 : 0;
        }
        accounts.kill();
        assertThat(ofTheDead).isEqualTo(105);

        int ofTheLiving = 0;
        while (call(lives, limit)) {
            ofTheLiving++;
        }
        assertThat(ofTheDead + ofTheLiving).isLessThanOrEqualTo(1_000);
        assertThat(1_000 - ofTheDead - ofTheLiving)
                .as("a hundredth of the limit at most")
                .isLessThanOrEqualTo(10);

        await().atMost(SOON).untilAsserted(() -> assertThat(row(limit))
                .as("what it had leased and not told of counts as used")
                .containsEntry("used", 1_000L)
                .containsEntry("leased", 0L));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(burglar.queryForObject("SELECT COUNT(*) FROM quota_leases", Long.class))
                        .isZero());
        assertThat(call(lives, limit)).isFalse();
    }

    @Test
    @DisplayName(
            "CRASH-01: a node that is abandoned in the middle of calls, again and again, never has the limit passed")
    void keepsTheLimitUnderNodesThatDieAllTheTime() throws Exception {
        QuotaLimit limit = times("killed-again", 2_000);
        AtomicInteger successes = new AtomicInteger();
        for (int round = 0; round < 5; round++) {
            Mortal accounts = new Mortal((round % 2 == 0 ? first : second).quotaTable("dies", null));
            LeasedQuotaLedger dies = node(accounts, SHORT);
            AtomicInteger calls = new AtomicInteger();
            Together.run(8, () -> {
                while (calls.incrementAndGet() < 200) {
                    if (calls.get() == 150) {
                        accounts.kill();
                    }
                    if (calledOrDead(dies, limit)) {
                        successes.incrementAndGet();
                    }
                }
                return 0;
            });
            accounts.kill();
        }
        LeasedQuotaLedger lives = node(first);
        while (call(lives, limit)) {
            successes.incrementAndGet();
        }
        assertThat(successes).hasValueLessThanOrEqualTo(2_000).hasValueGreaterThanOrEqualTo(2_000 - 5 * 20);
        await().atMost(SOON).untilAsserted(() -> assertThat(row(limit)).containsEntry("leased", 0L));
        assertThat(row(limit)).containsEntry("used", 2_000L);
    }

    @Test
    void givesBackWhatItDoesNotNeedSoThatOthersMayHaveIt() {
        QuotaLimit limit = times("idle", 100_000);
        LeasedQuotaLedger one = node(first);
        LeasedQuotaLedger two = node(second);
        assertThat(call(one, limit)).isTrue();
        assertThat(one.usage(limit).held()).as("a block of a hundredth").isEqualTo(999);

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(row(limit)).containsEntry("used", 1L).containsEntry("leased", 0L));
        assertThat(two.usage(limit).left()).isEqualTo(99_999);
    }

    @Test
    void tellsOfEachThresholdOnceOverAllNodes() {
        QuotaLimit limit = times("told", 100);
        LeasedQuotaLedger one = node(first);
        LeasedQuotaLedger two = node(second);
        boolean more = true;
        while (more) {
            more = call(one, limit) | call(two, limit);
            one.usage(limit);
            two.usage(limit);
        }
        assertThat(told).containsExactly("80%", "100%");
    }

    @Test
    @DisplayName("The database itself refuses what would pass a limit")
    void hasTheLimitCheckedByTheDatabase() {
        QuotaLimit limit = times("checked", 10);
        LeasedQuotaLedger one = node(first);
        assertThat(call(one, limit)).isTrue();

        assertThatThrownBy(() -> burglar.update("UPDATE quota_accounts SET leased = 1000"))
                .hasMessageContaining("quota_accounts_allowed");
        assertThatThrownBy(() -> burglar.update("UPDATE quota_leases SET amount = -1"))
                .hasMessageContaining("quota_leases_counts");
    }

    @Test
    @DisplayName("DB-01: with the database away calls go on by the lease, and then are refused")
    void refusesWhenTheDatabaseIsAwayAndTheLeaseIsSpent() throws Exception {
        try (TcpProxy proxy = new TcpProxy(server.port());
                BactrianStore behind = BactrianStore.open(
                        StoreSettings.postgres(
                                PostgresServer.url("localhost", proxy.port(), database),
                                PostgresServer.login(),
                                settings.key()),
                        Clock.systemUTC())) {
            QuotaLimit limit = times("away", 10_000);
            LeasedQuotaLedger cut = node(behind, RARELY);
            assertThat(call(cut, limit)).isTrue();

            proxy.refuse(true);
            int onLease = 0;
            while (onLease < 99 && call(cut, limit)) {
                onLease++;
            }
            assertThat(onLease).isEqualTo(99);
            refused(ErrorCode.STORE_UNAVAILABLE, () -> call(cut, limit));

            proxy.refuse(false);
            await().atMost(SOON).ignoreExceptions().until(() -> call(cut, limit));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat((long) row(limit).get("used")).isGreaterThanOrEqualTo(101));
        }
    }
}
