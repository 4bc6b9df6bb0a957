package io.bactrian.store;

/** The statements about the audit log, under the rules of {@link AcrossTenants}. */
final class AuditStatements {

    static final String ADD_AUDIT_EVENT = """
            INSERT INTO audit_log (happened_at, tenant_id, actor, action, subject, outcome)
            VALUES (:at, :tenant, :actor, :action, :subject, :outcome)""";

    @AcrossTenants("the operator's view of the log")
    static final String AUDIT_EVENTS = """
            SELECT happened_at, tenant_id, actor, action, subject, outcome FROM audit_log
            ORDER BY id DESC FETCH FIRST :most ROWS ONLY""";

    private AuditStatements() {}
}
