package io.bactrian.core.invoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The assemblies of all tenants. A lookup reads the version first: an assembly made for an older one is never handed
 * out, so that after a write has returned nobody gets what was there before it.
 */
public final class ModelAssemblies {

    private final ProviderCatalog catalog;
    private final ConfigurationSource source;
    private final SystemProviderSource systemProviders;
    private final Freshness freshness;
    private final Clock clock;
    private final Cache<TenantId, ModelAssembly> assemblies;

    /**
     * Assemblies by the system's clock.
     *
     * @param catalog the provider declarations
     * @param source what tenants configured
     * @param systemProviders what the operator pays for
     * @param keptFor how long an assembly may serve without being read anew
     * @param mostTenants how many tenants' assemblies are kept
     * @param nanoClock counts nanoseconds
     */
    public ModelAssemblies(
            ProviderCatalog catalog,
            ConfigurationSource source,
            SystemProviderSource systemProviders,
            Duration keptFor,
            long mostTenants,
            LongSupplier nanoClock) {
        this(catalog, source, systemProviders, keptFor, mostTenants, nanoClock, Clock.systemUTC());
    }

    /**
     * Assemblies that serve no longer than they are kept.
     *
     * @param catalog the provider declarations
     * @param source what tenants configured
     * @param systemProviders what the operator pays for
     * @param keptFor how long what was read serves without being read anew
     * @param mostTenants how many tenants' assemblies are kept
     * @param nanoClock counts nanoseconds
     * @param clock tells when values that were replaced stop being valid
     */
    public ModelAssemblies(
            ProviderCatalog catalog,
            ConfigurationSource source,
            SystemProviderSource systemProviders,
            Duration keptFor,
            long mostTenants,
            LongSupplier nanoClock,
            Clock clock) {
        this(catalog, source, systemProviders, keptFor, Duration.ZERO, mostTenants, nanoClock, clock);
    }

    /**
     * Assemblies.
     *
     * @param catalog the provider declarations
     * @param source what tenants configured
     * @param systemProviders what the operator pays for
     * @param keptFor how long what was read serves without being read anew
     * @param staleIfError how long what was read serves while the source does not answer, from its last answer on; nothing
     *     of it does once a newer version is known
     * @param mostTenants how many tenants' assemblies are kept
     * @param nanoClock counts nanoseconds
     * @param clock tells when values that were replaced stop being valid
     */
    public ModelAssemblies(
            ProviderCatalog catalog,
            ConfigurationSource source,
            SystemProviderSource systemProviders,
            Duration keptFor,
            Duration staleIfError,
            long mostTenants,
            LongSupplier nanoClock,
            Clock clock) {
        this.clock = clock;
        this.catalog = catalog;
        this.source = source;
        this.systemProviders = systemProviders;
        this.freshness = new Freshness(keptFor.toNanos(), staleIfError, source::silence, nanoClock);
        this.assemblies = Caffeine.newBuilder()
                .maximumSize(mostTenants)
                // the opened credentials of tenants that nobody calls for leave the memory
                .expireAfterAccess(keptFor.plus(staleIfError))
                .ticker(nanoClock::getAsLong)
                .scheduler(Scheduler.systemScheduler())
                .executor(Runnable::run)
                .build();
        source.onChange(assemblies::invalidate);
    }

    Clock clock() {
        return clock;
    }

    /** Of how many tenants there are assemblies. */
    long kept() {
        assemblies.cleanUp();
        return assemblies.estimatedSize();
    }

    /** The assembly of a tenant, for the version in force now. */
    public ModelAssembly of(TenantId tenant) {
        long version = source.version(tenant) + systemProviders.version();
        ModelAssembly known = assemblies.getIfPresent(tenant);
        if (known != null && known.version() == version) {
            return known;
        }
        return assemblies
                .asMap()
                .compute(
                        tenant,
                        (id, existing) -> existing != null && existing.version() >= version
                                ? existing
                                : new ModelAssembly(
                                        id,
                                        version,
                                        new ProviderManager(id, catalog, source, systemProviders, freshness)));
    }
}
