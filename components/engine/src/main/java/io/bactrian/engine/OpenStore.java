package io.bactrian.engine;

import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreHealth;
import io.bactrian.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The store of an installation that has one, known by its SPI. Keeps the store's classes out of reach of those without. */
final class OpenStore implements AutoCloseable {

    static final String ENABLED = "bactrian.store.enabled";
    private static final String URL = "bactrian.store.url";

    private final ConfigurationStore configuration;
    private final AuditLog audit;
    private final ApiKeyStore apiKeys;
    private final Duration staleIfError;
    private final Supplier<StoreHealthCheck.State> health;
    private final Runnable closing;

    private OpenStore(
            ConfigurationStore configuration,
            AuditLog audit,
            ApiKeyStore apiKeys,
            Duration staleIfError,
            Supplier<StoreHealthCheck.State> health,
            Runnable closing) {
        this.configuration = configuration;
        this.audit = audit;
        this.apiKeys = apiKeys;
        this.staleIfError = staleIfError;
        this.health = health;
        this.closing = closing;
    }

    /** Opens the store that the settings ask for; empty if they ask for none. */
    static Optional<OpenStore> open(Settings settings, Clock clock, Path dataFolder) {
        if (!settings.flag(ENABLED, settings.find(URL).isPresent())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Opener.open(settings, clock, dataFolder));
        } catch (NoClassDefFoundError e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    ENABLED + " asks for a store: add the dependency io.bactrian:bactrian-store");
        }
    }

    ConfigurationStore configuration() {
        return configuration;
    }

    AuditLog audit() {
        return audit;
    }

    ApiKeyStore apiKeys() {
        return apiKeys;
    }

    /** How long what was read serves while the database does not answer. */
    Duration staleIfError() {
        return staleIfError;
    }

    StoreHealthCheck.State health() {
        return health.get();
    }

    @Override
    public void close() {
        closing.run();
    }

    /** Loaded only when a store is asked for. */
    private static final class Opener {

        private Opener() {}

        static OpenStore open(Settings settings, Clock clock, Path dataFolder) {
            StoreSettings asked =
                    StoreSettings.read(dataFolder, settings::find, name -> Optional.ofNullable(System.getenv(name)));
            BactrianStore store = BactrianStore.open(asked, clock);
            return new OpenStore(
                    store, store, store, asked.staleIfError(), () -> state(store.health(), clock), store::close);
        }

        private static StoreHealthCheck.State state(StoreHealth health, Clock clock) {
            Instant until = health.servesUntil();
            boolean serves =
                    health.reachable() || until != null && clock.instant().isBefore(until);
            return new StoreHealthCheck.State(
                    health.reachable(), serves, health.lastAnswer(), until, health.unreadable());
        }
    }
}
