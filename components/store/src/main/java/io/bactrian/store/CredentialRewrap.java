package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code provider_credentials} or {@code provider_model_credentials}, encrypted anew. */
final class CredentialRewrap implements SealedRows {

    private final Database database;
    private final CredentialTables credentials;
    private final Vault vault;
    private final Table table;

    /** The statements of one of the two tables. */
    enum Table {
        PROVIDERS(
                ProviderCredentialStatements.COUNT_PROVIDER_CREDENTIALS_BEHIND,
                ProviderCredentialStatements.COUNT_PROVIDER_CREDENTIALS_OF_KEY,
                ProviderCredentialStatements.PROVIDER_CREDENTIALS_BEHIND,
                ProviderCredentialStatements.REWRAP_PROVIDER_CREDENTIAL,
                ProviderCredentialStatements.KEEP_PREVIOUS_PROVIDER_CREDENTIAL),
        MODELS(
                ModelCredentialStatements.COUNT_MODEL_CREDENTIALS_BEHIND,
                ModelCredentialStatements.COUNT_MODEL_CREDENTIALS_OF_KEY,
                ModelCredentialStatements.MODEL_CREDENTIALS_BEHIND,
                ModelCredentialStatements.REWRAP_MODEL_CREDENTIAL,
                ModelCredentialStatements.KEEP_PREVIOUS_MODEL_CREDENTIAL);

        private final String countBehind;
        private final String countOfKey;
        private final String behind;
        private final String rewrap;
        private final String keepPrevious;

        Table(String countBehind, String countOfKey, String behind, String rewrap, String keepPrevious) {
            this.countBehind = countBehind;
            this.countOfKey = countOfKey;
            this.behind = behind;
            this.rewrap = rewrap;
            this.keepPrevious = keepPrevious;
        }

        /** Empty for a model of a type that only a newer version knows. */
        private Optional<CredentialScope> scope(ResultSet row) throws SQLException {
            ProviderId provider = new ProviderId(row.getString("provider_name"));
            if (this == PROVIDERS) {
                return Optional.of(new CredentialScope.OfProvider(provider));
            }
            String model = row.getString("model_name");
            return ModelType.of(row.getString("model_type"))
                    .map(type -> new CredentialScope.OfModel(provider, model, type));
        }
    }

    /**
     * A credential that an older key encrypts.
     *
     * @param id its id
     * @param sealed its values; null if this version does not know what they are of
     */
    private record Behind(String id, CredentialRows.@Nullable Sealed sealed) {}

    CredentialRewrap(Database database, CredentialTables credentials, Vault vault, Table table) {
        this.database = database;
        this.credentials = credentials;
        this.vault = vault;
        this.table = table;
    }

    @Override
    public long countBehind() {
        return database.answer(
                () -> database.sql(table.countBehind).query(Long.class).single());
    }

    @Override
    public long countOf(TenantId tenant, int keyVersion) {
        return database.sql(table.countOfKey)
                .param("tenant", tenant.value())
                .param("keyVersion", keyVersion)
                .query(Long.class)
                .single();
    }

    @Override
    public void forgetExpired(TenantId tenant) {
        credentials.forgetExpired(tenant);
    }

    @Override
    public Batch rewrap(TenantId tenant, Keys keys, String after, int most) {
        List<Behind> behind = behind(tenant, keys, after, most);
        int done = 0;
        for (Behind row : behind) {
            done += rewrapped(row, keys.newest()) ? 1 : 0;
        }
        String last = behind.isEmpty() ? after : behind.get(behind.size() - 1).id();
        return new Batch(behind.size(), done, last);
    }

    private List<Behind> behind(TenantId tenant, Keys keys, String after, int most) {
        return database.sql(table.behind)
                .param("tenant", tenant.value())
                .param("keyVersion", keys.newest().version())
                .param("after", after)
                .param("most", most)
                .query((row, n) -> new Behind(row.getString("id"), sealed(tenant, keys.all(), row)))
                .list();
    }

    private CredentialRows.@Nullable Sealed sealed(TenantId tenant, Map<Integer, DataKey> keys, ResultSet row)
            throws SQLException {
        Optional<CredentialScope> scope = table.scope(row);
        if (scope.isEmpty()) {
            return null;
        }
        SealedCredential current =
                CredentialRows.current(tenant, scope.get(), row, keys.get(row.getInt("data_key_version")));
        DataKey previousKey = keys.get(row.getInt("previous_data_key_version"));
        return new CredentialRows.Sealed(current, CredentialRows.previous(current, scope.get(), row, previousKey));
    }

    private boolean rewrapped(Behind row, DataKey newest) {
        CredentialRows.Sealed sealed = row.sealed();
        if (sealed == null) {
            return false;
        }
        try {
            rewrap(table.rewrap, sealed.current(), newest, null);
            SealedCredential previous = sealed.previous();
            if (previous != null) {
                rewrap(table.keepPrevious, previous, newest, Objects.requireNonNull(previous.until()));
            }
            return true;
        } catch (CredentialUnreadableException e) {
            // told of by the vault; it stays as it is, and so does the key that it names
            return false;
        }
    }

    private void rewrap(String statement, SealedCredential old, DataKey newest, @Nullable Instant until)
            throws CredentialUnreadableException {
        if (old.keyVersion() == newest.version()) {
            return;
        }
        var update = database.sql(statement)
                .param("tenant", old.tenant().value())
                .param("id", old.id().value())
                .param("version", old.version())
                .param("keyVersion", newest.version())
                .param("sealed", vault.reseal(old, newest));
        (until == null ? update : update.param("until", Rows.time(until))).update();
    }
}
