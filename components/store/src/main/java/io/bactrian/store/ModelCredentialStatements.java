package io.bactrian.store;

/** The statements about the credentials of single models, under the rules of {@link AcrossTenants}. */
final class ModelCredentialStatements {

    @AcrossTenants("a number only")
    static final String COUNT_MODEL_CREDENTIALS_BEHIND = """
            SELECT COUNT(*) FROM provider_model_credentials c WHERE EXISTS (
                SELECT 1 FROM data_keys k WHERE k.tenant_id = c.tenant_id AND k.status <> 'primary'
                    AND k.key_version IN (c.data_key_version, c.previous_data_key_version))""";

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
                c.model_name, c.model_type, c.visibility, c.owner_id, v.version AS newest_version,
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

    private ModelCredentialStatements() {}
}
