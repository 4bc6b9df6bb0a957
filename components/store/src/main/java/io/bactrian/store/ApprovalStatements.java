package io.bactrian.store;

/** The statements about approvals, under the rules of {@link AcrossTenants}. */
final class ApprovalStatements {

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

    private ApprovalStatements() {}
}
