package io.bactrian.agent;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Approvals that are kept elsewhere. */
class DelegatingApprovals implements ApprovalStore {

    private final ApprovalStore approvals;

    DelegatingApprovals(ApprovalStore approvals) {
        this.approvals = approvals;
    }

    @Override
    public Approval request(Approval wanted) {
        return approvals.request(wanted);
    }

    @Override
    public Optional<Approval> find(TenantId tenant, String id) {
        return approvals.find(tenant, id);
    }

    @Override
    public List<Approval> pending(TenantId tenant, Instant now, int most) {
        return approvals.pending(tenant, now, most);
    }

    @Override
    public Approval decide(TenantId tenant, String id, Approval.Status status, String by, Instant now) {
        return approvals.decide(tenant, id, status, by, now);
    }

    @Override
    public boolean use(TenantId tenant, String id, Instant now) {
        return approvals.use(tenant, id, now);
    }

    @Override
    public void keepContinuation(TenantId tenant, String id, String continuation) {
        approvals.keepContinuation(tenant, id, continuation);
    }

    @Override
    public Optional<String> continuation(TenantId tenant, String id) {
        return approvals.continuation(tenant, id);
    }

    @Override
    public int removeExpired(Instant before) {
        return approvals.removeExpired(before);
    }
}
