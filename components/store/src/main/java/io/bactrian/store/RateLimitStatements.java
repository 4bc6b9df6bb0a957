package io.bactrian.store;

/** The statements about limits that nodes share, under the rules of {@link AcrossTenants}. */
final class RateLimitStatements {

    // ---- what was used in a time

    /** With the time that its transaction began: what is done under the lock is not done before. */
    static final String LOCK_WINDOW = """
            SELECT slice, used, CURRENT_TIMESTAMP AS present FROM rate_limit_windows
            WHERE tenant_id = :tenant AND limit_name = :limit AND resource = :resource AND subject = :subject
            FOR UPDATE""";

    static final String ADD_WINDOW = """
            INSERT INTO rate_limit_windows (tenant_id, limit_name, resource, subject, slice, used, expires_at)
            VALUES (:tenant, :limit, :resource, :subject, 0, :used, CURRENT_TIMESTAMP) ON CONFLICT DO NOTHING""";

    static final String SET_WINDOW = """
            UPDATE rate_limit_windows
            SET slice = :slice, used = :used, expires_at = :expiresAt, row_version = row_version + 1
            WHERE tenant_id = :tenant AND limit_name = :limit AND resource = :resource AND subject = :subject""";

    static final String KEEP_WINDOW_UNTIL = """
            UPDATE rate_limit_windows SET expires_at = :expiresAt, row_version = row_version + 1
            WHERE tenant_id = :tenant AND limit_name = :limit AND resource = :resource AND subject = :subject
                AND expires_at < :expiresAt""";

    static final String REMOVE_WINDOWS = """
            DELETE FROM rate_limit_windows WHERE tenant_id = :tenant""";

    @AcrossTenants("removes what no limit counts any more, of whichever tenant it was")
    static final String REMOVE_EXPIRED_WINDOWS = """
            DELETE FROM rate_limit_windows WHERE expires_at < CURRENT_TIMESTAMP""";

    // ---- calls at once; all but giving back under the lock of the window

    static final String PERMITS = """
            SELECT node, permits, expires_at FROM rate_limit_permits
            WHERE tenant_id = :tenant AND limit_name = :limit AND subject = :subject AND expires_at > :now""";

    static final String ADD_PERMITS = """
            INSERT INTO rate_limit_permits (tenant_id, limit_name, subject, node, permits, expires_at)
            VALUES (:tenant, :limit, :subject, :node, :permits, :expiresAt)""";

    static final String SET_PERMITS = """
            UPDATE rate_limit_permits SET permits = :permits, expires_at = :expiresAt, row_version = row_version + 1
            WHERE tenant_id = :tenant AND limit_name = :limit AND subject = :subject AND node = :node""";

    static final String LOWER_PERMITS = """
            UPDATE rate_limit_permits SET permits = :permits, row_version = row_version + 1
            WHERE tenant_id = :tenant AND limit_name = :limit AND subject = :subject AND node = :node
                AND permits > :permits""";

    static final String REMOVE_PERMITS_OF_NODE = """
            DELETE FROM rate_limit_permits
            WHERE tenant_id = :tenant AND limit_name = :limit AND subject = :subject AND node = :node""";

    static final String REMOVE_PERMITS = """
            DELETE FROM rate_limit_permits WHERE tenant_id = :tenant""";

    @AcrossTenants("removes what nobody holds any more, of whichever tenant it was")
    static final String REMOVE_EXPIRED_PERMITS = """
            DELETE FROM rate_limit_permits WHERE expires_at < CURRENT_TIMESTAMP""";

    private RateLimitStatements() {}
}
