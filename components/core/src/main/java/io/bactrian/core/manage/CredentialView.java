package io.bactrian.core.manage;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A credential as people see it: no secret in it.
 *
 * @param id its id
 * @param scope what it opens
 * @param name its name
 * @param active whether it is in force
 * @param version counts its changes
 * @param values its values by name, secrets obfuscated; empty if it cannot be read
 * @param unreadable why it cannot be read; empty if it can
 * @param managedBy the file that declares it; empty for one made by hand
 * @param previousUntil until when the values it had before it was rotated stay valid too; empty if they do not
 * @param visibility whose it is, and whose calls may use it
 * @param usable false if it is for nobody who is still a member: it has to be shared first
 */
public record CredentialView(
        CredentialId id,
        CredentialScope scope,
        CredentialName name,
        boolean active,
        long version,
        Map<String, String> values,
        Optional<String> unreadable,
        Optional<String> managedBy,
        Optional<Instant> previousUntil,
        CredentialVisibility visibility,
        boolean usable) {
    /** Copies the map, keeping its order. */
    public CredentialView {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
