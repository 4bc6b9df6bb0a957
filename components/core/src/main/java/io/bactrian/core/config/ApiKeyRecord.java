package io.bactrian.core.config;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is stored: the key itself is not.
 *
 * @param id its id, which may be shown
 * @param tenant who pays for calls made with it
 * @param name what it is for
 * @param user the member it acts as; null for the tenant itself
 * @param app the application it was issued to; null for none
 * @param role what it may do at most: less, if its member may
 * @param scopes what it was made for
 * @param createdBy who made it, as in the audit log; null if that was not taken down
 * @param createdAt when it was issued
 * @param expiresAt from when on it is not in force any more; null for never
 * @param revokedAt when it was withdrawn; null if it was not
 */
public record ApiKeyRecord(
        String id,
        TenantId tenant,
        String name,
        @Nullable UserId user,
        @Nullable AppId app,
        Role role,
        Scopes scopes,
        @Nullable String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    /** A key of the usual kind: for calls, with the role {@code normal}, for good. */
    public ApiKeyRecord(
            String id,
            TenantId tenant,
            String name,
            @Nullable UserId user,
            @Nullable AppId app,
            Instant createdAt,
            @Nullable Instant revokedAt) {
        this(id, tenant, name, user, app, Role.NORMAL, Scopes.CALLS, null, createdAt, null, revokedAt);
    }

    /** Whether it is neither withdrawn nor expired. */
    public boolean inForce(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** The same, withdrawn. */
    ApiKeyRecord revoked(Instant at) {
        return new ApiKeyRecord(id, tenant, name, user, app, role, scopes, createdBy, createdAt, expiresAt, at);
    }
}
