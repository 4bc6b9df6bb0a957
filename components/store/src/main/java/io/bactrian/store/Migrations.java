package io.bactrian.store;

import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Brings the schema up to date. Forward only: a schema newer than this version is left as it is. Of several nodes that
 * start together one does it, and the others wait for Flyway's lock; what a node that is killed had begun is rolled back by
 * a database that can (DB-05).
 */
final class Migrations {

    private static final String LOCATION = "classpath:io/bactrian/store/migration";

    /** How often the lock is asked for, once a second. */
    private static final int LOCK_ATTEMPTS = 300;

    private Migrations() {}

    static void run(Dialect dialect) {
        try {
            flyway(dialect).migrate();
        } catch (FlywayValidateException e) {
            throw PrivateFiles.wrong(
                    "the database's schema is not one that this version made: its history in schema_history differs",
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

    /**
     * How the schema is, with nothing changed.
     *
     * @param current the newest migration that the database has had; "none" for one without any
     * @param known the newest migration of this version
     * @param pending those it has still to have
     * @param newer whether a newer version has changed it
     * @param problems where its history differs from this version's
     */
    record State(String current, String known, List<String> pending, boolean newer, List<String> problems) {}

    static State look(Dialect dialect) {
        try {
            Flyway flyway = flyway(dialect);
            var info = flyway.info();
            MigrationInfo current = info.current();
            List<String> pending =
                    Stream.of(info.pending()).map(Migrations::version).toList();
            List<String> problems = flyway.validateWithResult().invalidMigrations.stream()
                    .filter(invalid -> !pending.contains(invalid.version))
                    .map(invalid -> "migration " + invalid.version + ": " + invalid.errorDetails.errorCode)
                    .toList();
            boolean newer = Stream.of(info.applied())
                    .anyMatch(applied -> applied.getState().isApplied()
                            && !applied.getState().isResolved());
            String known = Stream.of(info.all())
                    .filter(one -> one.getState().isResolved())
                    .map(Migrations::version)
                    .reduce((one, other) -> other)
                    .orElse("none");
            return new State(current == null ? "none" : version(current), known, pending, newer, problems);
        } catch (FlywayException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    private static String version(MigrationInfo info) {
        return String.valueOf(info.getVersion());
    }

    private static Flyway flyway(Dialect dialect) {
        FluentConfiguration flyway = Flyway.configure(Migrations.class.getClassLoader());
        dialect.configure(flyway);
        return flyway.dataSource(dialect.owner())
                .locations(LOCATION)
                .table("schema_history")
                .lockRetryCount(LOCK_ATTEMPTS)
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }
}
