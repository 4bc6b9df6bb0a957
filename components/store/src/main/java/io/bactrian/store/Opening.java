package io.bactrian.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens a database step by step; what was opened is closed again if a later step refuses. */
final class Opening {

    /**
     * An open database.
     *
     * @param dialect what kind it is
     * @param database its connections
     * @param kek the key to its data keys
     */
    record Opened(Dialect dialect, Database database, KeyEncryptionKey kek) {}

    private Opening() {}

    static Opened open(StoreSettings settings) {
        // a wrong key is refused before anything is made
        KeyEncryptionKey kek = KeyLoader.find(settings);
        if (settings.url() != null) {
            return prepared(H2Dialect.inMemory(settings.url()), settings, Objects.requireNonNull(kek));
        }
        Path data = Objects.requireNonNull(settings.dataFolder());
        Path store = data.resolve("store");
        PrivateFiles.makeFolder(data);
        PrivateFiles.makeOwnFolder(store);
        // whoever waited for the lock may find the key that another process has made in the meantime
        return FolderLock.holding(store, () -> prepared(H2Dialect.onDisk(store), settings, KeyLoader.find(settings)));
    }

    private static Opened prepared(Dialect dialect, StoreSettings settings, @Nullable KeyEncryptionKey found) {
        Database database = null;
        try {
            Migrations.run(dialect.owner());
            dialect.admitUser();
            database = new Database(dialect, settings.poolSize());
            dialect.prepared();
            KeyEncryptionKey kek = found != null ? found : KeyLoader.make(settings.key(), isEmpty(dialect, database));
            KeyLoader.refuseForeign(kek, kekIds(database));
            return new Opened(dialect, database, kek);
        } catch (RuntimeException e) {
            if (database != null) {
                database.close();
            }
            dialect.close();
            throw e;
        }
    }

    private static boolean isEmpty(Dialect dialect, Database database) {
        long tenants = database.answer(() ->
                database.sql(StoreStatements.COUNT_TENANTS).query(Long.class).single());
        return dialect.embedded() && tenants == 0;
    }

    private static List<String> kekIds(Database database) {
        return database.answer(
                () -> database.sql(StoreStatements.KEK_IDS).query(String.class).list());
    }
}
