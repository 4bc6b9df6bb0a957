package io.bactrian.store;

class H2UsageContractTest extends StoredUsageContract {

    @Override
    Databases kind() {
        return Databases.H2;
    }

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
