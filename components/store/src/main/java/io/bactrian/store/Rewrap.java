package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.tenant.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final List<SealedRows> sealed;
    private final Consumer<KeyRing.Progress> listener;
    private final int batchSize;
    private long dataKeysDone;
    private long dataKeysLeft;
    private long credentialsDone;
    private long credentialsLeft;
    private long unreadable;

    Rewrap(
            Database database,
            DataKeyTable table,
            DataKeys dataKeys,
            List<SealedRows> sealed,
            Consumer<KeyRing.Progress> listener,
            int batchSize) {
        this.database = database;
        this.table = table;
        this.dataKeys = dataKeys;
        this.sealed = sealed;
        this.listener = listener;
        this.batchSize = batchSize;
    }

    KeyRing.Progress run() {
        count();
        listener.accept(progress());
        dataKeys();
        values();
        // others may have written meanwhile, and several may have run at the same time
        count();
        return progress();
    }

    private void count() {
        KeyEncryptionKey kek = database.write(table::wrapping);
        dataKeysLeft = database.answer(() -> table.countBehind(kek.id()));
        credentialsLeft = countBehind(sealed);
    }

    /** How many rows an older data key encrypts. */
    static long countBehind(List<SealedRows> sealed) {
        return sealed.stream().mapToLong(SealedRows::countBehind).sum();
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

    private void values() {
        String after = "";
        while (true) {
            String last = after;
            List<TenantId> tenants = database.answer(() -> database
                    .sql(DataKeyStatements.TENANTS_WITH_OLDER_DATA_KEYS)
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
            tenants.forEach(tenant -> sealed.forEach(rows -> values(tenant, rows)));
            after = tenants.get(tenants.size() - 1).value();
        }
    }

    private void values(TenantId tenant, SealedRows rows) {
        String after = "";
        while (true) {
            String last = after;
            SealedRows.Batch batch = database.write(() -> batch(tenant, rows, last));
            if (batch.seen() == 0) {
                return;
            }
            int closed = batch.seen() - batch.done();
            credentialsDone += batch.done();
            credentialsLeft = Math.max(closed, credentialsLeft - batch.done());
            unreadable += closed;
            listener.accept(progress());
            after = batch.last();
        }
    }

    /** One transaction. It holds the tenant's lock, as every change of the tenant does: no write comes in between. */
    private SealedRows.Batch batch(TenantId tenant, SealedRows rows, String after) {
        database.sql(ChangeStatements.LOCK_VERSION)
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
            return new SealedRows.Batch(0, 0, after);
        }
        if (after.isEmpty()) {
            rows.forgetExpired(tenant);
        }
        return rows.rewrap(tenant, new SealedRows.Keys(keys, newest), after, batchSize);
    }
}
