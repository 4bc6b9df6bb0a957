package io.bactrian.store;

import io.bactrian.testkit.contract.ConfigurationStoreContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PostgresContractTest extends ConfigurationStoreContract {

    private BactrianStore store;

    @BeforeEach
    void open() {
        PostgresServer server = PostgresServer.shared();
        store = BactrianStore.open(server.settings(server.database()), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    public BactrianStore store() {
        return store;
    }

    @Override
    public BactrianStore apiKeys() {
        return store;
    }

    @Override
    public BactrianStore auditLog() {
        return store;
    }
}
