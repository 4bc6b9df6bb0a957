package io.bactrian.store;

class H2QuotaContractTest extends StoredQuotaContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
