package io.bactrian.core.tool;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps what OAuth 2 needs beside tokens: who tenants are to providers, and which persons have been sent to say yes. Each method
 * is one transaction. Thread-safe, and safe among several nodes: a person may come back to another one.
 *
 * <p>Errors: {@link io.bactrian.core.error.BadRequestException} with {@code tenant_not_found} or {@code invalid_param};
 * {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 */
public interface OAuthStore {

    /** How many persons a tenant may have sent who have not come back and whose time is not up. */
    int MOST_STATES = 1_000;

    /** Who a tenant is to a provider, closed; empty if it has not been said. */
    Optional<StoredCredential> client(TenantId tenant, ToolProviderName provider);

    /** Says who a tenant is to a provider; in the place of what was said before. */
    void putClient(TenantId tenant, ToolProviderName provider, Credentials client);

    /** Forgets who a tenant is to a provider. False if it had not been said. */
    boolean removeClient(TenantId tenant, ToolProviderName provider);

    /**
     * Remembers a person who is sent.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if the tenant has too many on the way
     */
    void addState(OAuthState state);

    /**
     * Takes out what was remembered of a person who comes back: for exactly one of all who try, and nobody when its time is up.
     *
     * @param sha256 the SHA-256 of what they bring along, 64 lower-case hexadecimal digits
     */
    Optional<OAuthState> takeState(String sha256, Instant now);
}
