package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * A credential to be stored, already checked against its form.
 *
 * @param name its name, unique within the scope
 * @param values its values
 * @param managedBy the file that declares it; null for one made by hand
 * @param visibility whose calls may use it
 */
public record NewCredential(
        CredentialName name, Credentials values, @Nullable String managedBy, CredentialVisibility visibility) {

    /** One for all of the tenant, and nobody's own. */
    public NewCredential(CredentialName name, Credentials values, @Nullable String managedBy) {
        this(name, values, managedBy, CredentialVisibility.ALL);
    }
}
