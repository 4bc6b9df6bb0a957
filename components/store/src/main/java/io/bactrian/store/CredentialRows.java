package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code provider_credentials} and {@code provider_model_credentials} with all it takes to open them. */
final class CredentialRows {

    private final Database database;

    /**
     * The values in a row.
     *
     * @param current those in force
     * @param previous those before its rotation; null if there are none
     */
    record Sealed(SealedCredential current, @Nullable SealedCredential previous) {}

    CredentialRows(Database database) {
        this.database = database;
    }

    /** A credential as its row is now. Part of an answer or a change. */
    Optional<Sealed> find(TenantId tenant, CredentialScope scope, CredentialId id) {
        String statement = scope instanceof CredentialScope.OfModel
                ? ModelCredentialStatements.MODEL_CREDENTIAL
                : ProviderCredentialStatements.PROVIDER_CREDENTIAL;
        return database.sql(statement)
                .param("tenant", tenant.value())
                .param("provider", scope.provider().value())
                .param("id", id.value())
                .query((row, n) -> sealed(tenant, scope, row))
                .optional();
    }

    static Sealed sealed(TenantId tenant, CredentialScope scope, ResultSet row) throws SQLException {
        SealedCredential current = current(tenant, scope, row, Rows.dataKey(tenant, row));
        return new Sealed(current, previous(current, scope, row, Rows.dataKey(tenant, row, "previous_")));
    }

    static SealedCredential current(TenantId tenant, CredentialScope scope, ResultSet row, @Nullable DataKey key)
            throws SQLException {
        return new SealedCredential(
                tenant,
                scope,
                new CredentialId(row.getString("id")),
                row.getLong("row_version"),
                row.getLong("newest_version"),
                row.getInt("data_key_version"),
                key,
                Bytes.copyFrom(row.getBytes("encrypted_config")));
    }

    /**
     * Values of another version of the row are what an older program left behind when it changed the row; values without a
     * time, which no program writes, are valid at none.
     */
    static @Nullable SealedCredential previous(
            SealedCredential current, CredentialScope scope, ResultSet row, @Nullable DataKey key) throws SQLException {
        byte[] sealed = row.getBytes("previous_config");
        Instant until = Rows.timeOrNull(row, "previous_until");
        if (sealed == null || until == null || row.getLong("previous_of") != current.version()) {
            return null;
        }
        AssociatedData.OfCredential own =
                AssociatedData.OfCredential.of(current.tenant(), scope, current.id(), current.version());
        return new SealedCredential(
                current.tenant(),
                AssociatedData.OfPreviousCredential.of(own, until),
                current.id(),
                current.version(),
                current.newestVersion(),
                row.getInt("previous_data_key_version"),
                key,
                Bytes.copyFrom(sealed),
                until);
    }
}
