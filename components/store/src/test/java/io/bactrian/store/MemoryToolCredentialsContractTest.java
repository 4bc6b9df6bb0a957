package io.bactrian.store;

import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.testkit.contract.ToolCredentialStoreContract;

class MemoryToolCredentialsContractTest extends ToolCredentialStoreContract {

    private final ToolCredentialStore store = new MemoryToolCredentials();

    @Override
    protected ToolCredentialStore store() {
        return store;
    }
}
