package io.bactrian.engine;

import io.bactrian.core.balance.CooldownStore;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The store of an installation that has one, known by its SPI: those without it have none of its classes either. */
interface OpenStore extends AutoCloseable {

    String ENABLED = "bactrian.store.enabled";
    String URL = "bactrian.store.url";

    /** Opens the store that the settings ask for; empty if they ask for none. */
    static Optional<OpenStore> open(Settings settings, Clock clock, Path dataFolder) {
        if (!settings.flag(ENABLED, settings.find(URL).isPresent())) {
            return Optional.empty();
        }
        try {
            return Optional.of(DatabaseStore.open(settings, clock, dataFolder));
        } catch (NoClassDefFoundError e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    ENABLED + " asks for a store: add the dependency io.bactrian:bactrian-store");
        }
    }

    /** What tenants configure. */
    ConfigurationStore configuration();

    /** What happened. */
    AuditLog audit();

    /** The keys that callers come with. */
    ApiKeyStore apiKeys();

    /** How long what was read serves while the database does not answer. */
    Duration staleIfError();

    /** The files that the database knows of; empty if they have no place on a disk. */
    Optional<FileStore> files(FileSettings asked);

    /** What is known of OAuth 2 with tool providers. */
    OAuthStore oauth();

    /** The credentials of tool providers. */
    ToolCredentialStore toolCredentials();

    /** What waits for a person's approval, on any node. */
    ApprovalStore approvals();

    /** The keys that links to files are signed with. */
    SigningKeys linkKeys();

    /** Which tickets a file was sent by. */
    UploadNonces uploadNonces();

    /** Begins to keep the accounts of quotas and budgets, shared by all nodes; to be closed before this is. */
    QuotaLedger quotas(Alarm alarm, LongSupplier nanoClock);

    /** What nodes share of limits; empty of a database that only this process has open. */
    Optional<RateBlocks> rateBlocks();

    /** Where nodes tell each other who is out; empty of a database that only this process has open. */
    Optional<CooldownStore> cooldowns();

    /** What calls used, on any node. */
    UsageStore usage();

    /** How the database is. */
    StoreHealthCheck.State health();

    @Override
    void close();
}
