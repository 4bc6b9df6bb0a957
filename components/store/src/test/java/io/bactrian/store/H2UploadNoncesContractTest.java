package io.bactrian.store;

class H2UploadNoncesContractTest extends StoredUploadNoncesContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
