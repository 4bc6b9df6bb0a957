package io.bactrian.store;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code tool_builtin_providers}. What is read is remembered under the number of its tenant's latest change, so that a call asks
 * the database nothing.
 */
final class ToolCredentialTable implements ToolCredentialStore {

    private final Database database;
    private final Changes changes;
    private final DataKeyTable dataKeys;
    private final Vault vault;
    private final ToolCredentialRows rows;
    private final UnreadableCredentials unreadable;
    private final CredentialVersions versions;
    private final Remembered<Question, List<ToolCredential>> remembered;
    private final Supplier<String> ids;
    private final Clock clock;

    private record Question(TenantId tenant, ToolProviderType type, String provider) {}

    ToolCredentialTable(
            Database database,
            Changes changes,
            DataKeyTable dataKeys,
            Vault vault,
            ToolCredentialRows rows,
            UnreadableCredentials unreadable,
            Remembered.Rule rule,
            Supplier<String> ids,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.dataKeys = dataKeys;
        this.vault = vault;
        this.rows = rows;
        this.unreadable = unreadable;
        this.versions = new CredentialVersions(database);
        this.remembered = new Remembered<>(rule, clock);
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public List<ToolCredential> credentials(TenantId tenant, ToolProviderType type, String provider) {
        return remembered.get(tenant, new Question(tenant, type, provider), () -> {
            ToolProviderName name = new ToolProviderName(type, provider);
            return database.answer(() -> rows.list(tenant, name)).stream()
                    .map(row -> rows.credential(tenant, name, row))
                    .toList();
        });
    }

    @Override
    public List<ToolProviderName> providers(TenantId tenant) {
        return database
                .answer(() -> database.sql(ToolCredentialStatements.TOOL_CREDENTIAL_PROVIDERS)
                        .param("tenant", tenant.value())
                        .query(ToolCredentialTable::provider)
                        .list())
                .stream()
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    private static Optional<ToolProviderName> provider(ResultSet row, int n) throws SQLException {
        String name = row.getString("provider");
        return ToolProviderType.of(row.getString("provider_type")).map(type -> new ToolProviderName(type, name));
    }

    @Override
    public Optional<ToolCredential> find(TenantId tenant, ToolProviderName provider, CredentialId id) {
        return database.answer(() -> rows.find(tenant, provider, id))
                .map(row -> rows.credential(tenant, provider, row));
    }

    @Override
    public CredentialId add(TenantId tenant, ToolProviderName provider, NewToolCredential added) {
        CredentialId id = new CredentialId(ids.get());
        UserId user = added.onlyFor();
        return changes.change(tenant, () -> {
            List<ToolCredentialRows.Row> all = rows.list(tenant, provider);
            refuseTaken(all, provider, added.name(), null);
            if (all.size() >= MOST) {
                throw Rows.invalid("there are " + MOST + " credentials of " + provider + ": remove one first");
            }
            boolean first = user == null && all.stream().noneMatch(ToolCredentialRows.Row::isDefault);
            DataKey key = dataKeys.primary(tenant);
            AssociatedData bound = ToolCredentialRows.bound(tenant, provider, id, 1, added.type(), user);
            versions.add(tenant, id);
            of(ToolCredentialStatements.ADD_TOOL_CREDENTIAL, tenant, provider, id)
                    .param("name", added.name().value())
                    .param("user", user == null ? null : user.value())
                    .param("credentialType", added.type().text())
                    .param("sealed", vault.seal(key, bound, added.values()))
                    .param("keyVersion", key.version())
                    .param("isDefault", first ? Boolean.TRUE : null)
                    .param("expiresAt", micros(added.expiresAt()))
                    .param("now", now())
                    .update();
            return id;
        });
    }

    @Override
    public void update(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values) {
        changes.change(tenant, () -> {
            List<ToolCredentialRows.Row> all = rows.list(tenant, provider);
            ToolCredentialRows.Row old = required(all, provider, id);
            if (expectedVersion != 0 && expectedVersion != old.version()) {
                throw Rows.invalid("credential " + id + " has changed since it was read (version " + old.version()
                        + ", not " + expectedVersion + "): read it again");
            }
            refuseTaken(all, provider, name, id);
            return written(tenant, provider, old, name, values, old.expiresAt());
        });
        unreadable.forget(tenant, id);
    }

    /** Writes a credential anew, and whoever renews its token has lost it. Part of a change. */
    private int written(
            TenantId tenant,
            ToolProviderName provider,
            ToolCredentialRows.Row old,
            CredentialName name,
            Credentials values,
            @Nullable Instant expiresAt) {
        long version = versions.next(tenant, old.id(), old.version());
        DataKey key = dataKeys.primary(tenant);
        return of(ToolCredentialStatements.UPDATE_TOOL_CREDENTIAL, tenant, provider, old.id())
                .param("name", name.value())
                .param("sealed", vault.seal(key, old.bound(tenant, provider, version), values))
                .param("keyVersion", key.version())
                .param("expiresAt", micros(expiresAt))
                .param("version", version)
                .param("now", now())
                .update();
    }

    @Override
    public void remove(TenantId tenant, ToolProviderName provider, CredentialId id) {
        changes.change(tenant, () -> {
            ToolCredentialRows.Row old = required(rows.list(tenant, provider), provider, id);
            versions.next(tenant, id, old.version());
            return of(ToolCredentialStatements.REMOVE_TOOL_CREDENTIAL, tenant, provider, id)
                    .update();
        });
        unreadable.forget(tenant, id);
    }

    @Override
    public void setDefault(TenantId tenant, ToolProviderName provider, CredentialId id) {
        changes.change(tenant, () -> {
            ToolCredentialRows.Row chosen = required(rows.list(tenant, provider), provider, id);
            if (chosen.user() != null) {
                throw Rows.invalid("credential " + id + " of " + provider + " is one user's: it cannot be the default");
            }
            of(ToolCredentialStatements.NO_DEFAULT_TOOL_CREDENTIAL, tenant, provider)
                    .update();
            return of(ToolCredentialStatements.DEFAULT_TOOL_CREDENTIAL, tenant, provider, id)
                    .update();
        });
    }

    @Override
    public boolean beginRenewal(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long version,
            String holder,
            Instant now,
            Instant until) {
        return database.write(() -> of(ToolCredentialStatements.BEGIN_RENEWAL, tenant, provider, id)
                        .param("holder", holder)
                        .param("version", version)
                        .param("now", micros(now))
                        .param("until", micros(until))
                        .update())
                == 1;
    }

    @Override
    public void endRenewal(TenantId tenant, ToolProviderName provider, CredentialId id, String holder) {
        database.write(() -> of(ToolCredentialStatements.END_RENEWAL, tenant, provider, id)
                .param("holder", holder)
                .update());
    }

    @Override
    public boolean renew(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            Credentials values,
            @Nullable Instant expiresAt) {
        boolean renewed = changes.remove(tenant, () -> {
            Optional<ToolCredentialRows.Row> old = rows.find(tenant, provider, id)
                    .filter(row -> expectedVersion == 0 || row.version() == expectedVersion);
            return old.isPresent()
                    && written(tenant, provider, old.get(), old.get().name(), values, expiresAt) == 1;
        });
        if (renewed) {
            unreadable.forget(tenant, id);
        }
        return renewed;
    }

    /** Another tenant's id is looked for in the same rows as one that never was, with the same answer (CRED-15). */
    private static ToolCredentialRows.Row required(
            List<ToolCredentialRows.Row> all, ToolProviderName provider, CredentialId id) {
        return all.stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND, "there is no credential " + id + " of " + provider));
    }

    private static void refuseTaken(
            List<ToolCredentialRows.Row> all,
            ToolProviderName provider,
            CredentialName name,
            @Nullable CredentialId own) {
        boolean taken = all.stream()
                .anyMatch(row -> row.name().equals(name) && !row.id().equals(own));
        if (taken) {
            throw Rows.invalid("a credential named '" + name + "' of " + provider + " is there already");
        }
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, ToolProviderName provider) {
        return database.sql(statement)
                .param("tenant", tenant.value())
                .param("type", provider.type().text())
                .param("provider", provider.provider());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, ToolProviderName provider, CredentialId id) {
        return of(statement, tenant, provider).param("id", id.value());
    }

    /** Which is what databases keep. */
    private static @Nullable OffsetDateTime micros(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
