package io.bactrian.store;

import io.bactrian.core.tool.MemoryOAuth;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.testkit.contract.OAuthStoreContract;

class MemoryOAuthContractTest extends OAuthStoreContract {

    private final OAuthStore store = new MemoryOAuth();

    @Override
    protected OAuthStore store() {
        return store;
    }
}
