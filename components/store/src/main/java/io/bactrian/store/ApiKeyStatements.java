package io.bactrian.store;

/** The statements about API keys, under the rules of {@link AcrossTenants}. */
final class ApiKeyStatements {

    @AcrossTenants("a key's hash is what tells the tenant")
    static final String API_KEY = """
            SELECT id, tenant_id, name, account_id, app_id, role, scopes, created_by, created_at, expires_at, revoked_at
            FROM api_keys WHERE sha256 = :sha256""";

    static final String API_KEY_BY_ID = """
            SELECT id, tenant_id, name, account_id, app_id, role, scopes, created_by, created_at, expires_at, revoked_at
            FROM api_keys WHERE tenant_id = :tenant AND id = :id""";

    static final String API_KEYS = """
            SELECT id, tenant_id, name, account_id, app_id, role, scopes, created_by, created_at, expires_at, revoked_at
            FROM api_keys WHERE tenant_id = :tenant AND (created_at > :at OR created_at = :at AND id > :id)
            ORDER BY created_at, id LIMIT :most""";

    static final String API_KEYS_OF_ACCOUNT = """
            SELECT id, tenant_id, name, account_id, app_id, role, scopes, created_by, created_at, expires_at, revoked_at
            FROM api_keys WHERE tenant_id = :tenant AND (created_at > :at OR created_at = :at AND id > :id)
                AND account_id = :user
            ORDER BY created_at, id LIMIT :most""";

    /** How many are in force: of the tenant, and of an account for an application, or for none, which is the empty text. */
    static final String COUNT_API_KEYS = """
            SELECT COUNT(*) AS of_tenant, COALESCE(SUM(
                CASE WHEN account_id = :user AND COALESCE(app_id, :none) = :app THEN 1 ELSE 0 END), 0) AS of_account
            FROM api_keys WHERE tenant_id = :tenant AND (expires_at IS NULL OR expires_at > :now) AND revoked_at IS NULL""";

    static final String ADD_API_KEY = """
            INSERT INTO api_keys (id, tenant_id, sha256, name, account_id, app_id, role, scopes, created_by, expires_at,
                revoked_at, created_at, updated_at)
            VALUES (:id, :tenant, :sha256, :name, :user, :app, :role, :scopes, :createdBy, :expiresAt,
                :revokedAt, :createdAt, :now)""";

    static final String REVOKE_API_KEY = """
            UPDATE api_keys SET revoked_at = :now, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND id = :id AND revoked_at IS NULL""";

    static final String REMOVE_API_KEYS = """
            DELETE FROM api_keys WHERE tenant_id = :tenant""";

    private ApiKeyStatements() {}
}
