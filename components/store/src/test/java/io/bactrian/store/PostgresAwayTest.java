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
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;

/** The server killed, cut off, silent, full or read-only: fast, typed refusals, and service again without a restart. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresAwayTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String HASH = ApiKeyStoreContract.sha256("one");
    private static final UserId ANN = new UserId("ann");

    private final PostgresServer server = PostgresServer.shared();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    private BactrianStore open(StoreSettings settings, Clock clock) {
        BactrianStore store = BactrianStore.open(settings, clock);
        opened.add(0, store);
        return store;
    }

    private TcpProxy proxy() {
        TcpProxy proxy = new TcpProxy(server.port());
        opened.add(proxy);
        return proxy;
    }

    private static StoreSettings through(TcpProxy proxy, String database) {
        return StoreSettings.postgres(
                PostgresServer.url("localhost", proxy.port(), database), PostgresServer.login(), PostgresServer.key());
    }

    private static void fill(BactrianStore store) {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putMember(ACME, new MemberRecord(ANN, Role.ADMIN));
        store.addCredential(ACME, PROVIDER, credential("main", "s-main"));
        store.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), HASH);
    }

    /** What every call asks of its tenant. */
    private static void assertServesWhatIsKnown(BactrianStore store) {
        assertThat(store.tenant(ACME)).isPresent();
        assertThat(store.managesMembers(ACME)).isTrue();
        assertThat(store.role(ACME, ANN)).contains(Role.ADMIN);
        assertThat(store.defaultModel(ACME, ModelType.LLM)).isEmpty();
        assertThat(store.apiKey(HASH)).isPresent();
    }

    private static void assertRefusesEverythingElse(BactrianStore store) {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("provider", () -> store.provider(ACME, OPENAI));
        calls.put("tenants", store::tenants);
        calls.put("apiKey", () -> store.apiKey(ApiKeyStoreContract.sha256("x")));
        calls.put("addCredential", () -> store.addCredential(ACME, PROVIDER, credential("other", "canary-77")));
        calls.put("append", () -> store.append(new AuditEvent(Instant.EPOCH, null, "a", "b", "c", "d")));
        // each waits for a connection: together
        calls.entrySet().parallelStream().forEach(entry -> {
            String name = entry.getKey();
            long started = System.nanoTime();
            InvokeException error = refused(ErrorCode.STORE_UNAVAILABLE, entry.getValue());
            assertThat(error).as(name).isInstanceOf(UnavailableException.class);
            assertThat(error.retriable()).isTrue();
            assertThat(String.valueOf(error)).doesNotContain("canary-77", "jdbc:", "localhost");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).as(name).isLessThan(Duration.ofSeconds(20));
        });
    }

    @Test
    @DisplayName("DB-01: killed under load and started again, nothing acknowledged is lost and no node is restarted")
    void losesNothingAcknowledgedWhenTheServerIsKilled() throws Exception {
        Path data = folder.resolve("pg");
        PostgresServer own = PostgresServer.start(data, 0);
        opened.add(own);
        BactrianStore store = open(own.settings(own.emptyDatabase()), Clock.systemUTC());
        fill(store);
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        assertServesWhatIsKnown(store);
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger refusals = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService load = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                writers.add(load.submit(() -> write(store, "w" + number + "-", acknowledged, refusals, done)));
            }
            await().atMost(SOON).until(() -> acknowledged.size() > 40);

            own.kill();

            await().atMost(SOON).until(() -> !store.health().reachable() && refusals.get() > 0);
            assertThat(store.health().servesUntil()).isNotNull();
            assertThat(store.silence()).isPositive();
            assertServesWhatIsKnown(store);
            assertRefusesEverythingElse(store);

            PostgresServer again = PostgresServer.start(data, own.port());
            opened.add(again);
            int before = acknowledged.size();
            await().atMost(SOON).until(() -> store.health().healthy());
            await().atMost(SOON).until(() -> acknowledged.size() > before + 20);
            assertThat(store.health().servesUntil()).isNull();
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            done.set(true);
            load.shutdownNow();
        }
        assertThat(store.provider(GLOBEX, OPENAI).orElseThrow().credentials())
                .extracting(
                        stored -> stored.open().secret("api_key").orElseThrow().reveal())
                .containsAll(acknowledged);
        assertThat(SeveralProcessesTest.secrets(store)).containsExactly("s-main");
    }

    private static int write(
            BactrianStore store, String prefix, Set<String> acknowledged, AtomicInteger refusals, AtomicBoolean done) {
        int count = 0;
        while (!done.get()) {
            String name = prefix + count++;
            try {
                store.addCredential(GLOBEX, PROVIDER, credential(name, name));
                acknowledged.add(name);
            } catch (UnavailableException e) {
                refusals.incrementAndGet();
            }
        }
        return count;
    }

    @Test
    @DisplayName("DB-01: what is known serves on for a while only")
    void servesWhatIsKnownForAWhileOnly() throws Exception {
        TcpProxy proxy = proxy();
        TestClock clock = new TestClock(Instant.parse("2026-03-02T10:00:00Z"));
        BactrianStore store = open(through(proxy, server.database()).withStaleIfError(Duration.ofMinutes(5)), clock);
        fill(store);
        assertServesWhatIsKnown(store);

        proxy.refuse(true);
        await().atMost(SOON).until(() -> !store.health().reachable());

        assertServesWhatIsKnown(store);
        clock.advance(Duration.ofMinutes(5));
        assertServesWhatIsKnown(store);
        assertThat(store.health().servesUntil()).isEqualTo(clock.instant());
        clock.advance(Duration.ofSeconds(1));
        Stream.<ThrowingCallable>of(() -> store.tenant(ACME), () -> store.role(ACME, ANN), () -> store.apiKey(HASH))
                .parallel()
                .forEach(call -> refused(ErrorCode.STORE_UNAVAILABLE, call));

        proxy.refuse(false);
        await().atMost(SOON).until(() -> store.health().healthy());
        assertServesWhatIsKnown(store);
    }

    @Test
    @DisplayName("DB-04: a server that is silent frees the threads that wait for it")
    void freesThreadsFromAServerThatIsSilent() throws Exception {
        TcpProxy proxy = proxy();
        BactrianStore store = open(through(proxy, server.database()), Clock.systemUTC());
        fill(store);
        assertServesWhatIsKnown(store);

        proxy.swallow(true);
        ExecutorService callers = Executors.newFixedThreadPool(24);
        try {
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                waiting.add(
                        callers.submit(() -> refused(ErrorCode.STORE_UNAVAILABLE, () -> store.provider(ACME, OPENAI))));
            }
            for (Future<?> one : waiting) {
                one.get(25, TimeUnit.SECONDS);
            }
        } finally {
            callers.shutdownNow();
        }
        await().atMost(SOON).until(() -> !store.health().reachable());
        assertServesWhatIsKnown(store);

        proxy.swallow(false);

        await().atMost(SOON).until(() -> store.health().healthy());
        assertThat(store.provider(ACME, OPENAI)).isPresent();
    }

    @Test
    @DisplayName("DB-02: a connection that the server ends is replaced, and what was not committed is done again")
    void replacesConnectionsThatTheServerEnds() throws Exception {
        String database = server.database();
        BactrianStore store = open(server.settings(database), Clock.systemUTC());
        fill(store);
        JdbcTemplate burglar = server.burglar(database);
        for (int round = 0; round < 8; round++) {
            assertThat(store.tenants()).hasSize(1);
            assertThat(burglar.queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()"))
                    .isNotEmpty();

            if (round % 2 == 0) {
                assertThat(store.provider(ACME, OPENAI)).isPresent();
            }
            store.addCredential(ACME, PROVIDER, credential("key " + round, "s-" + round));
        }
        assertThat(SeveralProcessesTest.secrets(store))
                .containsExactly("s-main", "s-0", "s-1", "s-2", "s-3", "s-4", "s-5", "s-6", "s-7");
    }

    @Test
    @DisplayName("DB-02: a connection that ends in the middle of a write ends nothing but that attempt")
    void doesAWriteAgainWhoseConnectionEndedInTheMiddle() throws Exception {
        String database = server.database();
        BactrianStore store = open(server.settings(database), Clock.systemUTC());
        fill(store);
        JdbcTemplate burglar = server.burglar(database);
        burglar.execute("CREATE SEQUENCE attempts");
        burglar.execute("CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF nextval('attempts') < 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
                + " RETURN NEW; END $$");
        burglar.execute("CREATE TRIGGER end_it BEFORE INSERT ON provider_credentials"
                + " FOR EACH ROW EXECUTE FUNCTION end_it()");

        store.addCredential(ACME, PROVIDER, credential("other", "s-other"));

        assertThat(SeveralProcessesTest.secrets(store)).containsExactly("s-main", "s-other");
    }

    @Test
    @DisplayName("DB-02: a write whose connection ends while it commits is not done again: nobody knows whether it was")
    void doesNotRepeatAWriteThatMayHaveBeenCommitted() {
        String database = server.database();
        BactrianStore store = open(server.settings(database), Clock.systemUTC());
        fill(store);
        JdbcTemplate burglar = server.burglar(database);
        burglar.execute("CREATE SEQUENCE attempts");
        burglar.execute("CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM nextval('attempts'); PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
        burglar.execute("CREATE CONSTRAINT TRIGGER end_it AFTER INSERT ON provider_credentials"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_it()");

        InvokeException error = refused(
                ErrorCode.STORE_OUTCOME_UNKNOWN, () -> store.addCredential(ACME, PROVIDER, credential("other", "s")));

        assertThat(error).hasMessageContaining("look before you do it again");
        assertThat(error.retriable()).isFalse();
        assertThat(burglar.queryForObject("SELECT last_value FROM attempts", Long.class))
                .isEqualTo(1);
        assertThat(store.provider(ACME, OPENAI).orElseThrow().credentials()).hasSize(1);
    }

    @Test
    @DisplayName("DB-07: a server that only reads refuses changes by a name, and serves what it has")
    void tellsWhatAServerThatOnlyReadsIs() {
        String database = server.database();
        BactrianStore store = open(server.settings(database), Clock.systemUTC());
        fill(store);
        JdbcTemplate admin = server.admin();
        admin.execute("ALTER DATABASE " + database + " SET default_transaction_read_only = on");
        endSessions(database);

        await().atMost(SOON).ignoreExceptions().until(() -> store.provider(ACME, OPENAI)
                .isPresent());
        InvokeException error = refused(
                ErrorCode.STORE_UNAVAILABLE, () -> store.addCredential(ACME, PROVIDER, credential("other", "s")));
        assertThat(error).hasMessageContaining("takes no changes").hasMessageContaining("bactrian.store.url");

        admin.execute("ALTER DATABASE " + database + " RESET default_transaction_read_only");
        // its sessions remember: new ones take their place
        store.addCredential(ACME, PROVIDER, credential("another", "s"));
        assertThat(store.provider(ACME, OPENAI).orElseThrow().credentials()).hasSize(2);
    }

    private void endSessions(String database) {
        server.admin()
                .queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?", database);
    }

    @Test
    @DisplayName("DB-07: a full disk and a statement that takes too long are typed, and nothing is half done")
    void leavesNothingHalfDoneWhenTheServerCannot() {
        String database = server.database();
        BactrianStore store = open(server.settings(database), Clock.systemUTC());
        fill(store);
        JdbcTemplate burglar = server.burglar(database);
        long version = store.version(ACME);
        // the last row that adding a credential changes
        burglar.execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$");
        burglar.execute("CREATE TRIGGER full_disk BEFORE UPDATE ON config_versions"
                + " FOR EACH ROW EXECUTE FUNCTION full_disk()");
        assertThat(refused(
                        ErrorCode.STORE_UNAVAILABLE,
                        () -> store.addCredential(ACME, PROVIDER, credential("other", "s"))))
                .hasMessageContaining("out of disk");

        burglar.execute("CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM pg_sleep(60); RETURN NEW; END $$");
        assertThat(refused(
                        ErrorCode.STORE_UNAVAILABLE,
                        () -> store.addCredential(ACME, PROVIDER, credential("other", "s"))))
                .hasMessageContaining("in time");

        burglar.execute("DROP TRIGGER full_disk ON config_versions");
        assertThat(store.provider(ACME, OPENAI).orElseThrow().credentials()).hasSize(1);
        assertThat(burglar.queryForObject("SELECT COUNT(*) FROM credential_versions", Long.class))
                .isEqualTo(1);
        assertThat(store.version(ACME)).isEqualTo(version);
    }
}
