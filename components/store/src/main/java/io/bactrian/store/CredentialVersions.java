package io.bactrian.store;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;

/** {@code credential_versions}: the newest version of every credential that ever was, apart from its row. */
final class CredentialVersions {

    private final Database database;

    CredentialVersions(Database database) {
        this.database = database;
    }

    /** Notes the first version of a new credential. Part of a change. */
    void add(TenantId tenant, CredentialId id) {
        database.sql(CredentialVersionStatements.ADD_CREDENTIAL_VERSION)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .param("version", 1L)
                .update();
    }

    /**
     * Notes a credential's next version. Part of a change.
     *
     * @param stored the version that is in its row
     * @return the next version
     */
    long next(TenantId tenant, CredentialId id, long stored) {
        long next = Math.max(stored, newest(tenant, id)) + 1;
        database.sql(CredentialVersionStatements.SET_CREDENTIAL_VERSION)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .param("version", next)
                .update();
        return next;
    }

    private long newest(TenantId tenant, CredentialId id) {
        return database.sql(CredentialVersionStatements.CREDENTIAL_VERSION)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }
}
