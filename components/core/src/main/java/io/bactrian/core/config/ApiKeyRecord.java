package io.bactrian.core.config;

import io.bactrian.core.tenant.AppId;
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
 * @param createdAt when it was issued
 * @param revokedAt when it was withdrawn; null while it is in force
 */
public record ApiKeyRecord(
        String id,
        TenantId tenant,
        String name,
        @Nullable UserId user,
        @Nullable AppId app,
        Instant createdAt,
        @Nullable Instant revokedAt) {}
