package io.bactrian.store;

/** The statements about OAuth 2: clients, and who is on the way to give consent, under the rules of {@link AcrossTenants}. */
final class OAuthStatements {

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

    private OAuthStatements() {}
}
