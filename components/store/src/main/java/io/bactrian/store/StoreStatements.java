package io.bactrian.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Every statement the store sends while it runs. Values are bound, never written in; each statement names the tenant for
 * every table it touches, and one that cannot says why (the tests read this class and hold it to that).
 */
final class StoreStatements {

    /** Marks a statement that is not about one tenant. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    @interface AcrossTenants {
        /** Why. */
        String value();
    }

    // ---- numbers of changes

    @AcrossTenants("how another process's changes are noticed: numbers only")
    static final String CHANGES_SINCE = """
            SELECT tenant_id, version FROM config_versions WHERE version > :since AND tenant_id <> '*' ORDER BY version""";

    @AcrossTenants("the one counter that numbers are drawn from")
    static final String DRAW_NUMBER = """
            UPDATE config_versions SET version = version + 1 WHERE tenant_id = '*'""";

    @AcrossTenants("the one counter that numbers are drawn from")
    static final String DRAWN_NUMBER = """
            SELECT version FROM config_versions WHERE tenant_id = '*'""";

    @AcrossTenants("wakes other processes, which then look for numbers: a hint")
    static final String ANNOUNCE = """
            SELECT pg_notify(:channel, :number)""";

    @AcrossTenants("hears the hint")
    static final String LISTEN = "LISTEN " + PostgresListener.CHANNEL;

    static final String ADD_VERSION = """
            INSERT INTO config_versions (tenant_id, version) VALUES (:tenant, 0) ON CONFLICT DO NOTHING""";

    static final String LOCK_VERSION = """
            SELECT version FROM config_versions WHERE tenant_id = :tenant FOR UPDATE""";

    static final String SET_VERSION = """
            UPDATE config_versions SET version = :version WHERE tenant_id = :tenant""";

    // ---- tenants and members

    static final String TENANT = """
            SELECT name, enabled, manages_members FROM tenants WHERE id = :tenant""";

    @AcrossTenants("the operator's list of tenants")
    static final String TENANTS = """
            SELECT id, name, enabled FROM tenants ORDER BY id""";

    @AcrossTenants("tells an empty database from one that lost its key")
    static final String COUNT_TENANTS = """
            SELECT COUNT(*) FROM tenants""";

    static final String ADD_TENANT = """
            INSERT INTO tenants (id, name, enabled, created_at, updated_at)
            VALUES (:tenant, :name, :enabled, :now, :now)""";

    static final String UPDATE_TENANT = """
            UPDATE tenants SET name = :name, enabled = :enabled, row_version = row_version + 1, updated_at = :now
            WHERE id = :tenant""";

    static final String REMOVE_TENANT = """
            DELETE FROM tenants WHERE id = :tenant""";

    @AcrossTenants("accounts are the installation's; it takes a join to make one a tenant's")
    static final String ADD_ACCOUNT = """
            INSERT INTO accounts (id, created_at, updated_at) VALUES (:user, :now, :now) ON CONFLICT DO NOTHING""";

    static final String MANAGE_MEMBERS = """
            UPDATE tenants SET manages_members = TRUE WHERE id = :tenant""";

    static final String MEMBERS = """
            SELECT account_id, role FROM tenant_account_joins WHERE tenant_id = :tenant ORDER BY account_id""";

    static final String ROLE = """
            SELECT role FROM tenant_account_joins WHERE tenant_id = :tenant AND account_id = :user""";

    static final String ADD_MEMBER = """
            INSERT INTO tenant_account_joins (tenant_id, account_id, role, created_at, updated_at)
            VALUES (:tenant, :user, :role, :now, :now)""";

    static final String UPDATE_MEMBER = """
            UPDATE tenant_account_joins SET role = :role, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND account_id = :user""";

    static final String REMOVE_MEMBER = """
            DELETE FROM tenant_account_joins WHERE tenant_id = :tenant AND account_id = :user""";

    static final String REMOVE_MEMBERS = """
            DELETE FROM tenant_account_joins WHERE tenant_id = :tenant""";

    // ---- data keys

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

    @AcrossTenants("a number only")
    static final String COUNT_PROVIDER_CREDENTIALS_BEHIND = """
            SELECT COUNT(*) FROM provider_credentials c WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = c.tenant_id AND k.status <> 'primary'
                    AND k.key_version IN (c.data_key_version, c.previous_data_key_version))""";

    @AcrossTenants("a number only")
    static final String COUNT_MODEL_CREDENTIALS_BEHIND = """
            SELECT COUNT(*) FROM provider_model_credentials c WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = c.tenant_id AND k.status <> 'primary'
                    AND k.key_version IN (c.data_key_version, c.previous_data_key_version))""";

    static final String REMOVE_DATA_KEYS = """
            DELETE FROM data_keys WHERE tenant_id = :tenant""";

    // ---- versions of credentials

    static final String ADD_CREDENTIAL_VERSION = """
            INSERT INTO credential_versions (tenant_id, credential_id, version) VALUES (:tenant, :id, :version)""";

    static final String CREDENTIAL_VERSION = """
            SELECT version FROM credential_versions WHERE tenant_id = :tenant AND credential_id = :id""";

    static final String SET_CREDENTIAL_VERSION = """
            UPDATE credential_versions SET version = :version WHERE tenant_id = :tenant AND credential_id = :id""";

    static final String RETIRE_PROVIDERS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String RETIRE_MODELS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String RETIRE_ONE_MODELS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider
                    AND model_name = :model AND model_type = :type)""";

    static final String REMOVE_CREDENTIAL_VERSIONS = """
            DELETE FROM credential_versions WHERE tenant_id = :tenant""";

    // ---- providers

    static final String PROVIDER = """
            SELECT configured, enabled, credential_id FROM providers
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String PROVIDERS = """
            SELECT provider_name FROM providers p WHERE p.tenant_id = :tenant
                AND (p.configured OR NOT p.enabled OR EXISTS (
                    SELECT 1 FROM provider_models m
                    WHERE m.tenant_id = :tenant AND m.provider_name = p.provider_name))
            UNION SELECT provider_name FROM provider_model_settings WHERE tenant_id = :tenant
            UNION SELECT provider_name FROM tenant_preferred_model_providers WHERE tenant_id = :tenant""";

    static final String ADD_PROVIDER = """
            INSERT INTO providers (tenant_id, provider_name, created_at, updated_at)
            VALUES (:tenant, :provider, :now, :now)""";

    static final String ENABLE_PROVIDER = """
            UPDATE providers SET enabled = :enabled, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String CONFIGURE_PROVIDER = """
            UPDATE providers SET configured = TRUE, credential_id = :active, row_version = row_version + 1,
                updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String DEACTIVATE_PROVIDERS = """
            UPDATE providers SET credential_id = NULL WHERE tenant_id = :tenant""";

    static final String DEACTIVATE_PROVIDER = """
            UPDATE providers SET credential_id = NULL WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PROVIDERS = """
            DELETE FROM providers WHERE tenant_id = :tenant""";

    static final String REMOVE_PROVIDER = """
            DELETE FROM providers WHERE tenant_id = :tenant AND provider_name = :provider""";

    // ---- credentials of providers

    static final String COUNT_PROVIDER_CREDENTIALS_OF_KEY = """
            SELECT COUNT(*) FROM provider_credentials WHERE tenant_id = :tenant
                AND (data_key_version = :keyVersion OR previous_data_key_version = :keyVersion)""";

    static final String PROVIDER_CREDENTIALS_BEHIND = """
            SELECT c.id, c.provider_name, c.row_version, c.encrypted_config, c.data_key_version,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                v.version AS newest_version
            FROM provider_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
            WHERE c.tenant_id = :tenant
                AND (c.data_key_version <> :keyVersion OR c.previous_data_key_version <> :keyVersion)
                AND c.id > :after ORDER BY c.id FETCH FIRST :most ROWS ONLY""";

    static final String REWRAP_PROVIDER_CREDENTIAL = """
            UPDATE provider_credentials SET encrypted_config = :sealed, data_key_version = :keyVersion
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    static final String KEEP_PREVIOUS_PROVIDER_CREDENTIAL = """
            UPDATE provider_credentials SET previous_config = :sealed, previous_data_key_version = :keyVersion,
                previous_of = :version, previous_until = :until
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    static final String FORGET_EXPIRED_PROVIDER_CREDENTIALS = """
            UPDATE provider_credentials SET previous_config = NULL, previous_data_key_version = NULL,
                previous_of = NULL, previous_until = NULL
            WHERE tenant_id = :tenant AND (previous_until <= :now OR previous_of <> row_version
                OR (previous_config IS NOT NULL AND previous_until IS NULL))""";

    static final String PROVIDER_CREDENTIALS = """
            SELECT c.id, c.credential_name, c.row_version, c.encrypted_config, c.data_key_version,
                v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                p.kek_id AS previous_kek_id, p.row_version AS previous_data_key_row_version,
                p.wrapped_key AS previous_wrapped_key
            FROM provider_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
                LEFT JOIN data_keys p ON p.tenant_id = :tenant AND p.key_version = c.previous_data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_name = :provider ORDER BY c.ordinal""";

    static final String PROVIDER_CREDENTIAL = """
            SELECT c.id, c.credential_name, c.row_version, c.encrypted_config, c.data_key_version,
                v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                p.kek_id AS previous_kek_id, p.row_version AS previous_data_key_row_version,
                p.wrapped_key AS previous_wrapped_key
            FROM provider_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
                LEFT JOIN data_keys p ON p.tenant_id = :tenant AND p.key_version = c.previous_data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_name = :provider AND c.id = :id""";

    static final String PROVIDER_CREDENTIAL_HEADS = """
            SELECT id, credential_name, row_version FROM provider_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String ADD_PROVIDER_CREDENTIAL = """
            INSERT INTO provider_credentials (id, tenant_id, provider_name, credential_name, encrypted_config,
                data_key_version, managed_by, row_version, created_at, updated_at)
            VALUES (:id, :tenant, :provider, :name, :sealed, :keyVersion, :managedBy, 1, :now, :now)""";

    static final String UPDATE_PROVIDER_CREDENTIAL = """
            UPDATE provider_credentials SET credential_name = :name, encrypted_config = :sealed,
                data_key_version = :keyVersion, row_version = :version, updated_at = :now,
                previous_config = NULL, previous_data_key_version = NULL, previous_of = NULL, previous_until = NULL
            WHERE tenant_id = :tenant AND provider_name = :provider AND id = :id""";

    static final String REMOVE_PROVIDER_CREDENTIAL = """
            DELETE FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider AND id = :id""";

    static final String REMOVE_PROVIDER_CREDENTIALS = """
            DELETE FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_PROVIDER_CREDENTIALS = """
            DELETE FROM provider_credentials WHERE tenant_id = :tenant""";

    static final String MANAGED_BY = """
            SELECT managed_by FROM provider_credentials WHERE tenant_id = :tenant AND id = :id
            UNION ALL
            SELECT managed_by FROM provider_model_credentials WHERE tenant_id = :tenant AND id = :id""";

    // ---- models and their credentials

    static final String MODELS = """
            SELECT model_name, model_type, credential_id FROM provider_models
            WHERE tenant_id = :tenant AND provider_name = :provider ORDER BY created_at, model_name, model_type""";

    static final String MODEL = """
            SELECT credential_id FROM provider_models WHERE tenant_id = :tenant AND provider_name = :provider
                AND model_name = :model AND model_type = :type""";

    static final String ADD_MODEL = """
            INSERT INTO provider_models (tenant_id, provider_name, model_name, model_type, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :now, :now)""";

    static final String CONFIGURE_MODEL = """
            UPDATE provider_models SET credential_id = :active, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String DEACTIVATE_ALL_MODELS = """
            UPDATE provider_models SET credential_id = NULL WHERE tenant_id = :tenant""";

    static final String DEACTIVATE_MODELS = """
            UPDATE provider_models SET credential_id = NULL WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String DEACTIVATE_MODEL = """
            UPDATE provider_models SET credential_id = NULL
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_ALL_MODELS = """
            DELETE FROM provider_models WHERE tenant_id = :tenant""";

    static final String REMOVE_MODELS = """
            DELETE FROM provider_models WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_MODEL = """
            DELETE FROM provider_models
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String COUNT_MODEL_CREDENTIALS_OF_KEY = """
            SELECT COUNT(*) FROM provider_model_credentials WHERE tenant_id = :tenant
                AND (data_key_version = :keyVersion OR previous_data_key_version = :keyVersion)""";

    static final String MODEL_CREDENTIALS_BEHIND = """
            SELECT c.id, c.provider_name, c.model_name, c.model_type, c.row_version, c.encrypted_config, c.data_key_version,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                v.version AS newest_version
            FROM provider_model_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
            WHERE c.tenant_id = :tenant
                AND (c.data_key_version <> :keyVersion OR c.previous_data_key_version <> :keyVersion)
                AND c.id > :after ORDER BY c.id FETCH FIRST :most ROWS ONLY""";

    static final String REWRAP_MODEL_CREDENTIAL = """
            UPDATE provider_model_credentials SET encrypted_config = :sealed, data_key_version = :keyVersion
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    static final String KEEP_PREVIOUS_MODEL_CREDENTIAL = """
            UPDATE provider_model_credentials SET previous_config = :sealed, previous_data_key_version = :keyVersion,
                previous_of = :version, previous_until = :until
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    static final String FORGET_EXPIRED_MODEL_CREDENTIALS = """
            UPDATE provider_model_credentials SET previous_config = NULL, previous_data_key_version = NULL,
                previous_of = NULL, previous_until = NULL
            WHERE tenant_id = :tenant AND (previous_until <= :now OR previous_of <> row_version
                OR (previous_config IS NOT NULL AND previous_until IS NULL))""";

    static final String MODEL_CREDENTIALS = """
            SELECT c.id, c.credential_name, c.row_version, c.encrypted_config, c.data_key_version,
                c.model_name, c.model_type, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                p.kek_id AS previous_kek_id, p.row_version AS previous_data_key_row_version,
                p.wrapped_key AS previous_wrapped_key
            FROM provider_model_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
                LEFT JOIN data_keys p ON p.tenant_id = :tenant AND p.key_version = c.previous_data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_name = :provider ORDER BY c.ordinal""";

    static final String MODEL_CREDENTIAL = """
            SELECT c.id, c.credential_name, c.row_version, c.encrypted_config, c.data_key_version,
                c.model_name, c.model_type, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key,
                c.previous_config, c.previous_data_key_version, c.previous_of, c.previous_until,
                p.kek_id AS previous_kek_id, p.row_version AS previous_data_key_row_version,
                p.wrapped_key AS previous_wrapped_key
            FROM provider_model_credentials c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
                LEFT JOIN data_keys p ON p.tenant_id = :tenant AND p.key_version = c.previous_data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_name = :provider AND c.id = :id""";

    static final String MODEL_CREDENTIAL_HEADS = """
            SELECT id, credential_name, row_version FROM provider_model_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String ADD_MODEL_CREDENTIAL = """
            INSERT INTO provider_model_credentials (id, tenant_id, provider_name, model_name, model_type,
                credential_name, encrypted_config, data_key_version, managed_by, row_version, created_at, updated_at)
            VALUES (:id, :tenant, :provider, :model, :type,
                :name, :sealed, :keyVersion, :managedBy, 1, :now, :now)""";

    static final String UPDATE_MODEL_CREDENTIAL = """
            UPDATE provider_model_credentials SET credential_name = :name, encrypted_config = :sealed,
                data_key_version = :keyVersion, row_version = :version, updated_at = :now,
                previous_config = NULL, previous_data_key_version = NULL, previous_of = NULL, previous_until = NULL
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND id = :id""";

    static final String REMOVE_MODEL_CREDENTIAL = """
            DELETE FROM provider_model_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND id = :id""";

    static final String REMOVE_ONE_MODELS_CREDENTIALS = """
            DELETE FROM provider_model_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_MODEL_CREDENTIALS = """
            DELETE FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_MODEL_CREDENTIALS = """
            DELETE FROM provider_model_credentials WHERE tenant_id = :tenant""";

    // ---- switches, defaults, preferences

    static final String SETTINGS = """
            SELECT model_name, model_type, enabled FROM provider_model_settings
            WHERE tenant_id = :tenant AND (switched OR NOT enabled) AND provider_name = :provider
            ORDER BY model_name, model_type""";

    static final String ADD_SETTING = """
            INSERT INTO provider_model_settings
                (tenant_id, provider_name, model_name, model_type, enabled, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :enabled, :now, :now)""";

    static final String UPDATE_SETTING = """
            UPDATE provider_model_settings SET enabled = :enabled, switched = TRUE, row_version = row_version + 1,
                updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_SETTINGS = """
            DELETE FROM provider_model_settings WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_SETTINGS = """
            DELETE FROM provider_model_settings WHERE tenant_id = :tenant""";

    static final String DEFAULT_MODEL = """
            SELECT provider_name, model_name FROM tenant_default_models
            WHERE tenant_id = :tenant AND model_type = :type""";

    static final String ADD_DEFAULT_MODEL = """
            INSERT INTO tenant_default_models
                (tenant_id, model_type, provider_name, model_name, created_at, updated_at)
            VALUES (:tenant, :type, :provider, :model, :now, :now)""";

    static final String UPDATE_DEFAULT_MODEL = """
            UPDATE tenant_default_models SET provider_name = :provider, model_name = :model,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND model_type = :type""";

    static final String REMOVE_DEFAULT_MODEL = """
            DELETE FROM tenant_default_models WHERE tenant_id = :tenant AND model_type = :type""";

    static final String REMOVE_DEFAULT_MODELS = """
            DELETE FROM tenant_default_models WHERE tenant_id = :tenant""";

    static final String PREFERENCE = """
            SELECT preferred_provider_type, descend FROM tenant_preferred_model_providers
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String ADD_PREFERENCE = """
            INSERT INTO tenant_preferred_model_providers
                (tenant_id, provider_name, preferred_provider_type, descend, created_at, updated_at)
            VALUES (:tenant, :provider, :preferred, :descend, :now, :now)""";

    static final String UPDATE_PREFERENCE = """
            UPDATE tenant_preferred_model_providers SET preferred_provider_type = :preferred, descend = :descend,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PREFERENCE = """
            DELETE FROM tenant_preferred_model_providers WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PREFERENCES = """
            DELETE FROM tenant_preferred_model_providers WHERE tenant_id = :tenant""";

    // ---- files

    @AcrossTenants("folders are the installation's; a row of tool_files makes what is in one a tenant's")
    static final String FILE_FOLDER = """
            SELECT id FROM file_folders WHERE id = :folder""";

    @AcrossTenants("folders are the installation's; a row of tool_files makes what is in one a tenant's")
    static final String ADD_FILE_FOLDER = """
            INSERT INTO file_folders (id, created_at) VALUES (:folder, :now) ON CONFLICT DO NOTHING""";

    static final String FILE = """
            SELECT id, user_id, conversation_id, folder_id, name, mimetype, size, sha256, created_at, expires_at
            FROM tool_files WHERE tenant_id = :tenant AND id = :id""";

    static final String FILES = """
            SELECT id, user_id, conversation_id, name, mimetype, size, sha256, created_at, expires_at
            FROM tool_files
            WHERE tenant_id = :tenant AND (expires_at IS NULL OR expires_at > :now)
                AND (CAST(:user AS VARCHAR(256)) IS NULL OR user_id IS NULL OR user_id = :user)
                AND (created_at, id) < (:before, :beforeId)
            ORDER BY created_at DESC, id DESC FETCH FIRST :most ROWS ONLY""";

    static final String FILES_BY_ID = """
            SELECT id FROM tool_files WHERE tenant_id = :tenant AND id IN (:ids)""";

    static final String FILES_OF_CONVERSATION = """
            SELECT id FROM tool_files WHERE tenant_id = :tenant AND conversation_id = :conversation""";

    static final String ADD_FILE = """
            INSERT INTO tool_files (tenant_id, id, user_id, conversation_id, folder_id, name, mimetype, size, sha256,
                created_at, expires_at)
            VALUES (:tenant, :id, :user, :conversation, :folder, :name, :mimetype, :size, :sha256,
                :createdAt, :expiresAt)""";

    static final String REMOVE_FILE = """
            DELETE FROM tool_files WHERE tenant_id = :tenant AND id = :id""";

    @AcrossTenants("what is to go whosever it is; each is removed by its tenant and id")
    static final String EXPIRED_FILES = """
            SELECT tenant_id, id FROM tool_files WHERE expires_at <= :now
            ORDER BY expires_at FETCH FIRST :most ROWS ONLY""";

    @AcrossTenants("looks for those whose content has gone; each is removed by its tenant and id")
    static final String FILES_IN_FOLDER = """
            SELECT tenant_id, id, size FROM tool_files
            WHERE folder_id = :folder AND (tenant_id, id) > (:afterTenant, :after)
            ORDER BY tenant_id, id FETCH FIRST :most ROWS ONLY""";

    @AcrossTenants("a number only")
    static final String COUNT_FILES_ELSEWHERE = """
            SELECT COUNT(*) FROM tool_files WHERE folder_id <> :folder""";

    // ---- approvals

    static final String ADD_APPROVAL = """
            INSERT INTO approvals (tenant_id, id, user_id, app_id, tool, request_id, status, fingerprint,
                encrypted_arguments, data_key_version, requested_at, expires_at)
            VALUES (:tenant, :id, :user, :app, :tool, :requestId, :status, :fingerprint,
                :sealed, :keyVersion, :requestedAt, :expiresAt)""";

    static final String APPROVAL = """
            SELECT a.id, a.user_id, a.app_id, a.tool, a.request_id, a.status, a.fingerprint, a.encrypted_arguments,
                a.encrypted_continuation, a.data_key_version, a.requested_at, a.expires_at, a.decided_by, a.decided_at,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM approvals a
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = a.data_key_version
            WHERE a.tenant_id = :tenant AND a.id = :id""";

    static final String APPROVAL_OF_CALL = """
            SELECT a.id, a.user_id, a.app_id, a.tool, a.request_id, a.status, a.fingerprint, a.encrypted_arguments,
                a.encrypted_continuation, a.data_key_version, a.requested_at, a.expires_at, a.decided_by, a.decided_at,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM approvals a
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = a.data_key_version
            WHERE a.tenant_id = :tenant AND a.fingerprint IN (:fingerprints) AND a.expires_at > :now
            ORDER BY a.requested_at, a.id FETCH FIRST 1 ROWS ONLY""";

    static final String RELEASE_EXPIRED_APPROVALS = """
            UPDATE approvals SET fingerprint = NULL
            WHERE tenant_id = :tenant AND fingerprint IN (:fingerprints) AND expires_at <= :now""";

    static final String PENDING_APPROVALS = """
            SELECT a.id, a.user_id, a.app_id, a.tool, a.request_id, a.status, a.fingerprint, a.encrypted_arguments,
                a.encrypted_continuation, a.data_key_version, a.requested_at, a.expires_at, a.decided_by, a.decided_at,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM approvals a
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = a.data_key_version
            WHERE a.tenant_id = :tenant AND a.status = :status AND a.expires_at > :now
            ORDER BY a.requested_at, a.id FETCH FIRST :most ROWS ONLY""";

    static final String COUNT_APPROVALS = """
            SELECT COUNT(*) FROM approvals WHERE tenant_id = :tenant""";

    static final String DECIDE_APPROVAL = """
            UPDATE approvals SET status = :status, decided_by = :by, decided_at = :now, row_version = row_version + 1
            WHERE tenant_id = :tenant AND id = :id AND status = :pending AND expires_at > :now""";

    static final String USE_APPROVAL = """
            UPDATE approvals SET status = :used, fingerprint = NULL, row_version = row_version + 1
            WHERE tenant_id = :tenant AND id = :id AND status = :approved AND expires_at > :now""";

    static final String SEAL_APPROVAL = """
            UPDATE approvals SET encrypted_arguments = :arguments, encrypted_continuation = :continuation,
                data_key_version = :keyVersion, fingerprint = :fingerprint
            WHERE tenant_id = :tenant AND id = :id""";

    static final String KEEP_CONTINUATION = """
            UPDATE approvals SET encrypted_continuation = :continuation, row_version = row_version + 1
            WHERE tenant_id = :tenant AND id = :id""";

    static final String FORGET_EXPIRED_APPROVALS = """
            DELETE FROM approvals WHERE tenant_id = :tenant AND expires_at <= :now""";

    @AcrossTenants("what is of no use any more, whosever it is: nothing is read of it")
    static final String REMOVE_EXPIRED_APPROVALS = """
            DELETE FROM approvals WHERE expires_at <= :before""";

    static final String REMOVE_APPROVALS = """
            DELETE FROM approvals WHERE tenant_id = :tenant""";

    @AcrossTenants("a number only")
    static final String COUNT_APPROVALS_BEHIND = """
            SELECT COUNT(*) FROM approvals a WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = a.tenant_id AND k.status <> 'primary'
                    AND k.key_version = a.data_key_version)""";

    static final String COUNT_APPROVALS_OF_KEY = """
            SELECT COUNT(*) FROM approvals WHERE tenant_id = :tenant AND data_key_version = :keyVersion""";

    static final String APPROVALS_BEHIND = """
            SELECT a.id, a.user_id, a.app_id, a.tool, a.request_id, a.status, a.fingerprint, a.encrypted_arguments,
                a.encrypted_continuation, a.data_key_version, a.requested_at, a.expires_at, a.decided_by, a.decided_at,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM approvals a
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = a.data_key_version
            WHERE a.tenant_id = :tenant AND a.data_key_version <> :keyVersion AND a.id > :after
            ORDER BY a.id FETCH FIRST :most ROWS ONLY""";

    // ---- credentials of providers of tools

    static final String TOOL_CREDENTIAL_PROVIDERS = """
            SELECT DISTINCT provider_type, provider FROM tool_builtin_providers WHERE tenant_id = :tenant""";

    static final String TOOL_CREDENTIALS = """
            SELECT c.id, c.name, c.user_id, c.credential_type, c.is_default, c.expires_at, c.row_version,
                c.encrypted_credentials, c.data_key_version, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM tool_builtin_providers c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_type = :type AND c.provider = :provider
            ORDER BY c.ordinal""";

    static final String TOOL_CREDENTIAL = """
            SELECT c.id, c.name, c.user_id, c.credential_type, c.is_default, c.expires_at, c.row_version,
                c.encrypted_credentials, c.data_key_version, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM tool_builtin_providers c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_type = :type AND c.provider = :provider
                AND c.id = :id""";

    static final String ADD_TOOL_CREDENTIAL = """
            INSERT INTO tool_builtin_providers (id, tenant_id, provider_type, provider, name, user_id, credential_type,
                encrypted_credentials, data_key_version, is_default, expires_at, row_version, created_at, updated_at)
            VALUES (:id, :tenant, :type, :provider, :name, :user, :credentialType,
                :sealed, :keyVersion, :isDefault, :expiresAt, 1, :now, :now)""";

    static final String UPDATE_TOOL_CREDENTIAL = """
            UPDATE tool_builtin_providers SET name = :name, encrypted_credentials = :sealed,
                data_key_version = :keyVersion, expires_at = :expiresAt, row_version = :version, updated_at = :now,
                renewed_by = NULL, renewal_until = NULL
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND id = :id""";

    static final String REMOVE_TOOL_CREDENTIAL = """
            DELETE FROM tool_builtin_providers
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND id = :id""";

    static final String REMOVE_TOOL_CREDENTIALS = """
            DELETE FROM tool_builtin_providers WHERE tenant_id = :tenant""";

    static final String NO_DEFAULT_TOOL_CREDENTIAL = """
            UPDATE tool_builtin_providers SET is_default = NULL
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND is_default = TRUE""";

    static final String DEFAULT_TOOL_CREDENTIAL = """
            UPDATE tool_builtin_providers SET is_default = TRUE
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND id = :id""";

    static final String BEGIN_RENEWAL = """
            UPDATE tool_builtin_providers SET renewed_by = :holder, renewal_until = :until
            WHERE tenant_id = :tenant AND (renewal_until IS NULL OR renewal_until <= :now)
                AND provider_type = :type AND provider = :provider AND id = :id AND row_version = :version""";

    static final String END_RENEWAL = """
            UPDATE tool_builtin_providers SET renewed_by = NULL, renewal_until = NULL
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND id = :id
                AND renewed_by = :holder""";

    @AcrossTenants("a number only")
    static final String COUNT_TOOL_CREDENTIALS_BEHIND = """
            SELECT COUNT(*) FROM tool_builtin_providers c WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = c.tenant_id AND k.status <> 'primary'
                    AND k.key_version = c.data_key_version)""";

    static final String COUNT_TOOL_CREDENTIALS_OF_KEY = """
            SELECT COUNT(*) FROM tool_builtin_providers
            WHERE tenant_id = :tenant AND data_key_version = :keyVersion""";

    static final String TOOL_CREDENTIALS_BEHIND = """
            SELECT c.provider_type, c.provider, c.id, c.name, c.user_id, c.credential_type, c.is_default, c.expires_at, c.row_version,
                c.encrypted_credentials, c.data_key_version, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM tool_builtin_providers c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
            WHERE c.tenant_id = :tenant AND c.data_key_version <> :keyVersion AND c.id > :after
            ORDER BY c.id FETCH FIRST :most ROWS ONLY""";

    static final String REWRAP_TOOL_CREDENTIAL = """
            UPDATE tool_builtin_providers SET encrypted_credentials = :sealed, data_key_version = :keyVersion
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    // ---- OAuth 2

    static final String OAUTH_CLIENT = """
            SELECT c.id, c.row_version, c.encrypted_client, c.data_key_version, v.version AS newest_version,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM oauth_clients c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
            WHERE c.tenant_id = :tenant AND c.provider_type = :type AND c.provider = :provider""";

    static final String OAUTH_CLIENTS = """
            SELECT provider_type, provider FROM oauth_clients WHERE tenant_id = :tenant""";

    static final String ADD_OAUTH_CLIENT = """
            INSERT INTO oauth_clients (id, tenant_id, provider_type, provider, encrypted_client, data_key_version,
                row_version, created_at, updated_at)
            VALUES (:id, :tenant, :type, :provider, :sealed, :keyVersion, 1, :now, :now)""";

    static final String UPDATE_OAUTH_CLIENT = """
            UPDATE oauth_clients SET encrypted_client = :sealed, data_key_version = :keyVersion, row_version = :version,
                updated_at = :now
            WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider AND id = :id""";

    static final String REMOVE_OAUTH_CLIENT = """
            DELETE FROM oauth_clients WHERE tenant_id = :tenant AND provider_type = :type AND provider = :provider""";

    static final String REMOVE_OAUTH_CLIENTS = """
            DELETE FROM oauth_clients WHERE tenant_id = :tenant""";

    @AcrossTenants("a number only")
    static final String COUNT_OAUTH_CLIENTS_BEHIND = """
            SELECT COUNT(*) FROM oauth_clients c WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = c.tenant_id AND k.status <> 'primary'
                    AND k.key_version = c.data_key_version)""";

    static final String COUNT_OAUTH_CLIENTS_OF_KEY = """
            SELECT COUNT(*) FROM oauth_clients WHERE tenant_id = :tenant AND data_key_version = :keyVersion""";

    static final String OAUTH_CLIENTS_BEHIND = """
            SELECT c.provider_type, c.provider, c.id, c.row_version, c.encrypted_client, c.data_key_version,
                v.version AS newest_version, k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM oauth_clients c
                LEFT JOIN credential_versions v ON v.tenant_id = :tenant AND v.credential_id = c.id
                LEFT JOIN data_keys k ON k.tenant_id = :tenant AND k.key_version = c.data_key_version
            WHERE c.tenant_id = :tenant AND c.data_key_version <> :keyVersion AND c.id > :after
            ORDER BY c.id FETCH FIRST :most ROWS ONLY""";

    static final String REWRAP_OAUTH_CLIENT = """
            UPDATE oauth_clients SET encrypted_client = :sealed, data_key_version = :keyVersion
            WHERE tenant_id = :tenant AND id = :id AND row_version = :version""";

    static final String ADD_OAUTH_STATE = """
            INSERT INTO oauth_states (state_sha256, tenant_id, provider_type, provider, user_id, encrypted_request,
                data_key_version, created_at, expires_at)
            VALUES (:sha256, :tenant, :type, :provider, :user, :sealed, :keyVersion, :createdAt, :expiresAt)""";

    static final String COUNT_OAUTH_STATES = """
            SELECT COUNT(*) FROM oauth_states WHERE tenant_id = :tenant""";

    static final String FORGET_EXPIRED_OAUTH_STATES = """
            DELETE FROM oauth_states WHERE tenant_id = :tenant AND expires_at <= :now""";

    @AcrossTenants("a state's hash is what tells the tenant")
    static final String OAUTH_STATE = """
            SELECT s.state_sha256, s.tenant_id, s.provider_type, s.provider, s.user_id, s.encrypted_request,
                s.data_key_version, s.created_at, s.expires_at,
                k.kek_id, k.row_version AS data_key_row_version, k.wrapped_key
            FROM oauth_states s
                LEFT JOIN data_keys k ON k.tenant_id = s.tenant_id AND k.key_version = s.data_key_version
            WHERE s.state_sha256 = :sha256""";

    static final String REMOVE_OAUTH_STATE = """
            DELETE FROM oauth_states WHERE tenant_id = :tenant AND state_sha256 = :sha256""";

    static final String REMOVE_OAUTH_STATES = """
            DELETE FROM oauth_states WHERE tenant_id = :tenant""";

    // ---- checks

    @AcrossTenants("the tables that the login which serves calls may not write to yet: a number only")
    static final String TABLES_WITHOUT_RIGHTS = """
            SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> :history
                AND NOT has_table_privilege(:user, format(:pair, schemaname, tablename), :right)""";

    @AcrossTenants("counts what refers to nothing: numbers only")
    static final String DANGLING = """
            SELECT
                (SELECT COUNT(*) FROM tenants r WHERE NOT EXISTS (
                    SELECT 1 FROM config_versions t WHERE t.tenant_id = r.id)) AS tenants,
                (SELECT COUNT(*) FROM tenant_account_joins r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM accounts a WHERE a.id = r.account_id)) AS tenant_account_joins,
                (SELECT COUNT(*) FROM data_keys r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS data_keys,
                (SELECT COUNT(*) FROM credential_versions r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS credential_versions,
                (SELECT COUNT(*) FROM providers r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR (r.credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.id = r.credential_id))) AS providers,
                (SELECT COUNT(*) FROM provider_credentials r WHERE NOT EXISTS (
                    SELECT 1 FROM providers p WHERE p.tenant_id = r.tenant_id
                        AND p.provider_name = r.provider_name) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS provider_credentials,
                (SELECT COUNT(*) FROM provider_models r WHERE NOT EXISTS (
                    SELECT 1 FROM providers p WHERE p.tenant_id = r.tenant_id
                        AND p.provider_name = r.provider_name) OR (r.credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_model_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.model_name = r.model_name
                        AND c.model_type = r.model_type AND c.id = r.credential_id))) AS provider_models,
                (SELECT COUNT(*) FROM provider_model_credentials r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_models m WHERE m.tenant_id = r.tenant_id
                        AND m.provider_name = r.provider_name AND m.model_name = r.model_name
                        AND m.model_type = r.model_type) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS provider_model_credentials,
                (SELECT COUNT(*) FROM provider_model_settings r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS provider_model_settings,
                (SELECT COUNT(*) FROM load_balancing_model_configs r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_model_settings s WHERE s.tenant_id = r.tenant_id
                        AND s.provider_name = r.provider_name AND s.model_name = r.model_name
                        AND s.model_type = r.model_type) OR (r.provider_credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.id = r.provider_credential_id))
                    OR (r.model_credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_model_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.model_name = r.model_name
                        AND c.model_type = r.model_type AND c.id = r.model_credential_id)))
                    AS load_balancing_model_configs,
                (SELECT COUNT(*) FROM model_fallbacks r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_model_settings s WHERE s.tenant_id = r.tenant_id
                        AND s.provider_name = r.provider_name AND s.model_name = r.model_name
                        AND s.model_type = r.model_type)) AS model_fallbacks,
                (SELECT COUNT(*) FROM tenant_default_models r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS tenant_default_models,
                (SELECT COUNT(*) FROM tenant_preferred_model_providers r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS tenant_preferred_model_providers,
                (SELECT COUNT(*) FROM api_keys r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS api_keys,
                (SELECT COUNT(*) FROM tool_files r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM file_folders f WHERE f.id = r.folder_id)) AS tool_files,
                (SELECT COUNT(*) FROM approvals r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version)) AS approvals,
                (SELECT COUNT(*) FROM tool_builtin_providers r WHERE NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS tool_builtin_providers,
                (SELECT COUNT(*) FROM oauth_clients r WHERE NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS oauth_clients,
                (SELECT COUNT(*) FROM oauth_states r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version)) AS oauth_states,
                (SELECT COUNT(*) FROM quota_accounts r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS quota_accounts,
                (SELECT COUNT(*) FROM quota_leases r WHERE NOT EXISTS (
                    SELECT 1 FROM quota_accounts a WHERE a.tenant_id = r.tenant_id AND a.account = r.account
                        AND a.unit = r.unit AND a.period = r.period AND a.period_start = r.period_start))
                    AS quota_leases,
                (SELECT COUNT(*) FROM quota_parts r WHERE NOT EXISTS (
                    SELECT 1 FROM quota_accounts a WHERE a.tenant_id = r.tenant_id AND a.account = r.account
                        AND a.unit = r.unit AND a.period = r.period AND a.period_start = r.period_start))
                    AS quota_parts""";

    // ---- API keys and the audit log

    @AcrossTenants("a key's hash is what tells the tenant")
    static final String API_KEY = """
            SELECT id, tenant_id, name, account_id, app_id, created_at, revoked_at FROM api_keys
            WHERE sha256 = :sha256""";

    static final String API_KEYS = """
            SELECT id, tenant_id, name, account_id, app_id, created_at, revoked_at FROM api_keys
            WHERE tenant_id = :tenant ORDER BY created_at, ordinal""";

    static final String ADD_API_KEY = """
            INSERT INTO api_keys (id, tenant_id, sha256, name, account_id, app_id, revoked_at, created_at, updated_at)
            VALUES (:id, :tenant, :sha256, :name, :user, :app, :revokedAt, :createdAt, :now)""";

    static final String REVOKE_API_KEY = """
            UPDATE api_keys SET revoked_at = :now, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND id = :id AND revoked_at IS NULL""";

    static final String REMOVE_API_KEYS = """
            DELETE FROM api_keys WHERE tenant_id = :tenant""";

    static final String ADD_AUDIT_EVENT = """
            INSERT INTO audit_log (happened_at, tenant_id, actor, action, subject, outcome)
            VALUES (:at, :tenant, :actor, :action, :subject, :outcome)""";

    @AcrossTenants("the operator's view of the log")
    static final String AUDIT_EVENTS = """
            SELECT happened_at, tenant_id, actor, action, subject, outcome FROM audit_log
            ORDER BY id DESC FETCH FIRST :most ROWS ONLY""";

    private StoreStatements() {}
}
