package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code tool_builtin_providers} with all it takes to open them. */
final class ToolCredentialRows {

    private final Database database;
    private final Vault vault;

    /**
     * A row.
     *
     * @param sealed its values
     * @param name its name
     * @param type how it opens the provider
     * @param isDefault whether it is used where none is named
     * @param expiresAt when its token expires; null for never
     * @param user the one user whose calls may use it; null for all of the tenant
     */
    record Row(
            SealedCredential sealed,
            CredentialName name,
            ToolCredentialType type,
            boolean isDefault,
            @Nullable Instant expiresAt,
            @Nullable UserId user) {

        CredentialId id() {
            return sealed.id();
        }

        long version() {
            return sealed.version();
        }

        /** What the values of another version of it are bound to. */
        AssociatedData bound(TenantId tenant, ToolProviderName provider, long version) {
            return ToolCredentialRows.bound(tenant, provider, id(), version, type, user);
        }
    }

    ToolCredentialRows(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    static AssociatedData bound(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long version,
            ToolCredentialType type,
            @Nullable UserId user) {
        return new AssociatedData.OfToolCredential(
                tenant.value(), provider, id.value(), version, type, user == null ? "" : user.value());
    }

    /** A provider's, the oldest first. Part of an answer or a change. */
    List<Row> list(TenantId tenant, ToolProviderName provider) {
        return of(ToolCredentialStatements.TOOL_CREDENTIALS, tenant, provider)
                .query((row, n) -> row(tenant, provider, row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Part of an answer or a change. */
    Optional<Row> find(TenantId tenant, ToolProviderName provider, CredentialId id) {
        return of(ToolCredentialStatements.TOOL_CREDENTIAL, tenant, provider)
                .param("id", id.value())
                .query((row, n) -> row(tenant, provider, row))
                .optional()
                .flatMap(found -> found);
    }

    /** Empty for one of a type that only a newer version knows: it cannot be used by this one. */
    static Optional<Row> row(TenantId tenant, ToolProviderName provider, ResultSet row) throws SQLException {
        Optional<ToolCredentialType> type = ToolCredentialType.of(row.getString("credential_type"));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        CredentialId id = new CredentialId(row.getString("id"));
        long version = row.getLong("row_version");
        String user = Rows.textOrNull(row, "user_id");
        UserId onlyFor = user == null ? null : new UserId(user);
        SealedCredential sealed = new SealedCredential(
                tenant,
                bound(tenant, provider, id, version, type.get(), onlyFor),
                id,
                version,
                row.getLong("newest_version"),
                row.getInt("data_key_version"),
                Rows.dataKey(tenant, row),
                Bytes.copyFrom(row.getBytes("encrypted_credentials")),
                null);
        return Optional.of(new Row(
                sealed,
                new CredentialName(row.getString("name")),
                type.get(),
                row.getBoolean("is_default"),
                Rows.timeOrNull(row, "expires_at"),
                onlyFor));
    }

    /** A row as the house knows it, closed. */
    ToolCredential credential(TenantId tenant, ToolProviderName provider, Row row) {
        StoredCredential stored = new StoredCredential(
                row.id(),
                row.name(),
                row.version(),
                () -> vault.open(row.sealed(), () -> database.answer(() -> find(tenant, provider, row.id()))
                        .map(Row::sealed)));
        return new ToolCredential(stored, row.type(), row.isDefault(), row.expiresAt(), row.user());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, ToolProviderName provider) {
        return database.sql(statement)
                .param("tenant", tenant.value())
                .param("type", provider.type().text())
                .param("provider", provider.provider());
    }
}
