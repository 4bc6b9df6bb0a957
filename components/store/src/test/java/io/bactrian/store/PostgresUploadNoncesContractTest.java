package io.bactrian.store;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PostgresUploadNoncesContractTest extends StoredUploadNoncesContract {

    @Override
    StoreSettings settings() {
        PostgresServer server = PostgresServer.shared();
        return server.settings(server.database());
    }
}
