package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.tenant.TenantId;

/**
 * A row of {@code data_keys}.
 *
 * @param tenant whose key it is
 * @param version which of the tenant's keys
 * @param kekId the key-encryption key that wrapped it
 * @param rowVersion how often it has been wrapped
 * @param wrapped the key, wrapped
 */
record DataKey(TenantId tenant, int version, String kekId, long rowVersion, Bytes wrapped) {

    AssociatedData.OfDataKey bound() {
        return new AssociatedData.OfDataKey(tenant.value(), version, rowVersion);
    }

    @Override
    public String toString() {
        return "DataKey[" + tenant + ", version " + version + ", wrapped by " + kekId + "]";
    }
}
