package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code tool_builtin_providers} or {@code oauth_clients}, encrypted anew. */
final class ToolCredentialRewrap implements SealedRows {

    private final Database database;
    private final Vault vault;
    private final Table table;

    /** The statements of one of the two tables. */
    enum Table {
        CREDENTIALS(
                ToolCredentialStatements.COUNT_TOOL_CREDENTIALS_BEHIND,
                ToolCredentialStatements.COUNT_TOOL_CREDENTIALS_OF_KEY,
                ToolCredentialStatements.TOOL_CREDENTIALS_BEHIND,
                ToolCredentialStatements.REWRAP_TOOL_CREDENTIAL),
        CLIENTS(
                OAuthStatements.COUNT_OAUTH_CLIENTS_BEHIND,
                OAuthStatements.COUNT_OAUTH_CLIENTS_OF_KEY,
                OAuthStatements.OAUTH_CLIENTS_BEHIND,
                OAuthStatements.REWRAP_OAUTH_CLIENT);

        private final String countBehind;
        private final String countOfKey;
        private final String behind;
        private final String rewrap;

        Table(String countBehind, String countOfKey, String behind, String rewrap) {
            this.countBehind = countBehind;
            this.countOfKey = countOfKey;
            this.behind = behind;
            this.rewrap = rewrap;
        }

        private Optional<SealedCredential> sealed(TenantId tenant, ToolProviderName provider, ResultSet row)
                throws SQLException {
            return this == CREDENTIALS
                    ? ToolCredentialRows.row(tenant, provider, row).map(ToolCredentialRows.Row::sealed)
                    : Optional.of(OAuthTables.client(tenant, provider, row));
        }
    }

    /**
     * Values that an older key encrypts.
     *
     * @param id the row's id
     * @param sealed the values; null if this version does not know what they are of
     */
    private record Behind(String id, @Nullable SealedCredential sealed) {}

    ToolCredentialRewrap(Database database, Vault vault, Table table) {
        this.database = database;
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
        // a token that has expired is renewed
    }

    @Override
    public Batch rewrap(TenantId tenant, Keys keys, String after, int most) {
        List<Behind> behind = database.sql(table.behind)
                .param("tenant", tenant.value())
                .param("keyVersion", keys.newest().version())
                .param("after", after)
                .param("most", most)
                .query((row, n) -> new Behind(row.getString("id"), sealed(tenant, row)))
                .list();
        int done = 0;
        for (Behind row : behind) {
            done += rewrapped(row, keys.newest()) ? 1 : 0;
        }
        String last = behind.isEmpty() ? after : behind.get(behind.size() - 1).id();
        return new Batch(behind.size(), done, last);
    }

    private @Nullable SealedCredential sealed(TenantId tenant, ResultSet row) throws SQLException {
        Optional<ToolProviderType> type = ToolProviderType.of(row.getString("provider_type"));
        if (type.isEmpty()) {
            return null;
        }
        ToolProviderName provider = new ToolProviderName(type.get(), row.getString("provider"));
        return table.sealed(tenant, provider, row).orElse(null);
    }

    private boolean rewrapped(Behind row, DataKey newest) {
        SealedCredential old = row.sealed();
        if (old == null) {
            return false;
        }
        try {
            database.sql(table.rewrap)
                    .param("tenant", old.tenant().value())
                    .param("id", old.id().value())
                    .param("version", old.version())
                    .param("keyVersion", newest.version())
                    .param("sealed", vault.reseal(old, newest))
                    .update();
            return true;
        } catch (CredentialUnreadableException e) {
            // told of by the vault; it stays as it is, and so does the key that it names
            return false;
        }
    }
}
