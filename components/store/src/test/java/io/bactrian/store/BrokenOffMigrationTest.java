package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * DB-05: what a migration that was broken off leaves behind. H2 keeps each statement at once; PostgreSQL keeps none, and
 * still has to take those that can be run again. Every migration after the third is held to that.
 */
@Execution(ExecutionMode.CONCURRENT)
class BrokenOffMigrationTest {

    private static final String FIRST = "V1__tenants_and_their_configuration.sql";
    private static final String LATER = "V4__approvals_and_credentials_of_tools.sql";
    private static final String BEFORE_IT = "3";
    private static final List<String> ALL = migrations();

    private static final Map<Databases, SortedSet<String>> WHOLE = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    /** Makes the schema of an earlier version. */
    static void migrateTo(String version, Dialect dialect) {
        flyway(dialect, "classpath:io/bactrian/store/migration")
                .target(version)
                .load()
                .migrate();
    }

    private static FluentConfiguration flyway(Dialect dialect, String location) {
        FluentConfiguration flyway = Flyway.configure();
        dialect.configure(flyway);
        return flyway.dataSource(dialect.owner())
                .locations(location)
                .table("schema_history")
                .placeholderReplacement(false);
    }

    /** Makes the history and nothing else: what there is before the first migration begins. */
    private void makeHistory(Dialect dialect) {
        flyway(dialect, "filesystem:" + folder).load().migrate();
    }

