package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.Approvals;
import java.time.Clock;
import java.util.List;

/**
 * Where persons decide on calls of tools that wait for them. Only the operator and a tenant's owners and admins do, and each
 * decision is taken down in the audit log.
 */
public final class ApprovalManager {

    private final ApprovalStore approvals;
    private final AccessControl access;
    private final Clock clock;

    /**
     * @param approvals what waits
     * @param access decides who may, and takes decisions down
     * @param clock when they are made
     */
    public ApprovalManager(ApprovalStore approvals, AccessControl access, Clock clock) {
        this.approvals = approvals;
        this.access = access;
        this.clock = clock;
    }

    /** A tenant's calls that wait, oldest first, at most so many. */
    public List<Approval> pending(Actor actor, TenantId tenant, int most) {
        access.require(actor, tenant, Permission.APPROVAL_VIEW, "approvals");
        return approvals.pending(tenant, clock.instant(), most);
    }

    /**
     * A call that waits, or was decided on.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if the tenant has no such approval
     */
    public Approval get(Actor actor, TenantId tenant, String id) {
        access.require(actor, tenant, Permission.APPROVAL_VIEW, id);
        return approvals.find(tenant, id).orElseThrow(() -> Approvals.notThere(id, tenant));
    }

    /** Lets a call be made, once, before the approval expires. */
    public Approval approve(Actor actor, TenantId tenant, String id) {
        return decide(actor, tenant, id, Approval.Status.APPROVED, "approval.approve");
    }

    /** Refuses a call, and the same call again until the approval expires. */
    public Approval deny(Actor actor, TenantId tenant, String id) {
        return decide(actor, tenant, id, Approval.Status.DENIED, "approval.deny");
    }

    private Approval decide(Actor actor, TenantId tenant, String id, Approval.Status status, String action) {
        return access.audited(
                actor,
                tenant,
                Permission.APPROVAL_DECIDE,
                action,
                id,
                () -> approvals.decide(tenant, id, status, actor.name(), clock.instant()));
    }
}
