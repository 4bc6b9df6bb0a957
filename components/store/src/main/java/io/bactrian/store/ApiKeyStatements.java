package io.bactrian.store;

/** The statements about API keys, under the rules of {@link AcrossTenants}. */
final class ApiKeyStatements {

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

    private ApiKeyStatements() {}
}
