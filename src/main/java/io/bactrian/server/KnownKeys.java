package io.bactrian.server;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.manage.ApiKeyManager;
import io.bactrian.http.Authenticator;
import java.util.Optional;

/** The API keys of an installation. */
final class KnownKeys implements Authenticator {

    private final ApiKeyManager manager;

    /** @param manager knows them */
    KnownKeys(ApiKeyManager manager) {
        this.manager = manager;
    }

    @Override
    public Optional<ApiKeyRecord> authenticate(String presented) {
        return manager.authenticate(presented);
    }

    @Override
    public Actor.Key actor(ApiKeyRecord key) {
        return manager.actor(key);
    }
}
