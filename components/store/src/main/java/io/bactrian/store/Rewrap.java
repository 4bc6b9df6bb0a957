package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a rewrap. Nothing is noted of how far it has come but in the rows themselves: each names the key that
 * encrypts it and changes together with it, so that a run that was killed leaves nothing to clear up (CRED-08). Within a
 * run, ids only go up: a row that does not open is met once.
 */
final class Rewrap {

    private static final Logger LOG = LoggerFactory.getLogger(Rewrap.class);
    private static final int TENANTS_AT_ONCE = 200;

    private final Database database;
    private final DataKeyTable table;
    private final DataKeys dataKeys;
    private final CredentialTables credentials;
    private final Vault vault;
    private final Consumer<KeyRing.Progress> listener;
    private final int batchSize;
    private long dataKeysDone;
    private long dataKeysLeft;
    private long credentialsDone;
    private long credentialsLeft;
    private long unreadable;

    /** The statements of one of the two tables of credentials. */
    private enum Table {
        PROVIDERS(
                StoreStatements.PROVIDER_CREDENTIALS_BEHIND,
                StoreStatements.REWRAP_PROVIDER_CREDENTIAL,
                StoreStatements.KEEP_PREVIOUS_PROVIDER_CREDENTIAL),
        MODELS(
                StoreStatements.MODEL_CREDENTIALS_BEHIND,
                StoreStatements.REWRAP_MODEL_CREDENTIAL,
                StoreStatements.KEEP_PREVIOUS_MODEL_CREDENTIAL);

        private final String behind;
        private final String rewrap;
        private final String keepPrevious;

        Table(String behind, String rewrap, String keepPrevious) {
            this.behind = behind;
            this.rewrap = rewrap;
            this.keepPrevious = keepPrevious;
        }

        /** Empty for a model of a type that only a newer version knows. */
        Optional<CredentialScope> scope(ResultSet row) throws SQLException {
            ProviderId provider = new ProviderId(row.getString("provider_name"));
            if (this == PROVIDERS) {
                return Optional.of(new CredentialScope.OfProvider(provider));
            }
            String model = row.getString("model_name");
            return ModelType.of(row.getString("model_type"))
                    .map(type -> new CredentialScope.OfModel(provider, model, type));
        }
    }

    /**
     * What a transaction did.
     *
     * @param seen rows
     * @param done rows brought to the newest key
     * @param unreadable rows that do not open
     * @param last the last row's id; empty if there was none
     */
    private record Batch(int seen, int done, int unreadable, String last) {}

    /**
     * A credential that an older key encrypts.
     *
     * @param id its id
     * @param sealed its values; null if this version does not know what they are of
     */
    private record Behind(String id, CredentialRows.@Nullable Sealed sealed) {}

    Rewrap(
            Database database,
            DataKeyTable table,
            DataKeys dataKeys,
            CredentialTables credentials,
            Vault vault,
            Consumer<KeyRing.Progress> listener,
            int batchSize) {
        this.database = database;
        this.table = table;
        this.dataKeys = dataKeys;
        this.credentials = credentials;
        this.vault = vault;
        this.listener = listener;
        this.batchSize = batchSize;
    }

    KeyRing.Progress run() {
        count();
        listener.accept(progress());
        dataKeys();
        credentials();
        // others may have written meanwhile, and several may have run at the same time
        count();
        return progress();
    }

    private void count() {
        KeyEncryptionKey kek = database.write(table::wrapping);
        dataKeysLeft = database.answer(() -> table.countBehind(kek.id()));
        credentialsLeft = countCredentials(database);
    }

    /** How many credentials an older data key encrypts. */
    static long countCredentials(Database database) {
        long left = 0;
        for (String statement : List.of(
                StoreStatements.COUNT_PROVIDER_CREDENTIALS_BEHIND, StoreStatements.COUNT_MODEL_CREDENTIALS_BEHIND)) {
            left += database.answer(
                    () -> database.sql(statement).query(Long.class).single());
        }
        return left;
    }

    private KeyRing.Progress progress() {
        return new KeyRing.Progress(dataKeysDone, dataKeysLeft, credentialsDone, credentialsLeft, unreadable);
    }

    private void dataKeys() {
        String afterTenant = "";
        int afterVersion = 0;
        while (true) {
            String tenant = afterTenant;
            int version = afterVersion;
            DataKeyBatch batch = database.write(() -> dataKeyBatch(tenant, version));
            if (batch.last() == null) {
                return;
            }
            dataKeysDone += batch.done();
            dataKeysLeft = Math.max(batch.unreadable(), dataKeysLeft - batch.done());
            unreadable += batch.unreadable();
            listener.accept(progress());
            afterTenant = batch.last().tenant().value();
            afterVersion = batch.last().version();
        }
    }

    private record DataKeyBatch(
            int done, int unreadable, @Nullable DataKey last) {}

