package io.bactrian.store;

class H2FilesContractTest extends DiskFilesContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
