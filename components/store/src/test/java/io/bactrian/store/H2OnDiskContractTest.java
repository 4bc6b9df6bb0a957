package io.bactrian.store;

import io.bactrian.testkit.contract.ConfigurationStoreContract;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class H2OnDiskContractTest extends ConfigurationStoreContract {

    @TempDir
    private Path data;

    private BactrianStore store;

    @BeforeEach
    void open() {
        store = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC());
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
