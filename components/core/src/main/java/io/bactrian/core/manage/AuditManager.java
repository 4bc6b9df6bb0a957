package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.TenantId;

/** What happened, for those who may read it: owners and admins what concerns their tenant, the operator everything. */
public final class AuditManager {

    private final AuditLog log;
    private final AccessControl access;

    /**
     * @param log what happened
     * @param access decides who may read it
     */
    public AuditManager(AuditLog log, AccessControl access) {
        this.log = log;
        this.access = access;
    }

    /** Events of a tenant, the newest first. */
    public PageOf<AuditEntry> list(Actor actor, TenantId tenant, AuditQuery query) {
        access.require(actor, tenant, Permission.AUDIT_VIEW, "audit log");
        return log.find(tenant, query);
    }

    /** Events of all tenants and of the installation, the newest first: the operator's view. */
    public PageOf<AuditEntry> listAll(Actor actor, AuditQuery query) {
        access.requireOperator(actor, "audit log of all tenants");
        return log.find(null, query);
    }
}
