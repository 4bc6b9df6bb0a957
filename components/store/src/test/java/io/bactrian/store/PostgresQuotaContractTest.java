package io.bactrian.store;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PostgresQuotaContractTest extends StoredQuotaContract {

    @Override
    StoreSettings settings() {
        PostgresServer server = PostgresServer.shared();
        return server.settings(server.database());
    }
}
