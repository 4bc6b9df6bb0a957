package io.bactrian.store;

import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.testkit.contract.ConfigurationStoreContract;
import java.time.Clock;

class MemoryStoreContractTest extends ConfigurationStoreContract {

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());

    @Override
    public MemoryConfigurationStore store() {
        return store;
    }

    @Override
    public MemoryConfigurationStore apiKeys() {
        return store;
    }

    @Override
    public MemoryConfigurationStore auditLog() {
        return store;
    }
}
