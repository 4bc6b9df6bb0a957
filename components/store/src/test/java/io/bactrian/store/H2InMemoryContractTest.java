package io.bactrian.store;

import io.bactrian.testkit.contract.ConfigurationStoreContract;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class H2InMemoryContractTest extends ConfigurationStoreContract {

    private BactrianStore store;

    @BeforeEach
    void open() {
        store = BactrianStore.open(StoreSettings.inMemory("c" + UUID.randomUUID()), Clock.systemUTC());
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
