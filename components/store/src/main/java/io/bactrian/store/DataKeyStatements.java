package io.bactrian.store;

/** The statements about data keys and the keys that wrap them, under the rules of {@link AcrossTenants}. */
final class DataKeyStatements {

    @AcrossTenants("which key-encryption keys are needed: ids only")
    static final String KEK_IDS = """
            SELECT DISTINCT kek_id FROM data_keys""";

    static final String ADD_DATA_KEY = """
            INSERT INTO data_keys
                (tenant_id, key_version, status, kek_id, wrapped_key, row_version, created_at, updated_at)
            VALUES (:tenant, :keyVersion, 'primary', :kek, :wrapped, :rowVersion, :now, :now)""";

    static final String DATA_KEYS = """
            SELECT key_version AS data_key_version, status, kek_id, row_version AS data_key_row_version, wrapped_key
            FROM data_keys WHERE tenant_id = :tenant ORDER BY key_version""";

    static final String DEMOTE_DATA_KEYS = """
            UPDATE data_keys SET status = :status, updated_at = :now WHERE tenant_id = :tenant AND status = 'primary'""";

    static final String REWRAP_DATA_KEY = """
            UPDATE data_keys SET kek_id = :kek, wrapped_key = :wrapped, row_version = :nextRowVersion, updated_at = :now
            WHERE tenant_id = :tenant AND key_version = :keyVersion AND row_version = :rowVersion""";

    static final String REMOVE_DATA_KEY = """
            DELETE FROM data_keys WHERE tenant_id = :tenant AND key_version = :keyVersion AND status <> 'primary'""";

    @AcrossTenants("which data keys are not wrapped by the newest key yet; each is changed by its tenant")
    static final String DATA_KEYS_BEHIND = """
            SELECT tenant_id, key_version AS data_key_version, kek_id, row_version AS data_key_row_version, wrapped_key
            FROM data_keys WHERE kek_id <> :kek
                AND (tenant_id > :afterTenant OR (tenant_id = :afterTenant AND key_version > :afterVersion))
            ORDER BY tenant_id, key_version FETCH FIRST :most ROWS ONLY""";

    @AcrossTenants("a number only")
    static final String COUNT_DATA_KEYS_BEHIND = """
            SELECT COUNT(*) FROM data_keys WHERE kek_id <> :kek""";

    @AcrossTenants("which key-encryption keys are needed, and how often: ids and numbers only")
    static final String KEK_USES = """
            SELECT kek_id, COUNT(*) AS uses FROM data_keys GROUP BY kek_id""";

    @AcrossTenants("key-encryption keys are the installation's")
    static final String KEKS = """
            SELECT kek_id, status FROM key_encryption_keys ORDER BY created_at, kek_id""";

    @AcrossTenants("key-encryption keys are the installation's")
    static final String ADD_KEK = """
            INSERT INTO key_encryption_keys (kek_id, status, created_at, updated_at)
            VALUES (:kek, :status, :now, :now) ON CONFLICT DO NOTHING""";

    @AcrossTenants("key-encryption keys are the installation's")
    static final String LOCK_KEK = """
            SELECT status FROM key_encryption_keys WHERE kek_id = :kek FOR UPDATE""";

    @AcrossTenants("key-encryption keys are the installation's")
    static final String SET_KEK_STATUS = """
            UPDATE key_encryption_keys SET status = :status, row_version = row_version + 1, updated_at = :now
            WHERE kek_id = :kek""";

    @AcrossTenants("whose values may be encrypted by an older data key; each tenant's are changed by themselves")
    static final String TENANTS_WITH_OLDER_DATA_KEYS = """
            SELECT DISTINCT tenant_id FROM data_keys WHERE status <> 'primary' AND tenant_id > :after
            ORDER BY tenant_id FETCH FIRST :most ROWS ONLY""";

    static final String REMOVE_DATA_KEYS = """
            DELETE FROM data_keys WHERE tenant_id = :tenant""";

    private DataKeyStatements() {}
}
