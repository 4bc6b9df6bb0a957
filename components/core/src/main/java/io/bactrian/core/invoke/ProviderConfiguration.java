package io.bactrian.core.invoke;

import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One provider as one tenant has it: its declaration, what the tenant configured, what the operator grants. Lives as long
 * as one version of the configuration and keeps what was resolved from it.
 */
public final class ProviderConfiguration {

    /** Names come from messages too: those beyond this many are resolved each time and not kept. */
    private static final int MOST_KEPT = 1_000;

    /** The same, of all who see different credentials together. */
    private static final int MOST_KEPT_IN_ALL = 5_000;

    private final TenantId tenant;
    private final ProviderEntity provider;
    private final ProviderRecord custom;
    private final List<SystemProvider> system;
    private final String sourceName;
    private final boolean stale;
    private final Audiences audiences;
    private final AtomicInteger kept = new AtomicInteger();
    private final PoolShelf shelf = new PoolShelf();

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
        this.audiences = new Audiences(custom);
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

    /** Those who see what calls of a user do; null for calls that name none. */
    Audience audience(@Nullable UserId user) {
        return audiences.of(user);
    }

    /** Whoever manages the tenant's credentials, and sees them all. */
    Audience managers() {
        return audiences.managers();
    }

    /** What was resolved for an audience and is still valid; null if it has to be resolved. */
    @Nullable
    Resolution known(Audience audience, InvocationTarget.Model target, Clock clock) {
        Resolution known = audience.known(target);
        return known == null || known.expired(clock) ? null : known;
    }

    /** Keeps what was resolved for an audience, if there is room, with the pools that all of the same candidates share. */
    Resolution keep(Audience audience, InvocationTarget.Model target, Resolution resolved) {
        Resolution shared = resolved.withShelf(shelf);
        boolean room = audience.size() < MOST_KEPT && kept.get() < MOST_KEPT_IN_ALL;
        if ((room || audience.known(target) != null) && audience.keep(target, shared)) {
            kept.incrementAndGet();
        }
        return shared;
    }
}
