package io.bactrian.core.tool;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a person who has been sent to a provider to say yes. Not a record: it holds a secret.
 */
public final class OAuthState {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final String sha256;
    private final TenantId tenant;
    private final ToolProviderName provider;
    private final @Nullable UserId user;
    private final Credentials request;
    private final Instant createdAt;
    private final Instant expiresAt;

    /**
     * @param sha256 the SHA-256 of what the person brings along when they come back, 64 lower-case hexadecimal digits
     * @param tenant for whom
     * @param provider for which provider
     * @param user who they are; null for the operator
     * @param request what the request was made with, and nobody else may know
     * @param createdAt when they were sent
     * @param expiresAt when they have to be back
     * @throws IllegalArgumentException if the hash is none
     */
    public OAuthState(
            String sha256,
            TenantId tenant,
            ToolProviderName provider,
            @Nullable UserId user,
            Credentials request,
            Instant createdAt,
            Instant expiresAt) {
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a state is kept under its SHA-256: 64 lower-case hexadecimal digits");
        }
        this.sha256 = sha256;
        this.tenant = tenant;
        this.provider = provider;
        this.user = user;
        this.request = request;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
    }

    /** The SHA-256 of what the person brings along. */
    public String sha256() {
        return sha256;
    }

    /** For whom. */
    public TenantId tenant() {
        return tenant;
    }

    /** For which provider. */
    public ToolProviderName provider() {
        return provider;
    }

    /** Who they are; null for the operator. */
    public @Nullable UserId user() {
        return user;
    }

    /** What the request was made with. */
    public Credentials request() {
        return request;
    }

    /** When they were sent. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When they have to be back. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether their time is up. */
    public boolean expired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return "OAuthState[" + tenant + ", " + provider + ", until " + expiresAt + "]";
    }
}
