package io.bactrian.core.manage;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A credential of a tool provider as people see it: no secret in it.
 *
 * @param id its id
 * @param provider what it opens
 * @param name its name
 * @param type how it opens it
 * @param isDefault whether it is used where none is named
 * @param version counts its changes
 * @param values its values by name, secrets obfuscated; empty if it cannot be read
 * @param unreadable why it cannot be read; empty if it can
 * @param expiresAt when its token expires; empty for never
 * @param onlyFor the one user whose calls may use it; empty for all of the tenant
 */
public record ToolCredentialView(
        CredentialId id,
        ToolProviderName provider,
        CredentialName name,
        ToolCredentialType type,
        boolean isDefault,
        long version,
        Map<String, String> values,
        Optional<String> unreadable,
        Optional<Instant> expiresAt,
        Optional<UserId> onlyFor) {
    /** Copies the map, keeping its order. */
    public ToolCredentialView {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
