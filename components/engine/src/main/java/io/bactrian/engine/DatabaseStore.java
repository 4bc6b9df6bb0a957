package io.bactrian.engine;

import io.bactrian.core.balance.CooldownStore;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.limit.RateBlocks;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.FileLimits;
import io.bactrian.store.StoreHealth;
import io.bactrian.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The store in a database. The one class here that knows it. */
final class DatabaseStore implements OpenStore {

    private final BactrianStore store;
    private final StoreSettings settings;
    private final @Nullable Path files;
    private final Clock clock;

    private DatabaseStore(BactrianStore store, StoreSettings settings, @Nullable Path files, Clock clock) {
        this.store = store;
        this.settings = settings;
        this.files = files;
        this.clock = clock;
    }

    static DatabaseStore open(Settings settings, Clock clock, Path dataFolder) {
        StoreSettings asked =
                StoreSettings.read(dataFolder, settings::find, name -> Optional.ofNullable(System.getenv(name)));
        boolean hasFolder = settings.find("bactrian.data.folder").isPresent() || asked.dataFolder() != null;
        return new DatabaseStore(
                BactrianStore.open(asked, clock), asked, hasFolder ? dataFolder.resolve("files") : null, clock);
    }

    @Override
    public ConfigurationStore configuration() {
        return store;
    }

    @Override
    public AuditLog audit() {
        return store;
    }

    @Override
    public ApiKeyStore apiKeys() {
        return store;
    }

    @Override
    public Duration staleIfError() {
        return settings.staleIfError();
    }

    @Override
    public Optional<FileStore> files(FileSettings asked) {
        Path folder = asked.folder() == null ? files : asked.folder();
        // what a database in memory knows of is gone with it, and its content would be nobody's
        return folder == null || settings.isInMemory()
                ? Optional.empty()
                : Optional.of(store.files(folder, new FileLimits(asked.maxSize(), asked.retention())));
    }

    @Override
    public OAuthStore oauth() {
        return store.oauth();
    }

    @Override
    public ToolCredentialStore toolCredentials() {
        return store.toolCredentials();
    }

    @Override
    public ApprovalStore approvals() {
        return store.approvals();
    }

    @Override
    public SigningKeys linkKeys() {
        return store.linkKeys();
    }

    @Override
    public UploadNonces uploadNonces() {
        return store.uploadNonces();
    }

    @Override
    public QuotaLedger quotas(Alarm alarm, LongSupplier nanoClock) {
        return store.quotas(alarm, nanoClock);
    }

    @Override
    public Optional<RateBlocks> rateBlocks() {
        return store.rateBlocks();
    }

    @Override
    public Optional<CooldownStore> cooldowns() {
        return store.cooldowns();
    }

    @Override
    public UsageStore usage() {
        return store.usage();
    }

    @Override
    public StoreHealthCheck.State health() {
        StoreHealth health = store.health();
        Instant until = health.servesUntil();
        boolean serves = health.reachable() || until != null && clock.instant().isBefore(until);
        return new StoreHealthCheck.State(health.reachable(), serves, health.lastAnswer(), until, health.unreadable());
    }

    @Override
    public void close() {
        store.close();
    }
}
