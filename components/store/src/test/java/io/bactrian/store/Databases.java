package io.bactrian.store;

import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The kinds of database that a test runs against, each with an empty one for the asking. */
enum Databases {
    /** In memory. */
    H2 {
        @Override
        StoreSettings empty() {
            return StoreSettings.inMemory("d" + UUID.randomUUID());
        }

        @Override
        Dialect dialect(StoreSettings settings) {
            return H2Dialect.inMemory(String.valueOf(settings.url()));
        }
    },
    /** On the server that all tests share. */
    POSTGRES {
        @Override
        StoreSettings empty() {
            PostgresServer server = PostgresServer.shared();
            return server.settings(server.emptyDatabase());
        }

        @Override
        Dialect dialect(StoreSettings settings) {
            return PostgresDialect.connect(settings);
        }
    };

    /** Settings of a new database without tables. */
    abstract StoreSettings empty();

    /** The database as it is; one in memory is there as long as this is open. */
    abstract Dialect dialect(StoreSettings settings);

    static JdbcTemplate burglar(Dialect dialect) {
        return new JdbcTemplate(dialect.owner());
    }
}
