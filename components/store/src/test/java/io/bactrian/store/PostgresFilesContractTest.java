package io.bactrian.store;

class PostgresFilesContractTest extends DiskFilesContract {

    @Override
    StoreSettings settings() {
        PostgresServer server = PostgresServer.shared();
        return server.settings(server.database());
    }
}
