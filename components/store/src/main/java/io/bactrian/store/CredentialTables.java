package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code provider_credentials} and {@code provider_model_credentials}, written; and {@code data_keys}. */
final class CredentialTables {

    private final Database database;
    private final Changes changes;
    private final ScopeTables scopes;
    private final Vault vault;
    private final DataKeys dataKeys;
    private final Supplier<String> ids;
    private final Clock clock;

    /** A credential without its values. */
    private record Head(CredentialId id, String name, long version) {}

    CredentialTables(
            Database database,
            Changes changes,
            ScopeTables scopes,
            Vault vault,
            DataKeys dataKeys,
            Supplier<String> ids,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.scopes = scopes;
        this.vault = vault;
        this.dataKeys = dataKeys;
        this.ids = ids;
        this.clock = clock;
    }

    CredentialId add(TenantId tenant, CredentialScope scope, NewCredential credential) {
        CredentialId id = new CredentialId(ids.get());
        return changes.change(tenant, () -> {
            scopes.ensure(tenant, scope);
            CredentialId active = scopes.active(tenant, scope);
            refuseTaken(heads(tenant, scope), scope, credential.name(), null);
            DataKey key = dataKey(tenant);
            database.sql(StoreStatements.ADD_CREDENTIAL_VERSION)
                    .param("tenant", tenant.value())
                    .param("id", id.value())
                    .param("version", 1L)
                    .update();
            of(
                            ofModel(scope)
                                    ? StoreStatements.ADD_MODEL_CREDENTIAL
                                    : StoreStatements.ADD_PROVIDER_CREDENTIAL,
                            tenant,
                            scope)
                    .param("id", id.value())
                    .param("name", credential.name().value())
                    .param("sealed", vault.seal(key, tenant, scope, id, 1, credential.values()))
                    .param("keyVersion", key.version())
                    .param("managedBy", credential.managedBy())
                    .param("now", now())
                    .update();
            scopes.activate(tenant, scope, active == null ? id : active);
            return id;
        });
    }

    void update(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values) {
        changes.change(tenant, () -> {
            List<Head> heads = heads(tenant, scope);
            Head stored = required(heads, scope, id);
            if (expectedVersion != 0 && expectedVersion != stored.version()) {
                throw Rows.invalid("credential " + id + " has changed since it was read (version " + stored.version()
                        + ", not " + expectedVersion + "): read it again");
            }
            refuseTaken(heads, scope, name, id);
            long version = nextVersion(tenant, stored);
            DataKey key = dataKey(tenant);
            return of(
                            ofModel(scope)
                                    ? StoreStatements.UPDATE_MODEL_CREDENTIAL
                                    : StoreStatements.UPDATE_PROVIDER_CREDENTIAL,
                            tenant,
                            scope)
                    .param("id", id.value())
                    .param("name", name.value())
                    .param("sealed", vault.seal(key, tenant, scope, id, version, values))
                    .param("keyVersion", key.version())
                    .param("version", version)
                    .param("now", now())
                    .update();
        });
    }

    void remove(TenantId tenant, CredentialScope scope, CredentialId id) {
        changes.change(tenant, () -> {
            Head stored = required(heads(tenant, scope), scope, id);
            if (id.equals(scopes.active(tenant, scope))) {
                scopes.activate(tenant, scope, null);
            }
            nextVersion(tenant, stored);
            return of(
                            ofModel(scope)
                                    ? StoreStatements.REMOVE_MODEL_CREDENTIAL
                                    : StoreStatements.REMOVE_PROVIDER_CREDENTIAL,
                            tenant,
                            scope)
                    .param("id", id.value())
                    .update();
        });
    }

    void activate(TenantId tenant, CredentialScope scope, CredentialId id) {
        changes.change(tenant, () -> {
            required(heads(tenant, scope), scope, id);
            scopes.activate(tenant, scope, id);
            return id;
        });
    }

    Optional<String> managedBy(TenantId tenant, CredentialId id) {
        return database.answer(() -> database
                .sql(StoreStatements.MANAGED_BY)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query((row, n) -> Optional.ofNullable(Rows.textOrNull(row, "managed_by")))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst());
    }

    /** Notes a credential's next version where the newest ones are kept, apart from its row. */
    private long nextVersion(TenantId tenant, Head stored) {
        long newest = Math.max(stored.version(), newestVersion(tenant, stored.id()));
        database.sql(StoreStatements.SET_CREDENTIAL_VERSION)
                .param("tenant", tenant.value())
                .param("id", stored.id().value())
                .param("version", newest + 1)
                .update();
        return newest + 1;
    }

    private long newestVersion(TenantId tenant, CredentialId id) {
        return database.sql(StoreStatements.CREDENTIAL_VERSION)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    private List<Head> heads(TenantId tenant, CredentialScope scope) {
        String statement =
                ofModel(scope) ? StoreStatements.MODEL_CREDENTIAL_HEADS : StoreStatements.PROVIDER_CREDENTIAL_HEADS;
        return of(statement, tenant, scope)
                .query((row, n) -> new Head(
                        new CredentialId(row.getString("id")),
                        row.getString("credential_name"),
                        row.getLong("row_version")))
                .list();
    }

    /** Another tenant's id is looked for in the same rows as one that never was, with the same answer (CRED-15). */
    private static Head required(List<Head> heads, CredentialScope scope, CredentialId id) {
        return heads.stream()
                .filter(head -> head.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND, "there is no credential " + id + " of " + scope));
    }

    private static void refuseTaken(
            List<Head> heads, CredentialScope scope, CredentialName name, @Nullable CredentialId own) {
        boolean taken =
                heads.stream().anyMatch(head -> head.name().equals(name.value()) && !Objects.equals(head.id(), own));
        if (taken) {
            throw Rows.invalid("a credential named '" + name + "' of " + scope + " is there already");
        }
    }

    /** The key that a tenant's values are encrypted with; its first one is made when it is first needed. */
    private DataKey dataKey(TenantId tenant) {
        Optional<DataKey> primary = database
                .sql(StoreStatements.PRIMARY_DATA_KEY)
                .param("tenant", tenant.value())
                .query((row, n) -> dataKey(tenant, row))
                .list()
                .stream()
                .findFirst();
        return primary.orElseGet(() -> {
            DataKey made = dataKeys.make(tenant, 1);
            database.sql(StoreStatements.ADD_DATA_KEY)
                    .param("tenant", tenant.value())
                    .param("keyVersion", made.version())
                    .param("kek", made.kekId())
                    .param("wrapped", made.wrapped().toByteArray())
                    .param("rowVersion", made.rowVersion())
                    .param("now", now())
                    .update();
            return made;
        });
    }

    static DataKey dataKey(TenantId tenant, ResultSet row) throws SQLException {
        return new DataKey(
                tenant,
                row.getInt("data_key_version"),
                row.getString("kek_id"),
                row.getLong("data_key_row_version"),
                Bytes.copyFrom(row.getBytes("wrapped_key")));
    }

    private static boolean ofModel(CredentialScope scope) {
        return scope instanceof CredentialScope.OfModel;
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, CredentialScope scope) {
        return database.sql(statement).params(Rows.scope(tenant, scope));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
