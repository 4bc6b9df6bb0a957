package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.GracePeriod;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code provider_credentials} and {@code provider_model_credentials}, written. */
final class CredentialTables {

    private final Database database;
    private final Changes changes;
    private final ScopeTables scopes;
    private final Vault vault;
    private final DataKeyTable dataKeys;
    private final CredentialRows rows;
    private final CredentialVersions versions;
    private final VisibilityTables visibilities;
    private final Supplier<String> ids;
    private final Clock clock;

    /** A credential without its values. */
    private record Head(CredentialId id, String name, long version) {}

    CredentialTables(
            Database database,
            Changes changes,
            ScopeTables scopes,
            Vault vault,
            DataKeyTable dataKeys,
            CredentialRows rows,
            VisibilityTables visibilities,
            Supplier<String> ids,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.scopes = scopes;
        this.vault = vault;
        this.dataKeys = dataKeys;
        this.rows = rows;
        this.versions = new CredentialVersions(database);
        this.visibilities = visibilities;
        this.ids = ids;
        this.clock = clock;
    }

    CredentialId add(TenantId tenant, CredentialScope scope, NewCredential credential) {
        CredentialId id = new CredentialId(ids.get());
        return changes.change(tenant, () -> {
            scopes.ensure(tenant, scope);
            CredentialId active = scopes.active(tenant, scope);
            refuseTaken(heads(tenant, scope), scope, credential.name(), null);
            DataKey key = dataKeys.primary(tenant);
            versions.add(tenant, id);
            of(
                            ofModel(scope)
                                    ? ModelCredentialStatements.ADD_MODEL_CREDENTIAL
                                    : ProviderCredentialStatements.ADD_PROVIDER_CREDENTIAL,
                            tenant,
                            scope)
                    .param("id", id.value())
                    .param("name", credential.name().value())
                    .param("sealed", vault.seal(key, tenant, scope, id, 1, credential.values()))
                    .param("keyVersion", key.version())
                    .param("managedBy", credential.managedBy())
                    .param("now", now())
                    .update();
            if (!credential.visibility().equals(CredentialVisibility.ALL)) {
                visibilities.set(tenant, scope, id, credential.visibility());
            }
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
            return written(tenant, scope, stored, name.value(), values, dataKeys.primary(tenant));
        });
    }

    void setVisibility(TenantId tenant, CredentialScope scope, CredentialId id, CredentialVisibility visibility) {
        changes.change(tenant, () -> {
            required(heads(tenant, scope), scope, id);
            return visibilities.set(tenant, scope, id, visibility);
        });
    }

    /** Writes a credential anew and gives its version. Part of a change. */
    private long written(
            TenantId tenant, CredentialScope scope, Head stored, String name, Credentials values, DataKey key) {
        long version = versions.next(tenant, stored.id(), stored.version());
        String statement = ofModel(scope)
                ? ModelCredentialStatements.UPDATE_MODEL_CREDENTIAL
                : ProviderCredentialStatements.UPDATE_PROVIDER_CREDENTIAL;
        of(statement, tenant, scope)
                .param("id", stored.id().value())
                .param("name", name)
                .param("sealed", vault.seal(key, tenant, scope, stored.id(), version, values))
                .param("keyVersion", key.version())
                .param("version", version)
                .param("now", now())
                .update();
        return version;
    }

    Optional<Instant> rotate(
            TenantId tenant, CredentialScope scope, CredentialId id, Credentials values, Duration grace) {
        Optional<Instant> until = GracePeriod.end(grace, clock.instant());
        return changes.change(tenant, () -> {
            Head stored = required(heads(tenant, scope), scope, id);
            Optional<Credentials> old = until.isEmpty() ? Optional.empty() : opened(tenant, scope, id);
            DataKey key = dataKeys.primary(tenant);
            long version = written(tenant, scope, stored, stored.name(), values, key);
            forgetExpired(tenant);
            if (old.isEmpty() || until.isEmpty()) {
                return Optional.empty();
            }
            keep(key, AssociatedData.OfCredential.of(tenant, scope, id, version), old.get(), until.get(), scope);
            return until;
        });
    }

    private Optional<Credentials> opened(TenantId tenant, CredentialScope scope, CredentialId id) {
        try {
            Optional<CredentialRows.Sealed> row = rows.find(tenant, scope, id);
            return row.isEmpty()
                    ? Optional.empty()
                    : Optional.of(vault.opened(row.get().current()));
        } catch (CredentialUnreadableException e) {
            // what cannot be read is of no use to anybody, and the new values are what mends it
            return Optional.empty();
        }
    }

    /** Keeps the values before a rotation beside those of the version after it. */
    private void keep(
            DataKey key, AssociatedData.OfCredential with, Credentials old, Instant until, CredentialScope scope) {
        byte[] sealed = vault.seal(key, AssociatedData.OfPreviousCredential.of(with, until), old);
        database.sql(
                        ofModel(scope)
                                ? ModelCredentialStatements.KEEP_PREVIOUS_MODEL_CREDENTIAL
                                : ProviderCredentialStatements.KEEP_PREVIOUS_PROVIDER_CREDENTIAL)
                .param("tenant", with.tenant())
                .param("id", with.record())
                .param("sealed", sealed)
                .param("keyVersion", key.version())
                .param("version", with.version())
                .param("until", until.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Removes values whose time is up, and those that an older program left behind when it changed the row. Part of a change. */
    void forgetExpired(TenantId tenant) {
        for (String statement : List.of(
                ProviderCredentialStatements.FORGET_EXPIRED_PROVIDER_CREDENTIALS,
                ModelCredentialStatements.FORGET_EXPIRED_MODEL_CREDENTIALS)) {
            database.sql(statement)
                    .param("tenant", tenant.value())
                    .param("now", now())
                    .update();
        }
    }

    void remove(TenantId tenant, CredentialScope scope, CredentialId id) {
        changes.change(tenant, () -> {
            Head stored = required(heads(tenant, scope), scope, id);
            if (id.equals(scopes.active(tenant, scope))) {
                scopes.activate(tenant, scope, null);
            }
            versions.next(tenant, stored.id(), stored.version());
            visibilities.remove(tenant, id);
            of(BalancingStatements.REMOVE_CREDENTIALS_ENTRIES, tenant, scope)
                    .param("id", id.value())
                    .update();
            return of(
                            ofModel(scope)
                                    ? ModelCredentialStatements.REMOVE_MODEL_CREDENTIAL
                                    : ProviderCredentialStatements.REMOVE_PROVIDER_CREDENTIAL,
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
                .sql(ProviderCredentialStatements.MANAGED_BY)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .query((row, n) -> Optional.ofNullable(Rows.textOrNull(row, "managed_by")))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst());
    }

    private List<Head> heads(TenantId tenant, CredentialScope scope) {
        String statement = ofModel(scope)
                ? ModelCredentialStatements.MODEL_CREDENTIAL_HEADS
                : ProviderCredentialStatements.PROVIDER_CREDENTIAL_HEADS;
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
