package io.bactrian.store;

class H2OAuthContractTest extends StoredOAuthContract {

    @Override
    StoreSettings settings() {
        return Databases.H2.empty();
    }
}
