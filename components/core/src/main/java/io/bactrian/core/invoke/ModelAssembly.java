package io.bactrian.core.invoke;

import io.bactrian.core.tenant.TenantId;

/** What one tenant's calls share while one version of its configuration is in force; nothing of it outlives that. */
public final class ModelAssembly {

    private final TenantId tenant;
    private final long version;
    private final ProviderManager providerManager;

    ModelAssembly(TenantId tenant, long version, ProviderManager providerManager) {
        this.tenant = tenant;
        this.version = version;
        this.providerManager = providerManager;
    }

    /** Whose it is. */
    public TenantId tenant() {
        return tenant;
    }

    /** The version of the configuration that it was made for. */
    public long version() {
        return version;
    }

    /** The tenant's providers. */
    public ProviderManager providerManager() {
        return providerManager;
    }
}
