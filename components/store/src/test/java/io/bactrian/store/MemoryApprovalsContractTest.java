package io.bactrian.store;

import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.testkit.contract.ApprovalStoreContract;

class MemoryApprovalsContractTest extends ApprovalStoreContract {

    private final ApprovalStore approvals = new MemoryApprovals();

    @Override
    protected ApprovalStore approvals() {
        return approvals;
    }
}