    /** The migrations there are, in order. */
    private static List<String> migrations() {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/bactrian/store/migration"))) {
            return files.map(file -> file.getFileName().toString())
                    .sorted(Comparator.comparingInt(BrokenOffMigrationTest::version))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The versions of all migrations there are, in order. */
    static List<String> versions() {
        return ALL.stream().map(script -> String.valueOf(version(script))).toList();
    }

    private static int version(String script) {
        return Integer.parseInt(script.substring(1, script.indexOf('_')));
    }

    private static String before(String script) {
        return String.valueOf(version(ALL.get(ALL.indexOf(script) - 1)));
    }

    /** The statements of a migration. */
    private static List<String> statements(String script) {
        try (InputStream in = BrokenOffMigrationTest.class.getResourceAsStream("migration/" + script)) {
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return Stream.of(sql.split(";\\s*(?:\n|$)"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BactrianStore open(StoreSettings settings) {
        return BactrianStore.open(settings, Clock.systemUTC());
    }

    /** As the store does, with a change's number. */
    private static void addTenant(JdbcTemplate database) {
        database.update("INSERT INTO config_versions (tenant_id, version) VALUES ('acme', 1)");
        database.update("UPDATE config_versions SET version = 1 WHERE tenant_id = '*'");
        database.update("INSERT INTO tenants (id, name, enabled, created_at, updated_at)"
                + " VALUES ('acme', 'Acme', TRUE, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
    }

    private static List<String> tables(JdbcTemplate database) {
        return database.queryForList(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", String.class);
    }

    private static List<String> history(JdbcTemplate database, boolean success) {
        return database.queryForList(
                "SELECT version FROM schema_history WHERE version IS NOT NULL AND success = ? ORDER BY installed_rank",
                String.class,
                success);
    }

    /** Columns, constraints and indexes; not the names that a database has made up. */
    private static SortedSet<String> schema(Databases kind, Dialect dialect) {
        JdbcTemplate database = Databases.burglar(dialect);
        SortedSet<String> schema = new TreeSet<>();
        schema.addAll(database.queryForList(
                "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns"
                        + " WHERE table_schema = 'public'",
                String.class));
        schema.addAll(database.queryForList(
                "SELECT table_name || ' ' || constraint_type || ' ' || constraint_name"
                        + " FROM information_schema.table_constraints WHERE table_schema = 'public'",
                String.class));
        schema.removeIf(constraint -> constraint.endsWith("_not_null"));
        String indexes = kind == Databases.H2
                ? "SELECT table_name || ' ' || index_name FROM information_schema.indexes WHERE table_schema = 'public'"
                : "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'";
        database.queryForList(indexes, String.class)
                .forEach(index -> schema.add(index.replaceAll("(INDEX|PRIMARY_KEY)_[0-9A-F]+$", "$1")));
        return schema;
    }

    private static SortedSet<String> whole(Databases kind) {
        StoreSettings settings = kind.empty();
        try (Dialect dialect = kind.dialect(settings)) {
            open(settings).close();
            return schema(kind, dialect);
        }
    }

    private static void assertOpensWhole(Databases kind, StoreSettings settings, Dialect dialect, int tenants) {
        try (BactrianStore store = open(settings)) {
            assertThat(store.tenants()).hasSize(tenants);
        }
        assertThat(schema(kind, dialect))
                .isEqualTo(WHOLE.computeIfAbsent(kind, BrokenOffMigrationTest::whole))
                .hasSizeGreaterThan(100);
        assertThat(history(Databases.burglar(dialect), true)).containsExactlyElementsOf(versions());
        assertThat(history(Databases.burglar(dialect), false)).isEmpty();
    }

    static IntStream everyThirdStatementOfTheFirst() {
        int all = statements(FIRST).size();
        return IntStream.rangeClosed(0, all).filter(done -> done % 3 == 0 || done == all);
    }

    @ParameterizedTest
    @MethodSource("everyThirdStatementOfTheFirst")
    @DisplayName("DB-05: a first migration that was broken off after any statement starts over")
    void startsOverAfterAFirstMigrationThatWasBrokenOff(int done) {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            makeHistory(dialect);
            statements(FIRST).subList(0, done).forEach(Databases.burglar(dialect)::execute);

            assertOpensWhole(Databases.H2, settings, dialect, 0);
        }
    }

    @Test
    void startsOverAfterAFirstMigrationThatFailed() {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            makeHistory(dialect);
            JdbcTemplate database = Databases.burglar(dialect);
            statements(FIRST).subList(0, 5).forEach(database::execute);
            database.update("INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,"
                    + " installed_by, execution_time, success) VALUES (1, '1', 'tenants and their configuration', 'SQL', '"
                    + FIRST + "', 1, 'x', 1, FALSE)");

            assertOpensWhole(Databases.H2, settings, dialect, 0);
        }
    }

    static Stream<Arguments> everyStatementOfTheLater() {
        return later().flatMap(script ->
                IntStream.rangeClosed(0, statements(script).size()).mapToObj(done -> Arguments.of(script, done)));
    }

    private static Stream<String> later() {
        return ALL.stream().filter(script -> version(script) >= version(LATER));
    }

    static Stream<Arguments> theLaterOnEachDatabase() {
        return later().flatMap(script -> Stream.of(Databases.values()).map(kind -> Arguments.of(kind, script)));
    }

    @ParameterizedTest
    @MethodSource("everyStatementOfTheLater")
    @DisplayName("DB-05: a later migration that was broken off after any statement is run again, and nothing is lost")
    void goesOnAfterALaterMigrationThatWasBrokenOff(String script, int done) {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            migrateTo(before(script), dialect);
            JdbcTemplate database = Databases.burglar(dialect);
            addTenant(database);
            statements(script).subList(0, done).forEach(database::execute);

            assertOpensWhole(Databases.H2, settings, dialect, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("theLaterOnEachDatabase")
    void runsAMigrationThatIsThereWithoutARowThatSaysSo(Databases kind, String script) {
        StoreSettings settings = kind.empty();
        try (Dialect dialect = kind.dialect(settings)) {
            migrateTo(before(script), dialect);
            JdbcTemplate database = Databases.burglar(dialect);
            addTenant(database);
            statements(script).forEach(database::execute);

            assertOpensWhole(kind, settings, dialect, 1);
        }
    }

    @Test
    void goesOnAfterALaterMigrationThatFailed() {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            migrateTo(BEFORE_IT, dialect);
            JdbcTemplate database = Databases.burglar(dialect);
            addTenant(database);
            // a table of that name that lacks the columns to be indexed
            database.execute("CREATE TABLE approvals (tenant_id BYTEA)");
            assertThatThrownBy(() -> open(settings)).isInstanceOf(UnavailableException.class);
            assertThat(history(database, false)).containsExactly("4");

            database.execute("DROP TABLE approvals");

            assertOpensWhole(Databases.H2, settings, dialect, 1);
        }
    }

    @Test
    @DisplayName("A history that tells of no migration beside data was tampered with: nothing is removed")
    void removesNothingThatSomebodyHasWritten() {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            open(settings).close();
            JdbcTemplate database = Databases.burglar(dialect);
            addTenant(database);
            database.update("DELETE FROM schema_history WHERE version IS NOT NULL");

            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("schema_history");
            assertThat(database.queryForObject("SELECT COUNT(*) FROM tenants", Long.class))
                    .isEqualTo(1);

            database.update("DELETE FROM tenants");
            assertThatThrownBy(() -> open(settings))
                    .as("the number of a change, whose tenant has gone since")
                    .isInstanceOf(MisconfiguredException.class);
            assertThat(tables(database)).contains("tenants", "audit_log");
        }
    }

    @Test
    void doesNotForgetAFailureWhereTheHistoryIsAnotherToo() {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            open(settings).close();
            JdbcTemplate database = Databases.burglar(dialect);
            database.update("UPDATE schema_history SET success = FALSE WHERE version = '2'");
            database.update("UPDATE schema_history SET checksum = checksum + 1 WHERE version = '1'");

            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("schema_history");
            assertThat(history(database, false)).containsExactly("2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTablesOfSomebodyElseAlone(Databases kind) {
        StoreSettings settings = kind.empty();
        try (Dialect dialect = kind.dialect(settings)) {
            JdbcTemplate database = Databases.burglar(dialect);
            database.execute("CREATE TABLE theirs (x INTEGER)");

            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("somebody else");

            assertThat(tables(database)).containsExactly("theirs");
        }
    }

    @Test
    @DisplayName("A server undoes what is broken off: whatever is there, nothing of it is removed")
    void neverStartsOverOnAServer() {
        StoreSettings settings = Databases.POSTGRES.empty();
        try (Dialect dialect = Databases.POSTGRES.dialect(settings)) {
            makeHistory(dialect);
            JdbcTemplate database = Databases.burglar(dialect);
            statements(FIRST).subList(0, 5).forEach(database::execute);
            List<String> before = tables(database);

            assertThatThrownBy(() -> open(settings)).isInstanceOf(UnavailableException.class);

            assertThat(tables(database)).hasSizeGreaterThan(2).containsExactlyInAnyOrderElementsOf(before);
        }
    }

    @Test
    void makesADatabaseInMemoryOnceThoughManyOpenItAtTheSameTime() throws Exception {
        StoreSettings settings = Databases.H2.empty();
        try (Dialect dialect = Databases.H2.dialect(settings)) {
            assertThat(Together.run(4, () -> {
                        try (BactrianStore store = open(settings)) {
                            return store.tenants().size();
                        }
                    }))
                    .containsOnly(0);

            assertOpensWhole(Databases.H2, settings, dialect, 0);
        }
    }

    /** A database on disk at the version before, in the store folder of a data folder. */
    private StoreSettings onDisk() {
        PrivateFiles.makeFolder(store());
        try (Dialect dialect = H2Dialect.onDisk(store())) {
            migrateTo(BEFORE_IT, dialect);
            addTenant(Databases.burglar(dialect));
        }
        return StoreSettings.embedded(folder.resolve("data"))
                .withKey(new KeySource.Value("a test", KeySource.newKey()));
    }

    private Path store() {
        return folder.resolve("data").resolve("store");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(store())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    @DisplayName("DB-05: on disk a migration is made in a copy, half a statement of it is never seen")
    void leavesADatabaseOnDiskAsItWasBehindAMigrationThatFails() throws Exception {
        StoreSettings settings = onDisk();
        try (Dialect dialect = H2Dialect.onDisk(store())) {
            Databases.burglar(dialect).execute("CREATE TABLE approvals (tenant_id BYTEA)");
        }

        assertThatThrownBy(() -> open(settings)).isInstanceOf(UnavailableException.class);

        assertThat(files()).containsExactly("bactrian.mv.db", "bactrian.opening", "bactrian.password");
        try (Dialect dialect = H2Dialect.onDisk(store())) {
            JdbcTemplate database = Databases.burglar(dialect);
            assertThat(tables(database)).contains("tenants").doesNotContain("tool_builtin_providers");
            assertThat(history(database, true)).containsExactly("1", "2", BEFORE_IT);
            assertThat(history(database, false)).isEmpty();
            database.execute("DROP TABLE approvals");
        }
        assertIsWholeOnDisk(settings);
    }

    @Test
    void replacesTheCopyThatAProcessLeftWhichWasKilledMeanwhile() throws Exception {
        StoreSettings settings = onDisk();
        Files.writeString(store().resolve("bactrian-next.mv.db"), "half of it");
        Files.writeString(store().resolve("bactrian.copy"), "half of it");

        assertIsWholeOnDisk(settings);

        assertThat(files()).containsExactly("bactrian.mv.db", "bactrian.opening", "bactrian.password");
    }

    @Test
    void changesADatabaseInPlaceThatSomebodyElseHasOpen() {
        StoreSettings settings = onDisk();
        try (Dialect older = H2Dialect.onDisk(store())) {
            assertIsWholeOnDisk(settings);

            assertThat(tables(Databases.burglar(older))).contains("tool_builtin_providers");
        }
        assertIsWholeOnDisk(settings);
    }

    private void assertIsWholeOnDisk(StoreSettings settings) {
        open(settings).close();
        try (Dialect dialect = H2Dialect.onDisk(store())) {
            assertOpensWhole(Databases.H2, settings, dialect, 1);
        }
    }
}
