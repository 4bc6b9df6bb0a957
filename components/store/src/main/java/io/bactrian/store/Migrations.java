package io.bactrian.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date. Forward only: a schema newer than this version is left as it is. Of several nodes that
 * start together one does it, and the others wait for Flyway's lock; what a node that is killed had begun is rolled back by
 * a database that can, and mended in one that cannot (DB-05).
 */
final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private static final String LOCATION = "classpath:io/bactrian/store/migration";
    private static final String HISTORY = "schema_history";
    private static final String NONE = "none";

    /** How often the lock is asked for, once a second. */
    private static final int LOCK_ATTEMPTS = 300;

    private Migrations() {}

    static void run(Dialect dialect) {
        try {
            dialect.migrate(source -> flyway(dialect, source));
        } catch (FlywayValidateException e) {
            throw PrivateFiles.wrong(
                    "the database's schema is not one that this version made: its history in " + HISTORY + " differs",
                    e);
        } catch (FlywayException e) {
            if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
                throw PrivateFiles.wrong(
                        "the database holds tables of somebody else: give the store a database or a schema"
                                + " (currentSchema in " + StoreSettings.URL + ") of its own",
                        e);
            }
            throw StoreErrors.whileOpening(e);
        }
    }

    /** Whether there is anything to do: a migration to run, or one that failed. */
    static boolean isBehind(Flyway flyway) {
        MigrationInfoService info = flyway.info();
        return info.pending().length > 0 || anyFailed(info);
    }

    /**
     * Runs migrations in the embedded database, which does not undo what is broken off. A first one starts over; those after
     * it are written so that they can be run again.
     */
    static void mendAndRun(Flyway flyway) {
        MigrationInfoService info = flyway.info();
        if (!anyCompleted(info)) {
            startOver(flyway.getConfiguration().getDataSource());
        } else if (anyFailed(info)) {
            forgetFailed(flyway);
        }
        flyway.migrate();
    }

    private static boolean anyCompleted(MigrationInfoService info) {
        return Stream.of(info.applied()).anyMatch(one -> !one.getState().isFailed());
    }

    private static boolean anyFailed(MigrationInfoService info) {
        return Stream.of(info.applied()).anyMatch(one -> one.getState().isFailed());
    }

    /**
     * Removes what a first migration left that was broken off. Only where a history of ours is in which none was ever
     * completed, and where nobody ever wrote anything: every change draws a number.
     */
    private static void startOver(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            Set<String> tables = tables(connection);
            if (!tables.contains(HISTORY)) {
                // a new database, or somebody else's
                return;
            }
            boolean used = (tables.contains("config_versions") && number(statement, ChangeStatements.DRAWN_NUMBER) > 0)
                    || (tables.contains("tenants") && number(statement, TenantStatements.COUNT_TENANTS) > 0);
            if (used) {
                throw PrivateFiles.wrong(
                        "the database holds what tenants configured, but its history in " + HISTORY
                                + " tells of no migration: restore it from a backup",
                        null);
            }
            LOG.info("the schema was not made to its end: its making starts over");
            statement.execute("DROP ALL OBJECTS");
        } catch (SQLException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> tables = new HashSet<>();
        try (ResultSet rows = connection.getMetaData().getTables(null, connection.getSchema(), null, null)) {
            while (rows.next()) {
                tables.add(rows.getString("TABLE_NAME"));
            }
        }
        return tables;
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Has failed migrations run again. Not if anything else is wrong: Flyway's repair would take all of it for right. */
    private static void forgetFailed(Flyway flyway) {
        List<ErrorCode> wrong = invalid(flyway).stream()
                .map(invalid -> invalid.errorDetails.errorCode)
                .toList();
        if (!wrong.isEmpty() && wrong.stream().allMatch(CoreErrorCode.FAILED_VERSIONED_MIGRATION::equals)) {
            LOG.info("a change of the schema was not made to its end: it is made again");
            flyway.repair();
        }
    }

    /** What is wrong with the history, apart from migrations that have still to run. */
    private static List<ValidateOutput> invalid(Flyway flyway) {
        List<String> pending =
                Stream.of(flyway.info().pending()).map(Migrations::version).toList();
        return flyway.validateWithResult().invalidMigrations.stream()
                .filter(invalid -> !pending.contains(invalid.version))
                .toList();
    }

    /**
     * How the schema is, with nothing changed.
     *
     * @param current the newest migration that the database has had; "none" for one without any, see {@link #empty}
     * @param known the newest migration of this version
     * @param pending those it has still to have
     * @param newer whether a newer version has changed it
     * @param problems where its history differs from this version's
     */
    record State(String current, String known, List<String> pending, boolean newer, List<String> problems) {

        /** Whether there is nothing of ours. */
        boolean empty() {
            return NONE.equals(current);
        }
    }

    static State look(Dialect dialect) {
        try {
            Flyway flyway = flyway(dialect, dialect.owner());
            MigrationInfoService info = flyway.info();
            MigrationInfo current = anyCompleted(info) ? info.current() : null;
            List<String> pending =
                    Stream.of(info.pending()).map(Migrations::version).toList();
            List<String> problems = invalid(flyway).stream()
                    .map(invalid -> "migration " + invalid.version + ": " + invalid.errorDetails.errorCode)
                    .toList();
            boolean newer = Stream.of(info.applied())
                    .anyMatch(applied -> applied.getState().isApplied()
                            && !applied.getState().isResolved());
            String known = Stream.of(info.all())
                    .filter(one -> one.getState().isResolved())
                    .map(Migrations::version)
                    .reduce((one, other) -> other)
                    .orElse(NONE);
            return new State(current == null ? NONE : version(current), known, pending, newer, problems);
        } catch (FlywayException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    private static String version(MigrationInfo info) {
        return String.valueOf(info.getVersion());
    }

    private static Flyway flyway(Dialect dialect, DataSource source) {
        FluentConfiguration flyway = Flyway.configure(Migrations.class.getClassLoader());
        dialect.configure(flyway);
        return flyway.dataSource(source)
                .locations(LOCATION)
                .table(HISTORY)
                .lockRetryCount(LOCK_ATTEMPTS)
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }
}
