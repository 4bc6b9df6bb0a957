package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** DB-01 for the embedded database: away, everything is refused with one code, and nothing is taken for empty. */
@Execution(ExecutionMode.CONCURRENT)
class DatabaseAwayTest {

    @TempDir
    private Path data;

    private Path file() {
        return data.resolve("store").resolve("bactrian.mv.db");
    }

    private void takeAway() throws Exception {
        H2Dialect dialect = H2Dialect.onDisk(data.resolve("store"));
        try (Connection connection = dialect.owner().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
        Files.move(file(), data.resolve("elsewhere"));
    }

    @Test
    void refusesEverythingWhileTheDatabaseIsAwayAndRecoversWithoutARestart() throws Exception {
        try (BactrianStore store = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
            long version = store.version(ACME);

            takeAway();

            Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
            calls.put("provider", () -> store.provider(ACME, OPENAI));
            calls.put("tenant", () -> store.tenant(ACME));
            calls.put("defaultModel", () -> store.defaultModel(ACME, ModelType.LLM));
            calls.put("apiKey", () -> store.apiKey(ApiKeyStoreContract.sha256("x")));
            calls.put("addCredential", () -> store.addCredential(ACME, PROVIDER, credential("other", "canary-77")));
            calls.put("append", () -> store.append(new AuditEvent(Instant.EPOCH, null, "a", "b", "c", "d")));
            long started = System.nanoTime();
            calls.forEach((name, call) -> {
                InvokeException error = refused(ErrorCode.STORE_UNAVAILABLE, call);
                assertThat(error).as(name).isInstanceOf(UnavailableException.class);
                assertThat(error.retriable()).isTrue();
                assertThat(String.valueOf(error)).doesNotContain("canary-77", "jdbc:");
            });
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(40));
            await().atMost(Duration.ofSeconds(30)).until(() -> !store.health().reachable());
            assertThat(store.version(ACME)).isEqualTo(version);
            assertThat(file()).as("no empty database takes its place").doesNotExist();

            Files.move(data.resolve("elsewhere"), file());

            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(UnavailableException.class)
                    .until(() -> store.provider(ACME, OPENAI).isPresent());
            await().atMost(Duration.ofSeconds(30)).until(() -> store.health().healthy());
        }
    }

    @Test
    void servesKnownKeysWhileTheDatabaseIsAwayForAWhileOnly() throws Exception {
        TestClock clock = new TestClock(Instant.parse("2026-03-02T10:00:00Z"));
        String hash = ApiKeyStoreContract.sha256("one");
        StoreSettings settings = StoreSettings.embedded(data).withStaleIfError(Duration.ofMinutes(5));
        try (BactrianStore store = BactrianStore.open(settings, clock)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), hash);
            assertThat(store.apiKey(hash)).isPresent();

            takeAway();
            await().atMost(Duration.ofSeconds(30)).until(() -> !store.health().reachable());

            assertThat(store.apiKey(hash)).isPresent();
            clock.advance(Duration.ofMinutes(5));
            assertThat(store.apiKey(hash)).isPresent();
            clock.advance(Duration.ofSeconds(1));
            refused(ErrorCode.STORE_UNAVAILABLE, () -> store.apiKey(hash));
        }
    }

    @Test
    void refusesWhatIsAskedAfterItWasClosed() {
        BactrianStore store = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC());
        store.close();
        store.close();

        refused(ErrorCode.STORE_UNAVAILABLE, store::tenants);
        refused(ErrorCode.STORE_UNAVAILABLE, () -> store.putTenant(new TenantRecord(ACME, "Acme", true)));
    }

    @Test
    void doesNotTakeAVanishedDatabaseInMemoryForAnEmptyOne() throws Exception {
        StoreSettings settings = StoreSettings.inMemory("vanishing");
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            H2Dialect dialect = H2Dialect.inMemory(settings.url());
            try (Connection connection = dialect.owner().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN IMMEDIATELY");
            }

            refused(ErrorCode.STORE_UNAVAILABLE, () -> store.tenant(ACME));
        }
    }
}
