package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted values of a credential as they are in its row, with all it takes to open them.
 *
 * @param tenant whose row it is
 * @param bound what the values are bound to: by the row that they are in
 * @param id the row's id
 * @param version the row's version
 * @param newestVersion the credential's newest version; 0 if none is known
 * @param keyVersion which data key encrypted it
 * @param key that data key; null if it is gone
 * @param sealed the values, encrypted
 * @param until for the values before a rotation, which go with this version: when they stop being valid; null for those in
 *     force
 */
record SealedCredential(
        TenantId tenant,
        AssociatedData bound,
        CredentialId id,
        long version,
        long newestVersion,
        int keyVersion,
        @Nullable DataKey key,
        Bytes sealed,
        @Nullable Instant until) {

    /** Values in force, of a provider or model. */
    SealedCredential(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long version,
            long newestVersion,
            int keyVersion,
            @Nullable DataKey key,
            Bytes sealed) {
        this(
                tenant,
                AssociatedData.OfCredential.of(tenant, scope, id, version),
                id,
                version,
                newestVersion,
                keyVersion,
                key,
                sealed,
                null);
    }

    @Override
    public String toString() {
        return "SealedCredential[" + tenant + ", " + id + ", version " + version + "]";
    }
}
