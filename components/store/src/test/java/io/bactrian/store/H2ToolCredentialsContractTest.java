package io.bactrian.store;

class H2ToolCredentialsContractTest extends StoredToolCredentialsContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }

    @Override
    Databases kind() {
        return Databases.H2;
    }
}