    private DataKeyBatch dataKeyBatch(String afterTenant, int afterVersion) {
        KeyEncryptionKey kek = table.wrapping();
        List<DataKey> behind = table.behind(kek.id(), afterTenant, afterVersion, batchSize);
        int done = 0;
        int closed = 0;
        for (DataKey key : behind) {
            try {
                done += table.replace(key, dataKeys.rewrapped(key, kek)) ? 1 : 0;
            } catch (CredentialUnreadableException e) {
                closed++;
                LOG.warn("not rewrapped: {}", e.reason());
            }
        }
        return new DataKeyBatch(done, closed, behind.isEmpty() ? null : behind.get(behind.size() - 1));
    }

    private void credentials() {
        String after = "";
        while (true) {
            String last = after;
            List<TenantId> tenants = database.answer(() -> database
                    .sql(StoreStatements.TENANTS_WITH_OLDER_DATA_KEYS)
                    .param("after", last)
                    .param("most", TENANTS_AT_ONCE)
                    .query(String.class)
                    .list()
                    .stream()
                    .map(TenantId::new)
                    .toList());
            if (tenants.isEmpty()) {
                return;
            }
            for (TenantId tenant : tenants) {
                credentials(tenant, Table.PROVIDERS);
                credentials(tenant, Table.MODELS);
            }
            after = tenants.get(tenants.size() - 1).value();
        }
    }

    private void credentials(TenantId tenant, Table of) {
        String after = "";
        while (true) {
            String last = after;
            Batch batch = database.write(() -> batch(tenant, of, last));
            if (batch.seen() == 0) {
                return;
            }
            credentialsDone += batch.done();
            credentialsLeft = Math.max(batch.unreadable(), credentialsLeft - batch.done());
            unreadable += batch.unreadable();
            listener.accept(progress());
            after = batch.last();
        }
    }

    /** One transaction. It holds the tenant's lock, as every change of the tenant does: no write comes in between. */
    private Batch batch(TenantId tenant, Table of, String after) {
        database.sql(StoreStatements.LOCK_VERSION)
                .param("tenant", tenant.value())
                .query(Long.class)
                .optional();
        Map<Integer, DataKey> keys = new HashMap<>();
        DataKey newest = null;
        for (DataKeyTable.Row row : table.list(tenant)) {
            keys.put(row.key().version(), row.key());
            newest = row.primary() ? row.key() : newest;
        }
        if (newest == null) {
            // the tenant has gone since
            return new Batch(0, 0, 0, after);
        }
        if (after.isEmpty()) {
            credentials.forgetExpired(tenant);
        }
        List<Behind> behind = behind(tenant, of, newest.version(), keys, after);
        int done = 0;
        for (Behind row : behind) {
            done += rewrapped(of, row, newest) ? 1 : 0;
        }
        String last = behind.isEmpty() ? after : behind.get(behind.size() - 1).id();
        return new Batch(behind.size(), done, behind.size() - done, last);
    }

    private List<Behind> behind(TenantId tenant, Table of, int newest, Map<Integer, DataKey> keys, String after) {
        return database.sql(of.behind)
                .param("tenant", tenant.value())
                .param("keyVersion", newest)
                .param("after", after)
                .param("most", batchSize)
                .query((row, n) -> new Behind(row.getString("id"), sealed(tenant, of, keys, row)))
                .list();
    }

    private static CredentialRows.@Nullable Sealed sealed(
            TenantId tenant, Table of, Map<Integer, DataKey> keys, ResultSet row) throws SQLException {
        Optional<CredentialScope> scope = of.scope(row);
        if (scope.isEmpty()) {
            return null;
        }
        SealedCredential current =
                CredentialRows.current(tenant, scope.get(), row, keys.get(row.getInt("data_key_version")));
        return new CredentialRows.Sealed(
                current, CredentialRows.previous(current, row, keys.get(row.getInt("previous_data_key_version"))));
    }

    private boolean rewrapped(Table of, Behind row, DataKey newest) {
        CredentialRows.Sealed sealed = row.sealed();
        if (sealed == null) {
            return false;
        }
        try {
            rewrap(of.rewrap, sealed.current(), newest, null);
            SealedCredential previous = sealed.previous();
            if (previous != null) {
                rewrap(of.keepPrevious, previous, newest, Objects.requireNonNull(previous.until()));
            }
            return true;
        } catch (CredentialUnreadableException e) {
            // told of by the vault; it stays as it is, and so does the key that it names
            return false;
        }
    }

    private void rewrap(String statement, SealedCredential old, DataKey newest, java.time.@Nullable Instant until)
            throws CredentialUnreadableException {
        if (old.keyVersion() == newest.version()) {
            return;
        }
        var update = database.sql(statement)
                .param("tenant", old.tenant().value())
                .param("id", old.id().value())
                .param("version", old.version())
                .param("keyVersion", newest.version())
                .param("sealed", vault.reseal(old, newest));
        (until == null ? update : update.param("until", until.atOffset(ZoneOffset.UTC))).update();
    }
}
