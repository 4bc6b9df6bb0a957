package io.bactrian.http;

import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is, as the gate found out.
 *
 * @param tenant who pays
 * @param user the member that the API key acts as; null for none
 * @param app the application that the API key was issued to; null for none
 * @param apiKey the API key; null for a caller on this machine without one
 */
record Identity(
        TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        @Nullable ApiKeyId apiKey) {}
