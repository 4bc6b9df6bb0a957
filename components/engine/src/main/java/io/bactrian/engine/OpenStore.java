package io.bactrian.engine;

import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.FileLimits;
import io.bactrian.store.StoreHealth;
import io.bactrian.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store of an installation that has one, known by its SPI. Keeps the store's classes out of reach of those without. */
final class OpenStore implements AutoCloseable {

    static final String ENABLED = "bactrian.store.enabled";
    private static final String URL = "bactrian.store.url";

    private final ConfigurationStore configuration;
    private final AuditLog audit;
    private final ApiKeyStore apiKeys;
    private final Duration staleIfError;
    private final Function<FileSettings, Optional<FileStore>> files;
    private final SigningKeys linkKeys;
    private final ApprovalStore approvals;
    private final ToolCredentialStore toolCredentials;
    private final OAuthStore oauth;
    private final Supplier<StoreHealthCheck.State> health;
    private final Runnable closing;

    private OpenStore(
            ConfigurationStore configuration,
            AuditLog audit,
            ApiKeyStore apiKeys,
            Duration staleIfError,
            Function<FileSettings, Optional<FileStore>> files,
            SigningKeys linkKeys,
            ApprovalStore approvals,
            ToolCredentialStore toolCredentials,
            OAuthStore oauth,
            Supplier<StoreHealthCheck.State> health,
            Runnable closing) {
        this.configuration = configuration;
        this.audit = audit;
        this.apiKeys = apiKeys;
        this.staleIfError = staleIfError;
        this.files = files;
        this.linkKeys = linkKeys;
        this.approvals = approvals;
        this.toolCredentials = toolCredentials;
        this.oauth = oauth;
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

    /** The files that the database knows of; empty if they have no place on a disk. */
    Optional<FileStore> files(FileSettings asked) {
        return files.apply(asked);
    }

    /** What is known of OAuth 2 with tool providers. */
    OAuthStore oauth() {
        return oauth;
    }

    /** The credentials of tool providers. */
    ToolCredentialStore toolCredentials() {
        return toolCredentials;
    }

    /** What waits for a person's approval, on any node. */
    ApprovalStore approvals() {
        return approvals;
    }

    /** The keys that links to files are signed with. */
    SigningKeys linkKeys() {
        return linkKeys;
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
            Path files = settings.find("bactrian.data.folder").isPresent() || asked.dataFolder() != null
                    ? dataFolder.resolve("files")
                    : null;
            return new OpenStore(
                    store,
                    store,
                    store,
                    asked.staleIfError(),
                    limits -> files(store, asked, limits, files),
                    store.linkKeys(),
                    store.approvals(),
                    store.toolCredentials(),
                    store.oauth(),
                    () -> state(store.health(), clock),
                    store::close);
        }

        private static Optional<FileStore> files(
                BactrianStore store, StoreSettings opened, FileSettings asked, @Nullable Path usual) {
            Path folder = asked.folder() == null ? usual : asked.folder();
            // what a database in memory knows of is gone with it, and its content would be nobody's
            return folder == null || opened.isInMemory()
                    ? Optional.empty()
                    : Optional.of(store.files(folder, new FileLimits(asked.maxSize(), asked.retention())));
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
