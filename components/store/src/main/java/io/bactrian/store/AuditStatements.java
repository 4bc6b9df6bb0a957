package io.bactrian.store;

/** The statements about the audit log, under the rules of {@link AcrossTenants}. */
final class AuditStatements {

    static final String ADD_AUDIT_EVENT = """
            INSERT INTO audit_log (happened_at, tenant_id, actor, action, subject, outcome, occurrences)
            VALUES (:at, :tenant, :actor, :action, :subject, :outcome, :count)""";

    @AcrossTenants("the operator's view of the log")
    static final String AUDIT_EVENTS = """
            SELECT id, happened_at, tenant_id, actor, action, subject, outcome, occurrences FROM audit_log
            ORDER BY id DESC FETCH FIRST :most ROWS ONLY""";

    static final String AUDIT_OF_TENANT = """
            SELECT id, happened_at, tenant_id, actor, action, subject, outcome, occurrences FROM audit_log
            WHERE tenant_id = :tenant AND (CAST(:anyOutcome AS BOOLEAN) OR outcome IN (:outcomes))
                AND id < :before AND happened_at >= :since AND action = COALESCE(CAST(:action AS VARCHAR), action)
            ORDER BY id DESC LIMIT :most""";

    @AcrossTenants("the operator's view of the log")
    static final String AUDIT_OF_ALL = """
            SELECT id, happened_at, tenant_id, actor, action, subject, outcome, occurrences FROM audit_log
            WHERE (CAST(:anyOutcome AS BOOLEAN) OR outcome IN (:outcomes))
                AND id < :before AND happened_at >= :since AND action = COALESCE(CAST(:action AS VARCHAR), action)
            ORDER BY id DESC LIMIT :most""";

    @AcrossTenants("removes what is too old, of whichever tenant it is")
    static final String REMOVE_OLD_AUDIT_EVENTS = """
            DELETE FROM audit_log WHERE id IN (
                SELECT id FROM audit_log WHERE happened_at < :before ORDER BY happened_at LIMIT :most)""";

    private AuditStatements() {}
}
