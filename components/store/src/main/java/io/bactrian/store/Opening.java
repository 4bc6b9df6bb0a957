package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens a database step by step; what was opened is closed again if a later step refuses. */
final class Opening {

    private static final String FLYWAY_FOR_POSTGRES = "org/flywaydb/database/postgresql/PostgreSQLDatabaseType.class";

    /**
     * An open database.
     *
     * @param dialect what kind it is
     * @param database its connections
     * @param watching the connection that looks for changes
     * @param kek the key to its data keys
     */
    record Opened(Dialect dialect, Database database, Database watching, KeyEncryptionKey kek) {

        void close() {
            watching.close();
            database.close();
            dialect.close();
        }
    }

    private Opening() {}

    static Opened open(StoreSettings settings) {
        // a wrong key is refused before anything is made
        KeyEncryptionKey kek = KeyLoader.find(settings);
        String url = settings.url();
        if (url != null && PostgresUrl.isOne(url)) {
            requireGiven(kek, settings);
            return prepared(connect(settings), settings, kek);
        }
        if (url != null) {
            return prepared(H2Dialect.inMemory(url), settings, Objects.requireNonNull(kek));
        }
        Path data = Objects.requireNonNull(settings.dataFolder());
        Path store = data.resolve("store");
        PrivateFiles.makeFolder(data);
        PrivateFiles.makeOwnFolder(store);
        // whoever waited for the lock may find the key that another process has made in the meantime
        return FolderLock.holding(store, () -> prepared(H2Dialect.onDisk(store), settings, KeyLoader.find(settings)));
    }

    /**
     * A database that is there, as it is: nothing is made, changed or brought up to date.
     *
     * @throws MisconfiguredException if there is none
     */
    static Dialect existing(StoreSettings settings) {
        String url = settings.url();
        if (url != null) {
            return PostgresUrl.isOne(url) ? connect(settings) : H2Dialect.inMemory(url);
        }
        Path store = Objects.requireNonNull(settings.dataFolder()).resolve("store");
        if (!Files.exists(store.resolve("bactrian.mv.db"))) {
            throw PrivateFiles.wrong("there is no database in the data folder", null);
        }
        return FolderLock.holding(store, () -> H2Dialect.onDisk(store));
    }

    /** A server may have other nodes, and all of them need one key: none is made in passing. */
    static void requireGiven(@Nullable KeyEncryptionKey kek, StoreSettings settings) {
        if (kek == null) {
            throw PrivateFiles.wrong(
                    "there is no key-encryption key in " + settings.key().setting()
                            + ", and with a database server none is made: make one (openssl rand -base64 32) and give the"
                            + " same to every node, in the environment variable " + StoreSettings.DEFAULT_KEY_VARIABLE
                            + " or in the file that " + StoreSettings.KEY_FILE + " names",
                    null);
        }
    }

    static Dialect connect(StoreSettings settings) {
        if (Opening.class.getClassLoader().getResource(FLYWAY_FOR_POSTGRES) == null) {
            throw missing("org.flywaydb:flyway-database-postgresql");
        }
        try {
            return PostgresDialect.connect(settings);
        } catch (NoClassDefFoundError e) {
            throw missing("org.postgresql:postgresql");
        }
    }

    private static MisconfiguredException missing(String dependency) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                StoreSettings.URL + " names a PostgreSQL server: add the dependency " + dependency);
    }

    private static Opened prepared(Dialect dialect, StoreSettings settings, @Nullable KeyEncryptionKey found) {
        Database database = null;
        Database watching = null;
        try {
            Migrations.run(dialect);
            dialect.admitUser();
            database = new Database(
                    dialect.user(), dialect.snapshotIsolation(), Database.Pool.ofCalls(settings.poolSize()));
            watching = new Database(dialect.watcher(), dialect.snapshotIsolation(), Database.Pool.ofPoll());
            dialect.prepared();
            KeyEncryptionKey kek = found != null ? found : KeyLoader.make(settings.key(), isEmpty(dialect, database));
            KeyLoader.refuseForeign(kek, kekIds(database));
            return new Opened(dialect, database, watching, kek);
        } catch (RuntimeException e) {
            if (watching != null) {
                watching.close();
            }
            if (database != null) {
                database.close();
            }
            dialect.close();
            throw e;
        }
    }

    private static boolean isEmpty(Dialect dialect, Database database) {
        long tenants = database.answer(() ->
                database.sql(TenantStatements.COUNT_TENANTS).query(Long.class).single());
        return dialect.embedded() && tenants == 0;
    }

    private static List<String> kekIds(Database database) {
        return database.answer(() ->
                database.sql(DataKeyStatements.KEK_IDS).query(String.class).list());
    }
}
