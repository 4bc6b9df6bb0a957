package io.bactrian.core.invoke;

import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * One provider as one tenant has it: its declaration, what the tenant configured, what the operator grants. Lives as long
 * as one version of the configuration and keeps what was resolved from it.
 */
public final class ProviderConfiguration {

    /** Names come from messages too: those beyond this many are resolved each time and not kept. */
    private static final int MOST_KEPT = 1_000;

    private final TenantId tenant;
    private final ProviderEntity provider;
    private final ProviderRecord custom;
    private final List<SystemProvider> system;
    private final String sourceName;
    private final boolean stale;
    private final Map<InvocationTarget.Model, Resolution> resolutions = new ConcurrentHashMap<>();

    ProviderConfiguration(
            TenantId tenant,
            ProviderEntity provider,
            ProviderRecord custom,
            List<SystemProvider> system,
            String sourceName,
            boolean stale) {
        this.tenant = tenant;
        this.provider = provider;
        this.custom = custom;
        this.system = List.copyOf(system);
        this.sourceName = sourceName;
        this.stale = stale;
    }

    /** The same, as it serves on while it cannot be read anew. */
    ProviderConfiguration asStale() {
        return new ProviderConfiguration(tenant, provider, custom, system, sourceName, true);
    }

    /** Whose it is. */
    public TenantId tenant() {
        return tenant;
    }

    /** The provider's declaration. */
    public ProviderEntity provider() {
        return provider;
    }

    /** What the tenant configured. */
    public ProviderRecord custom() {
        return custom;
    }

    /** What the operator declares for the provider, granted to this tenant or not. */
    public List<SystemProvider> system() {
        return system;
    }

    /** The models of one type. */
    public ProviderModelBundle bundle(ModelType type) {
        return new ProviderModelBundle(this, type);
    }

    /**
     * Whether it serves on because the source does not answer: it was in force when the source was last asked, and what
     * has changed since is not in it.
     */
    public boolean stale() {
        return stale;
    }

    String sourceName() {
        return sourceName;
    }

    Resolution resolution(
            InvocationTarget.Model target, Clock clock, Function<InvocationTarget.Model, Resolution> resolve) {
        Resolution known = resolutions.get(target);
        if (known != null && !known.expired(clock)) {
            return known;
        }
        Resolution fresh = resolve.apply(target);
        if (known != null || resolutions.size() < MOST_KEPT) {
            resolutions.put(target, fresh);
        }
        return fresh;
    }
}
