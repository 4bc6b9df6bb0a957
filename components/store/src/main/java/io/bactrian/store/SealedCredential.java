package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;
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
 */
record SealedCredential(
        TenantId tenant,
        CredentialScope scope,
        CredentialId id,
        long version,
        long newestVersion,
        int keyVersion,
        @Nullable DataKey key,
        Bytes sealed) {

    @Override
    public String toString() {
        return "SealedCredential[" + tenant + ", " + scope + ", " + id + ", version " + version + "]";
    }
}
