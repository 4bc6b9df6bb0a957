package io.bactrian.core.manage;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key to be made.
 *
 * @param name what it is for, 1 to 100 characters
 * @param user the member it acts as; null for the tenant itself
 * @param app the application it is for; null for none
 * @param role what it may do at most; null for {@code normal}, or less if its member or whoever makes it may only do less
 * @param scopes what it is made for
 * @param expiresAt from when on it is not in force any more; null for never
 */
public record NewApiKey(
        String name,
        @Nullable UserId user,
        @Nullable AppId app,
        @Nullable Role role,
        Scopes scopes,
        @Nullable Instant expiresAt) {

    /** A key for calls, with the usual role, for good. */
    public NewApiKey(String name, @Nullable UserId user, @Nullable AppId app) {
        this(name, user, app, null, Scopes.CALLS, null);
    }
}
