package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What it takes to open a PostgreSQL server's database, and what a wrong setting is told. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresOpeningTest {

    private final PostgresServer server = PostgresServer.shared();

    @TempDir
    private Path folder;

    private static BactrianStore open(StoreSettings settings) {
        return BactrianStore.open(settings, Clock.systemUTC());
    }

    private long tables(String database) {
        return server.burglar(database)
                .queryForObject("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", Long.class);
    }

    @Test
    void makesTheSchemaAndOpensAgainWithWhatItHeld() throws Exception {
        StoreSettings settings = server.settings(server.emptyDatabase());
        try (BactrianStore store = open(settings)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
            assertThat(store.health().healthy()).isTrue();
        }
        try (BactrianStore store = open(settings)) {
            assertThat(SeveralProcessesTest.secrets(store)).containsExactly("s-1");
            assertThat(store.version(ACME)).isPositive();
        }
    }

    @Test
    void keepsToTheSchemaThatTheUrlNames() {
        String database = server.emptyDatabase();
        server.burglar(database).execute("CREATE SCHEMA ai");
        StoreSettings settings = StoreSettings.postgres(
                server.url(database) + "?currentSchema=ai", PostgresServer.login(), PostgresServer.key());

        open(settings).close();

        assertThat(tables(database)).isZero();
        assertThat(server.burglar(database)
                        .queryForObject("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'ai'", Long.class))
                .isGreaterThan(10);
    }

    @Test
    void keepsNoSecretInTheDatabase() {
        String database = server.database();
        StoreSettings settings = server.settings(database);
        try (BactrianStore store = open(settings)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("main", "canary-91f2"));
        }
        JdbcTemplate burglar = server.burglar(database);
        for (String table :
                burglar.queryForList("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", String.class)) {
            for (String row : burglar.queryForList("SELECT t::text FROM " + table + " t", String.class)) {
                assertThat(row).as(table).doesNotContain("canary-91f2", "63616e6172792d39316632");
            }
        }
    }

    @Test
    @DisplayName("CRED-10: with a server no key is made in passing, and nothing is made without one")
    void refusesToOpenWithoutAKey() {
        String database = server.emptyDatabase();
        StoreSettings settings = server.settings(database)
                .withKey(new KeySource.KeyFile("bactrian.store.key-file", folder.resolve("none")));

        assertThatThrownBy(() -> open(settings))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file")
                .hasMessageContaining("BACTRIAN_KEY_ENCRYPTION_KEY")
                .hasMessageContaining("openssl rand -base64 32");

        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(tables(database)).isZero();
    }

    @Test
    @DisplayName("CRED-10: nor with another key")
    void refusesToOpenWithAnotherKey() {
        StoreSettings settings = server.settings(server.database());
        try (BactrianStore store = open(settings)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        }

        assertThatThrownBy(() -> open(settings.withKey(PostgresServer.key())))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("not the one this database was written with");
    }

    @Test
    void namesTheLoginThatTheServerRefusesAndKeepsItsPasswordToItself() {
        CanaryScanner scanner = new CanaryScanner();
        String wrong = scanner.plant("password of the database");
        StoreSettings settings = StoreSettings.postgres(
                server.url(server.emptyDatabase()),
                new StoreLogin(server.loginWithPassword("right-password"), Secret.of(wrong)),
                PostgresServer.key());

        try (LogCapture log = scanner.captureLogs()) {
            Throwable error = catchThrowable(() -> open(settings));

            assertThat(error)
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("bactrian.store.username")
                    .hasMessageContaining("bactrian.store.password");
            scanner.assertNowhereIn(error);
            assertThat(log.text()).doesNotContain(wrong);
        }
    }

    @Test
    void namesTheSettingOfADatabaseThatIsNotThere() {
        assertThatThrownBy(() -> open(server.settings("nowhere")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.url");

        StoreSettings noSchema = StoreSettings.postgres(
                server.url(server.emptyDatabase()) + "?currentSchema=nowhere",
                PostgresServer.login(),
                PostgresServer.key());
        assertThatThrownBy(() -> open(noSchema))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("schema");
    }

    @Test
    void leavesADatabaseOfSomebodyElseAlone() {
        String database = server.emptyDatabase();
        server.burglar(database).execute("CREATE TABLE theirs (id INT)");

        assertThatThrownBy(() -> open(server.settings(database)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("tables of somebody else");

        assertThat(tables(database)).isEqualTo(1);
    }

    @Test
    void refusesToOpenWhileTheServerIsAwayWithoutWaitingLong() throws Exception {
        int nobody;
        try (TcpProxy proxy = new TcpProxy(1)) {
            nobody = proxy.port();
        }
        StoreSettings settings = StoreSettings.postgres(
                PostgresServer.url("localhost", nobody, "x"), PostgresServer.login(), PostgresServer.key());
        long started = System.nanoTime();

        InvokeException error = refused(ErrorCode.STORE_UNAVAILABLE, () -> open(settings));

        assertThat(error.getMessage()).doesNotContain("jdbc:", "postgres");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("With an owner of its own the schema is out of reach of the login that serves calls")
    void givesTheLoginThatServesCallsRowsOnly() {
        String database = server.emptyDatabase();
        String owner = server.loginWithPassword("owner-password");
        String user = server.loginWithPassword("user-password");
        server.admin().execute("ALTER DATABASE " + database + " OWNER TO " + owner);
        StoreSettings settings = StoreSettings.postgres(
                        server.url(database), new StoreLogin(user, Secret.of("user-password")), PostgresServer.key())
                .withOwner(new StoreLogin(owner, Secret.of("owner-password")));
        open(settings).close();
        try (BactrianStore store = open(settings)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
            assertThat(store.tenants()).hasSize(1);
        }

        JdbcTemplate asUser =
                new JdbcTemplate(new DriverManagerDataSource(server.url(database), user, "user-password"));
        assertThat(asUser.queryForList("SELECT version FROM schema_history")).isNotEmpty();
        for (String sql : new String[] {
            "DROP TABLE audit_log",
            "ALTER TABLE tenants DROP COLUMN name",
            "TRUNCATE audit_log",
            "CREATE TABLE loot (id INT)",
            "UPDATE schema_history SET checksum = 0",
            "CREATE TRIGGER t BEFORE INSERT ON tenants EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "COPY tenants TO PROGRAM 'cat'",
            "SELECT pg_read_file('postgresql.conf')",
            "CREATE ROLE loot SUPERUSER",
        }) {
            assertThatThrownBy(() -> asUser.execute(sql))
                    .as(sql)
                    .isInstanceOf(DataAccessException.class)
                    .rootCause()
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void canBeOpenedByManyWithAnOwnerAtTheSameTime() throws Exception {
        String database = server.emptyDatabase();
        String user = server.loginWithPassword("user-password");
        StoreSettings settings = StoreSettings.postgres(
                        server.url(database), new StoreLogin(user, Secret.of("user-password")), PostgresServer.key())
                .withOwner(PostgresServer.login());

        List<Integer> tenants = Together.run(6, () -> {
            try (BactrianStore store = open(settings)) {
                return store.tenants().size();
            }
        });
        assertThat(tenants).hasSize(6).containsOnly(0);
    }
}
