package io.bactrian.core.config;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A place that knows tenants and what they configured: properties, files, a database. Reads never write. Every method
 * may be called from many threads.
 *
 * <p>A source that cannot answer throws {@link io.bactrian.core.error.UnavailableException} with
 * {@code store_unavailable}; it never answers "nothing there" instead.
 */
public interface ConfigurationSource {

    /** What the source is called in explanations: {@code properties}, {@code database}, a file's name. */
    String name();

    /**
     * Counts the changes that concern a tenant. After a write has returned, this gives another number than before it;
     * a reader that took the number first and reads then holds data at least that new. Cheap: called for every call,
     * reads memory only.
     */
    long version(TenantId tenant);

    /** The tenant of that id. */
    Optional<TenantRecord> tenant(TenantId tenant);

    /** All that a tenant has configured for a provider; empty if this source holds nothing of it. */
    Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider);

    /** The model that a tenant's calls without a named model go to. */
    Optional<ModelReference> defaultModel(TenantId tenant, ModelType type);

    /** The role of a user in a tenant; empty for users who are not members. */
    Optional<Role> role(TenantId tenant, UserId user);

    /** Whether the source keeps a list of the tenant's members, so that a user who is not on it is none. */
    boolean managesMembers(TenantId tenant);

    /**
     * The tenant's API key of that id, in force or not. Cheap: asked for every call with a key, answered from memory. By default
     * there are none.
     */
    default Optional<ApiKeyRecord> apiKey(TenantId tenant, ApiKeyId id) {
        return Optional.empty();
    }

    /**
     * Looks for changes that others have made to a tenant, so that {@link #version} counts them when this returns. For
     * when a provider has refused a credential, which may just have been replaced. Waits half a second at most; a source
     * that does not answer is not told of. By default there is nothing to look for.
     */
    default void refresh(TenantId tenant) {}

    /**
     * For how long the source has not answered; zero if it did when it was last asked. While it does not, what was read
     * from it before serves on for a while, as nothing newer can be known, and nobody waits to find out again. Cheap: reads
     * memory only.
     */
    default Duration silence() {
        return Duration.ZERO;
    }

    /**
     * Tells a listener of each tenant whose {@link #version} has gone up, so that what was kept of it can be let go: its
     * opened credentials among them. On a thread that must not be kept waiting. By default nobody is told.
     */
    default void onChange(Consumer<TenantId> listener) {}
}
