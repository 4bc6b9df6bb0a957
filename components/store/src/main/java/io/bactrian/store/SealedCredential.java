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
 * @param scope the scope whose row it is
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
        CredentialScope scope,
        CredentialId id,
        long version,
        long newestVersion,
        int keyVersion,
        @Nullable DataKey key,
        Bytes sealed,
        @Nullable Instant until) {

    /** Values in force. */
    SealedCredential(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long version,
            long newestVersion,
            int keyVersion,
            @Nullable DataKey key,
            Bytes sealed) {
        this(tenant, scope, id, version, newestVersion, keyVersion, key, sealed, null);
    }

    /** What the values are bound to. */
    AssociatedData bound() {
        AssociatedData.OfCredential own = AssociatedData.OfCredential.of(tenant, scope, id, version);
        return until == null ? own : AssociatedData.OfPreviousCredential.of(own, until);
    }

    @Override
    public String toString() {
        return "SealedCredential[" + tenant + ", " + scope + ", " + id + ", version " + version + "]";
    }
}
