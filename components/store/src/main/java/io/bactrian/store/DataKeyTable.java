package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code data_keys} and {@code key_encryption_keys}. Whoever wraps locks the row of the key that wraps, and then the rows
 * of data keys, always in that order and after the tenant's: so nothing waits in a circle.
 */
final class DataKeyTable {

    static final String ENABLED = "enabled";
    static final String RETIRED = "retired";

    private final Database database;
    private final DataKeys dataKeys;
    private final KeyEncryptionKeys keks;
    private final Clock clock;

    /**
     * A data key and what it is for.
     *
     * @param key the key
     * @param primary whether it encrypts; all others decrypt only
     */
    record Row(DataKey key, boolean primary) {}

    DataKeyTable(Database database, DataKeys dataKeys, KeyEncryptionKeys keks, Clock clock) {
        this.database = database;
        this.dataKeys = dataKeys;
        this.keks = keks;
        this.clock = clock;
    }

    /** The key that a tenant's values are encrypted with; its first one is made when it is first needed. Part of a change. */
    DataKey primary(TenantId tenant) {
        Optional<DataKey> primary =
                list(tenant).stream().filter(Row::primary).map(Row::key).findFirst();
        return primary.orElseGet(() -> add(tenant, 1, wrapping()));
    }

    /** A new key, which encrypts from now on; those before it go on decrypting. Part of a change. */
    DataKey rotate(TenantId tenant) {
        KeyEncryptionKey kek = wrapping();
        int newest =
                list(tenant).stream().mapToInt(row -> row.key().version()).max().orElse(0);
        of(DataKeyStatements.DEMOTE_DATA_KEYS, tenant)
                .param("status", ENABLED)
                .param("now", now())
                .update();
        return add(tenant, newest + 1, kek);
    }

    private DataKey add(TenantId tenant, int version, KeyEncryptionKey kek) {
        DataKey made = dataKeys.make(tenant, version, kek);
        of(DataKeyStatements.ADD_DATA_KEY, tenant)
                .param("keyVersion", made.version())
                .param("kek", made.kekId())
                .param("wrapped", made.wrapped().toByteArray())
                .param("rowVersion", made.rowVersion())
                .param("now", now())
                .update();
        return made;
    }

    /** A tenant's keys, the oldest first. Part of an answer or a change. */
    List<Row> list(TenantId tenant) {
        return of(DataKeyStatements.DATA_KEYS, tenant)
                .query((row, n) -> new Row(key(tenant, row), "primary".equals(row.getString("status"))))
                .list();
    }

    /** Removes a key that encrypts nothing any more. Part of a change. */
    void remove(TenantId tenant, int version) {
        of(DataKeyStatements.REMOVE_DATA_KEY, tenant)
                .param("keyVersion", version)
                .update();
    }

    /**
     * The key that wraps, in no danger of being retired until the change is committed. Part of a change.
     *
     * @throws MisconfiguredException if it was retired
     */
    KeyEncryptionKey wrapping() {
        KeyEncryptionKey kek = keks.refreshed();
        if (RETIRED.equals(locked(kek.id()))) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "nothing can be encrypted with key-encryption key " + kek.id() + " of " + kek.setting()
                            + ", which was retired: give the newer one there, and start again");
        }
        return kek;
    }

    /** Locks a key-encryption key until the change is committed, and gives its status. Part of a change. */
    String locked(String kekId) {
        database.sql(DataKeyStatements.ADD_KEK)
                .param("kek", kekId)
                .param("status", ENABLED)
                .param("now", now())
                .update();
        return database.sql(DataKeyStatements.LOCK_KEK)
                .param("kek", kekId)
                .query(String.class)
                .single();
    }

    /** Part of a change that has it locked. */
    void retire(String kekId) {
        database.sql(DataKeyStatements.SET_KEK_STATUS)
                .param("kek", kekId)
                .param("status", RETIRED)
                .param("now", now())
                .update();
    }

    /** The status of every key-encryption key that ever wrapped, by its id, the oldest first. Part of an answer or a change. */
    Map<String, String> statuses() {
        Map<String, String> statuses = new LinkedHashMap<>();
        database.sql(DataKeyStatements.KEKS)
                .query((row, n) -> statuses.put(row.getString("kek_id"), row.getString("status")))
                .list();
        return statuses;
    }

    /** How many data keys each key-encryption key has wrapped, by its id. Part of an answer or a change. */
    Map<String, Long> uses() {
        Map<String, Long> uses = new LinkedHashMap<>();
        database.sql(DataKeyStatements.KEK_USES)
                .query((row, n) -> uses.put(row.getString("kek_id"), row.getLong("uses")))
                .list();
        return uses;
    }

    /** How many data keys another key than that one has wrapped. Part of an answer or a change. */
    long countBehind(String kekId) {
        return database.sql(DataKeyStatements.COUNT_DATA_KEYS_BEHIND)
                .param("kek", kekId)
                .query(Long.class)
                .single();
    }

    /**
     * Some of the data keys that another key than that one has wrapped, by tenant and version. Part of a change.
     *
     * @param afterTenant only those behind this tenant's key
     * @param afterVersion of this version
     */
    List<DataKey> behind(String kekId, String afterTenant, int afterVersion, int most) {
        return database.sql(DataKeyStatements.DATA_KEYS_BEHIND)
                .param("kek", kekId)
                .param("afterTenant", afterTenant)
                .param("afterVersion", afterVersion)
                .param("most", most)
                .query((row, n) -> key(new TenantId(row.getString("tenant_id")), row))
                .list();
    }

    /** Puts a key that was wrapped anew in its place; false if somebody else has done so since. Part of a change. */
    boolean replace(DataKey old, DataKey rewrapped) {
        int replaced = of(DataKeyStatements.REWRAP_DATA_KEY, old.tenant())
                .param("keyVersion", old.version())
                .param("rowVersion", old.rowVersion())
                .param("kek", rewrapped.kekId())
                .param("wrapped", rewrapped.wrapped().toByteArray())
                .param("nextRowVersion", rewrapped.rowVersion())
                .param("now", now())
                .update();
        return replaced == 1;
    }

    private static DataKey key(TenantId tenant, ResultSet row) throws SQLException {
        return new DataKey(
                tenant,
                row.getInt("data_key_version"),
                row.getString("kek_id"),
                row.getLong("data_key_row_version"),
                Bytes.copyFrom(row.getBytes("wrapped_key")));
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
