package io.bactrian.store;

import io.bactrian.core.tenant.TenantId;
import java.util.Map;

/** The rows of a table whose values data keys encrypt, as the rotation of keys sees them. */
interface SealedRows {

    /**
     * A tenant's data keys.
     *
     * @param all by their versions
     * @param newest the one that encrypts
     */
    record Keys(Map<Integer, DataKey> all, DataKey newest) {

        /** Copies the map. */
        public Keys {
            all = Map.copyOf(all);
        }
    }

    /**
     * What a transaction did.
     *
     * @param seen rows
     * @param done rows brought to the newest key; the others do not open, and stay as they are
     * @param last the last row's id; what came before if there was none
     */
    record Batch(int seen, int done, String last) {}

    /** How many of all tenants' rows an older data key encrypts. */
    long countBehind();

    /** How many of a tenant's rows a data key encrypts. Part of an answer or a change. */
    long countOf(TenantId tenant, int keyVersion);

    /** Removes what is of no use any more, and need not be encrypted anew. Part of a change. */
    void forgetExpired(TenantId tenant);

    /**
     * Encrypts some of a tenant's rows anew that an older key than the newest encrypts, by their ids. Part of a change.
     *
     * @param after only rows behind this one
     * @param most how many at most
     */
    Batch rewrap(TenantId tenant, Keys keys, String after, int most);
}
