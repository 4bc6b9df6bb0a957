package io.bactrian.core.tool;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of tool providers that can be changed. Each method is one transaction: it is done and visible to readers of this
 * node when it returns, and to those of other nodes within a second, or nothing has changed. Values have been checked by the
 * caller; the store sees to uniqueness and references.
 *
 * <p>Of a provider's credentials one at most is the default, which is used where none is named: the first one that all of the
 * tenant may use, and one added while there is none because it was removed. One that a single user may use never is.
 *
 * <p>Errors: {@link io.bactrian.core.error.BadRequestException} with {@code invalid_param} for a name that is taken or one
 * credential too many, {@code credential_not_found} and {@code tenant_not_found};
 * {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 */
public interface ToolCredentialStore extends ToolCredentialSource {

    /** How many credentials a tenant may have of one provider. */
    int MOST = 100;

    /** The providers that a tenant has credentials of, in order. */
    List<ToolProviderName> providers(TenantId tenant);

    /** A credential as it is now, whatever readers of this node remember; empty if there is none. */
    Optional<ToolCredential> find(TenantId tenant, ToolProviderName provider, CredentialId id);

    /**
     * Adds a credential.
     *
     * @return its new id
     */
    CredentialId add(TenantId tenant, ToolProviderName provider, NewToolCredential credential);

    /**
     * Replaces name and values of a credential; its version goes up by one.
     *
     * @param expectedVersion the version that was read; the update is refused if it has changed since. 0 for any
     */
    void update(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values);

    /** Removes a credential. If it was the default one, there is none then: no other takes its place by itself. */
    void remove(TenantId tenant, ToolProviderName provider, CredentialId id);

    /**
     * Makes a credential the default one.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if a single user may use it
     */
    void setDefault(TenantId tenant, ToolProviderName provider, CredentialId id);

    /**
     * Begins to renew a token: true for one of all who try, on whatever node, until {@code until} or until it lets go. Nobody
     * else sends the provider the refresh token meanwhile.
     *
     * @param version the version of the credential whose token is to be renewed; it has to be that still
     * @param holder who renews: another text for each one who tries
     * @param now what time it is
     * @param until when it lets go at the latest: not before it has given up waiting for the provider
     */
    boolean beginRenewal(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long version,
            String holder,
            Instant now,
            Instant until);

    /** Lets go of a renewal that came to nothing. */
    void endRenewal(TenantId tenant, ToolProviderName provider, CredentialId id, String holder);

    /**
     * Puts renewed tokens in the place of those before them, and lets go. The version goes up by one.
     *
     * @param expectedVersion the version whose token was renewed; 0 for any
     * @param expiresAt when the new token expires; null for never
     * @return false, and nothing has changed, if the credential is not of that version any more, or not there
     */
    boolean renew(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            Credentials values,
            @Nullable Instant expiresAt);
}
