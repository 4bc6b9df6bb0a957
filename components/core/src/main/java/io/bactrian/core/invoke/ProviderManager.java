package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a tenant's providers are configured to, each loaded when it is first asked for and no other with it. */
public final class ProviderManager {

    private final TenantId tenant;
    private final ProviderCatalog catalog;
    private final ConfigurationSource source;
    private final SystemProviderSource systemProviders;
    private final Freshness freshness;
    private final Map<ProviderId, Memo<ProviderConfiguration>> configurations = new ConcurrentHashMap<>();

    ProviderManager(
            TenantId tenant,
            ProviderCatalog catalog,
            ConfigurationSource source,
            SystemProviderSource systemProviders,
            Freshness freshness) {
        this.tenant = tenant;
        this.catalog = catalog;
        this.source = source;
        this.systemProviders = systemProviders;
        this.freshness = freshness;
    }

    /** What the tenant has for a provider; empty if no provider of that name is declared. */
    public Optional<ProviderConfiguration> configuration(ProviderId id) {
        Memo<ProviderConfiguration> known = configurations.get(id);
        if (known != null) {
            return Optional.of(known.get());
        }
        return catalog.find(id).map(entity -> configurations
                .computeIfAbsent(id, key -> new Memo<>(() -> load(entity), ProviderConfiguration::asStale, freshness))
                .get());
    }

    /** All declared providers. */
    public ProviderCatalog catalog() {
        return catalog;
    }

    private ProviderConfiguration load(ProviderEntity entity) {
        ProviderRecord record = source.provider(tenant, entity.provider())
                .orElseGet(() -> ProviderRecord.none(tenant, entity.provider()));
        return new ProviderConfiguration(
                tenant, entity, record, systemProviders.systemProviders(entity.provider()), source.name(), false);
    }
}
