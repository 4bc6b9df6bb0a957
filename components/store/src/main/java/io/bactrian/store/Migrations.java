package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.UnavailableException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Brings the schema up to date. Forward only: a schema newer than this version is left as it is. */
final class Migrations {

    private static final String LOCATION = "classpath:io/bactrian/store/migration";

    private Migrations() {}

    static void run(DataSource owner) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(owner)
                    .locations(LOCATION)
                    .table("schema_history")
                    .failOnMissingLocations(true)
                    .validateMigrationNaming(true)
                    .placeholderReplacement(false)
                    .cleanDisabled(true)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw PrivateFiles.wrong(
                    "the database's schema is not one that this version made: its history in schema_history differs",
                    e);
        } catch (FlywayException e) {
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE, "the database cannot be prepared", ErrorDetails.NONE, e);
        }
    }
}
