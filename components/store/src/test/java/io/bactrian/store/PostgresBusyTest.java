package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** More callers than connections, and callers who are in each other's way. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresBusyTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final PostgresServer server = PostgresServer.shared();
    private final String name = server.database();
    private final StoreSettings settings = server.settings(name);
    private final JdbcTemplate burglar = server.burglar(name);
    private final ExecutorService callers = Executors.newFixedThreadPool(102);
    private PostgresDialect dialect;
    private Database database;

    @BeforeEach
    void open() {
        dialect = PostgresDialect.connect(settings);
        database = new Database(dialect.user(), dialect.snapshotIsolation(), Database.Pool.ofCalls(4));
        burglar.execute("CREATE TABLE box (id INT PRIMARY KEY, content INT NOT NULL)");
        burglar.execute("INSERT INTO box VALUES (1, 0), (2, 0)");
        burglar.execute("CREATE SEQUENCE attempts");
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        database.close();
        dialect.close();
    }

    private long attempts() {
        return burglar.queryForObject(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM attempts", Long.class);
    }

    private void addTo(int id) {
        database.sql("UPDATE box SET content = content + 1 WHERE id = :id")
                .param("id", id)
                .update();
    }

    @Test
    @DisplayName(
            "DB-03: with two connections in use a hundred callers are refused in time, and what is known still serves")
    void refusesCallersForWhomThereIsNoConnection() throws Exception {
        String hash = ApiKeyStoreContract.sha256("one");
        try (BactrianStore store = BactrianStore.open(settings.withPoolSize(2), Clock.systemUTC());
                BactrianStore elsewhere = BactrianStore.open(settings, Clock.systemUTC());
                Connection holder = burglar.getDataSource().getConnection()) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
            store.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), hash);
            assertThat(store.apiKey(hash)).isPresent();
            assertThat(store.tenant(ACME)).isPresent();
            CountDownLatch refusals = new CountDownLatch(100);
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE provider_credentials IN ACCESS EXCLUSIVE MODE");
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(callers.submit(() -> {
                    refused(ErrorCode.STORE_UNAVAILABLE, () -> store.provider(ACME, OPENAI));
                    refusals.countDown();
                }));
            }
            // two wait in the database, the others for their connections
            await().atMost(SOON)
                    .until(() ->
                            burglar.queryForObject("SELECT COUNT(*) FROM pg_locks WHERE NOT granted", Long.class) == 2);
            assertThat(store.apiKey(hash)).isPresent();
            assertThat(store.tenant(ACME)).isPresent();
            assertThat(store.health().reachable()).isTrue();
            long before = store.version(GLOBEX);
            elsewhere.putTenant(new TenantRecord(GLOBEX, "Globex, changed elsewhere", true));
            await().atMost(SOON).until(() -> store.version(GLOBEX) > before);

            assertThat(refusals.await(30, TimeUnit.SECONDS)).isTrue();
            for (Future<?> one : waiting) {
                one.get();
            }
            holder.rollback();
            assertThat(store.tenants()).hasSize(2);
        }
    }

    @Test
    @DisplayName("DB-03: a route's own transaction keeps no connection of ours until it ends")
    void keepsNoConnectionForSomebodyElsesTransaction() throws Exception {
        // what Spring has of a transaction of a broker or of another database
        try (BactrianStore store = BactrianStore.open(settings.withPoolSize(2), Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            CountDownLatch asked = new CountDownLatch(20);
            CountDownLatch done = new CountDownLatch(1);
            List<Future<?>> routes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                routes.add(callers.submit(() -> {
                    TransactionSynchronizationManager.initSynchronization();
                    TransactionSynchronizationManager.setActualTransactionActive(true);
                    try {
                        assertThat(store.tenants()).hasSize(1);
                        assertThat(store.provider(ACME, OPENAI)).isEmpty();
                        asked.countDown();
                        return awaited(done);
                    } finally {
                        TransactionSynchronizationManager.clear();
                    }
                }));
            }

            assertThat(asked.await(60, TimeUnit.SECONDS))
                    .as("twenty slow calls on two connections")
                    .isTrue();

            done.countDown();
            for (Future<?> route : routes) {
                route.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void saysThatConnectionsAreShort() throws Exception {
        CountDownLatch held = new CountDownLatch(4);
        CountDownLatch done = new CountDownLatch(1);
        List<Future<?>> holders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            holders.add(callers.submit(() -> database.write(() -> {
                held.countDown();
                return awaited(done);
            })));
        }
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(refused(ErrorCode.STORE_UNAVAILABLE, () -> database.write(() -> 1)))
                .hasMessageContaining("bactrian.store.pool-size");

        done.countDown();
        for (Future<?> holder : holders) {
            holder.get(20, TimeUnit.SECONDS);
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("DB-09: of two that are in each other's way both get through")
    void getsBothThroughThatAreInEachOthersWay() throws Exception {
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int first : new int[] {1, 2}) {
            AtomicInteger attempt = new AtomicInteger();
            running.add(callers.submit(() -> database.write(() -> {
                runs.incrementAndGet();
                addTo(first);
                if (attempt.getAndIncrement() == 0) {
                    meet(bothHaveOne);
                }
                addTo(3 - first);
                return first;
            })));
        }
        for (Future<?> one : running) {
            one.get(30, TimeUnit.SECONDS);
        }

        assertThat(runs).as("one was the victim and tried again").hasValueGreaterThan(2);
        assertThat(burglar.queryForList("SELECT content FROM box", Integer.class))
                .containsExactly(2, 2);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("DB-09: one that is rolled back for the sake of others every time is given up after a few tries")
    void givesUpAfterAFewTries() {
        burglar.execute("CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM nextval('attempts');"
                + " RAISE EXCEPTION 'collided' USING ERRCODE = 'serialization_failure'; END $$");
        burglar.execute("CREATE TRIGGER collide BEFORE UPDATE ON box FOR EACH ROW EXECUTE FUNCTION collide()");

        assertThat(refused(
                        ErrorCode.STORE_UNAVAILABLE,
                        () -> database.write(() -> {
                            addTo(1);
                            return 1;
                        })))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("at the same time");

        assertThat(attempts()).isEqualTo(Database.ATTEMPTS);
    }

    @Test
    @DisplayName("DB-09: one that collides while it commits is tried again: it was rolled back for certain")
    void triesAgainWhatCollidedWhileItCommitted() {
        burglar.execute("CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF nextval('attempts') < 3 THEN"
                + " RAISE EXCEPTION 'collided' USING ERRCODE = 'deadlock_detected'; END IF; RETURN NULL; END $$");
        burglar.execute("CREATE CONSTRAINT TRIGGER collide AFTER UPDATE ON box DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION collide()");

        database.write(() -> {
            addTo(1);
            return 1;
        });

        assertThat(attempts()).isEqualTo(3);
        assertThat(burglar.queryForObject("SELECT content FROM box WHERE id = 1", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void givesEverySessionItsLimits() {
        assertThat(setting("statement_timeout")).isEqualTo("5s");
        assertThat(setting("lock_timeout")).isEqualTo("3s");
        assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("10s");
        assertThat(setting("application_name")).isEqualTo("bactrian");
    }

    private String setting(String of) {
        return database.answer(() -> database.sql("SELECT current_setting(:of)")
                .param("of", of)
                .query(String.class)
                .single());
    }

    @Test
    @DisplayName("A change that waits for a lock is refused in time, and nothing of it is left")
    void refusesAChangeThatWaitsTooLong() throws Exception {
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
                Connection holder = burglar.getDataSource().getConnection()) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT * FROM config_versions WHERE tenant_id = 'acme' FOR UPDATE");

            assertThat(refused(
                            ErrorCode.STORE_UNAVAILABLE,
                            () -> store.addCredential(ACME, PROVIDER, credential("main", "s"))))
                    .hasMessageContaining("in time");

            holder.rollback();
            assertThat(store.provider(ACME, OPENAI)).isEmpty();
            store.addCredential(ACME, PROVIDER, credential("main", "s"));
        }
    }
}
