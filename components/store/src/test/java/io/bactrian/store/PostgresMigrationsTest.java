package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;

/** DB-05: nodes that start together, and one that is killed in the middle of it. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresMigrationsTest {

    private static final long HELD = 77_001;

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.emptyDatabase();
    private final JdbcTemplate burglar = server.burglar(database);
    private final StoreSettings settings = server.settings(database);

    @TempDir
    private Path folder;

    private int openAndClose() {
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC())) {
            return store.tenants().size();
        }
    }

    private List<String> applied() {
        return burglar.queryForList(
                "SELECT version || ' ' || success FROM schema_history WHERE version IS NOT NULL"
                        + " ORDER BY installed_rank",
                String.class);
    }

    private static List<String> allOnce() {
        return BrokenOffMigrationTest.versions().stream()
                .map(version -> version + " true")
                .toList();
    }

    @Test
    @DisplayName("DB-05: of four nodes that start together one makes the schema and the others wait for it")
    void isMadeOnceThoughFourNodesStartTogether() throws Exception {
        assertThat(Together.run(4, this::openAndClose)).containsOnly(0);

        assertThat(applied()).isEqualTo(allOnce());
    }

    @Test
    @DisplayName("DB-05: a node that is killed while it makes the schema leaves none of it, and the next one makes it")
    void leavesNoHalfSchemaBehindANodeThatWasKilled() throws Exception {
        stopInTheMiddle();
        Process node = null;
        try (Connection holder = burglar.getDataSource().getConnection()) {
            holder.createStatement().execute("SELECT pg_advisory_lock(" + HELD + ")");
            node = startNode();
            Process started = node;
            await().atMost(Duration.ofSeconds(60)).until(() -> isInTheMiddle() || !started.isAlive());
            assertThat(node.isAlive())
                    .as(Files.readString(folder.resolve("node.log")))
                    .isTrue();
            List<CompletableFuture<Integer>> others = List.of(
                    CompletableFuture.supplyAsync(this::openAndClose),
                    CompletableFuture.supplyAsync(this::openAndClose),
                    CompletableFuture.supplyAsync(this::openAndClose));

            node.destroyForcibly().waitFor();
            // nobody sees any of it yet, and those who wait do not start over it
            assertThat(tables()).doesNotContain("tenants", "providers");
            assertThat(others).noneMatch(CompletableFuture::isDone);
            burglar.execute("DROP EVENT TRIGGER stop_in_the_middle");
            holder.createStatement().execute("SELECT pg_advisory_unlock_all()");

            for (CompletableFuture<Integer> other : others) {
                assertThat(other.get(120, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            if (node != null) {
                node.destroyForcibly();
            }
        }
        assertThat(applied()).isEqualTo(allOnce());
        assertThat(tables()).contains("tenants", "providers", "audit_log");
    }

    private List<String> tables() {
        return burglar.queryForList("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", String.class);
    }

    /** Has the server wait for a lock, which the test holds, when the table {@code providers} has been made. */
    private void stopInTheMiddle() {
        burglar.execute("CREATE SCHEMA elsewhere");
        burglar.execute("CREATE FUNCTION elsewhere.stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.providers')"
                + " THEN PERFORM pg_advisory_xact_lock(" + HELD + "); END IF; END $$");
        burglar.execute("CREATE EVENT TRIGGER stop_in_the_middle ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
                + " EXECUTE FUNCTION elsewhere.stop()");
    }

    private boolean isInTheMiddle() {
        return burglar.queryForObject(
                        "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = ? AND NOT granted",
                        Long.class,
                        HELD)
                == 1;
    }

    private Process startNode() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Node.class.getName(),
                        server.url(database))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("node.log").toFile())
                .start();
    }

    @Test
    @DisplayName("DB-05: a schema whose history is another one is refused")
    void refusesASchemaWhoseHistoryDiffers() {
        openAndClose();
        burglar.update("UPDATE schema_history SET checksum = checksum + 1 WHERE version = '1'");

        assertThatThrownBy(this::openAndClose)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("schema_history");
    }

    @Test
    @DisplayName("DB-06: a schema that a newer version has changed is left as it is")
    void leavesANewerSchemaAsItIs() {
        openAndClose();
        burglar.update("INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,"
                + " installed_by, execution_time, success) VALUES (99, '99', 'of tomorrow', 'SQL',"
                + " 'V99__of_tomorrow.sql', 1, 'x', 1, TRUE)");

        assertThat(openAndClose()).isZero();

        assertThat(applied()).endsWith("99 true");
    }

    /** Another process that opens the store. */
    static final class Node {

        private Node() {}

        public static void main(String[] arguments) {
            BactrianStore.open(
                            StoreSettings.postgres(arguments[0], PostgresServer.login(), PostgresServer.key()),
                            Clock.systemUTC())
                    .close();
        }
    }
}
