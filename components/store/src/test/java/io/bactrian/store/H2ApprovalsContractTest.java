package io.bactrian.store;

class H2ApprovalsContractTest extends StoredApprovalsContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
