package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's own configuration of one model ({@code provider_models}).
 *
 * @param model the model's name
 * @param type what it does
 * @param activeCredential the credential in force; null when it was removed and none chosen since
 * @param credentials all credentials of the model, oldest first
 */
public record CustomModelRecord(
        String model, ModelType type, @Nullable CredentialId activeCredential, List<StoredCredential> credentials) {
    /** Copies the list. */
    public CustomModelRecord {
        credentials = List.copyOf(credentials);
    }
}
