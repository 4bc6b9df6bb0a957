package io.bactrian.core.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential of a tool provider to be stored, already checked against its form.
 *
 * @param name its name, unique among the provider's
 * @param values its values
 * @param type how it opens the provider
 * @param expiresAt when its token expires; null for never
 * @param onlyFor the one user whose calls may use it; null for all of the tenant
 */
public record NewToolCredential(
        CredentialName name,
        Credentials values,
        ToolCredentialType type,
        @Nullable Instant expiresAt,
        @Nullable UserId onlyFor) {

    /** An API key that all of the tenant may use. */
    public static NewToolCredential ofApiKey(CredentialName name, Credentials values) {
        return new NewToolCredential(name, values, ToolCredentialType.API_KEY, null, null);
    }
}
