package io.bactrian.store;

/** The statements about the credentials of providers of tools, under the rules of {@link AcrossTenants}. */
final class ToolCredentialStatements {

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

    private ToolCredentialStatements() {}
}
