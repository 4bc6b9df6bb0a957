package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.MemoryOAuth;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code oauth_clients} and {@code oauth_states}. Asked only when a token is come by or renewed: nothing is remembered. */
final class OAuthTables implements OAuthStore {

    private static final CredentialName CLIENT = new CredentialName("client");

    private final Database database;
    private final Changes changes;
    private final DataKeyTable dataKeys;
    private final Vault vault;
    private final UnreadableCredentials unreadable;
    private final CredentialVersions versions;
    private final Supplier<String> ids;
    private final Clock clock;

    /**
     * A row of {@code oauth_states}.
     *
     * @param tenant for which tenant
     * @param provider for which provider
     * @param user who was sent; null for the operator
     * @param createdAt when
     * @param expiresAt when they have to be back
     * @param request what they were sent with
     */
    private record State(
            TenantId tenant,
            ToolProviderName provider,
            @Nullable UserId user,
            Instant createdAt,
            Instant expiresAt,
            SealedCredential request) {}

    OAuthTables(
            Database database,
            Changes changes,
            DataKeyTable dataKeys,
            Vault vault,
            UnreadableCredentials unreadable,
            Supplier<String> ids,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.dataKeys = dataKeys;
        this.vault = vault;
        this.unreadable = unreadable;
        this.versions = new CredentialVersions(database);
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Optional<StoredCredential> client(TenantId tenant, ToolProviderName provider) {
        return database.answer(() -> find(tenant, provider))
                .map(shut -> new StoredCredential(
                        shut.id(),
                        CLIENT,
                        shut.version(),
                        () -> vault.open(shut, () -> database.answer(() -> find(tenant, provider)))));
    }

    /** The providers that a tenant is known to. */
    List<ToolProviderName> clients(TenantId tenant) {
        return database
                .answer(() -> database.sql(OAuthStatements.OAUTH_CLIENTS)
                        .param("tenant", tenant.value())
                        .query((row, n) -> provider(row))
                        .list())
                .stream()
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    private Optional<SealedCredential> find(TenantId tenant, ToolProviderName provider) {
        return of(OAuthStatements.OAUTH_CLIENT, tenant, provider)
                .query((row, n) -> client(tenant, provider, row))
                .optional();
    }

    static SealedCredential client(TenantId tenant, ToolProviderName provider, ResultSet row) throws SQLException {
        CredentialId id = new CredentialId(row.getString("id"));
        long version = row.getLong("row_version");
        return new SealedCredential(
                tenant,
                new AssociatedData.OfOAuthClient(tenant.value(), provider, id.value(), version),
                id,
                version,
                row.getLong("newest_version"),
                row.getInt("data_key_version"),
                Rows.dataKey(tenant, row),
                Bytes.copyFrom(row.getBytes("encrypted_client")),
                null);
    }

    @Override
    public void putClient(TenantId tenant, ToolProviderName provider, Credentials client) {
        CredentialId fresh = new CredentialId(ids.get());
        CredentialId written = changes.locked(tenant, () -> {
            DataKey key = dataKeys.primary(tenant);
            Optional<SealedCredential> before = find(tenant, provider);
            if (before.isEmpty()) {
                versions.add(tenant, fresh);
                write(OAuthStatements.ADD_OAUTH_CLIENT, tenant, provider, fresh, 1, key, client);
                return fresh;
            }
            CredentialId id = before.get().id();
            long version = versions.next(tenant, id, before.get().version());
            write(OAuthStatements.UPDATE_OAUTH_CLIENT, tenant, provider, id, version, key, client);
            return id;
        });
        unreadable.forget(tenant, written);
    }

    private void write(
            String statement,
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long version,
            DataKey key,
            Credentials client) {
        AssociatedData bound = new AssociatedData.OfOAuthClient(tenant.value(), provider, id.value(), version);
        of(statement, tenant, provider)
                .param("id", id.value())
                .param("sealed", vault.seal(key, bound, client))
                .param("keyVersion", key.version())
                .param("version", version)
                .param("now", Rows.time(clock.instant()))
                .update();
    }

    @Override
    public boolean removeClient(TenantId tenant, ToolProviderName provider) {
        Optional<CredentialId> removed = database.write(() -> {
            database.sql(ChangeStatements.LOCK_VERSION)
                    .param("tenant", tenant.value())
                    .query(Long.class)
                    .optional();
            Optional<SealedCredential> before = find(tenant, provider);
            before.ifPresent(client -> {
                versions.next(tenant, client.id(), client.version());
                of(OAuthStatements.REMOVE_OAUTH_CLIENT, tenant, provider).update();
            });
            return before.map(SealedCredential::id);
        });
        removed.ifPresent(id -> unreadable.forget(tenant, id));
        return removed.isPresent();
    }

    @Override
    public void addState(OAuthState state) {
        Instant expiresAt = state.expiresAt().truncatedTo(ChronoUnit.MICROS);
        UserId user = state.user();
        changes.locked(state.tenant(), () -> {
            DataKey key = dataKeys.primary(state.tenant());
            of(OAuthStatements.FORGET_EXPIRED_OAUTH_STATES, state.tenant())
                    .param("now", Rows.time(state.createdAt()))
                    .update();
            long onTheWay = of(OAuthStatements.COUNT_OAUTH_STATES, state.tenant())
                    .query(Long.class)
                    .single();
            if (onTheWay >= MOST_STATES) {
                throw MemoryOAuth.tooMany(state.tenant());
            }
            AssociatedData bound = bound(state.tenant(), state.provider(), user, state.sha256(), expiresAt);
            return of(OAuthStatements.ADD_OAUTH_STATE, state.tenant(), state.provider())
                    .param("sha256", state.sha256())
                    .param("user", user == null ? null : user.value())
                    .param("sealed", vault.seal(key, bound, state.request()))
                    .param("keyVersion", key.version())
                    .param("createdAt", Rows.time(state.createdAt().truncatedTo(ChronoUnit.MICROS)))
                    .param("expiresAt", Rows.time(expiresAt))
                    .update();
        });
    }

    private static AssociatedData bound(
            TenantId tenant, ToolProviderName provider, @Nullable UserId user, String sha256, Instant expiresAt) {
        return new AssociatedData.OfOAuthState(
                tenant.value(),
                provider,
                user == null ? "" : user.value(),
                sha256,
                ChronoUnit.MICROS.between(Instant.EPOCH, expiresAt));
    }

    @Override
    public Optional<OAuthState> takeState(String sha256, Instant now) {
        Optional<State> taken = database.write(() -> {
            Optional<State> known = database.sql(OAuthStatements.OAUTH_STATE)
                    .param("sha256", sha256)
                    .query((row, n) -> state(row))
                    .optional()
                    .flatMap(state -> state);
            // of several who saw it, one removes it
            return known.filter(state -> of(OAuthStatements.REMOVE_OAUTH_STATE, state.tenant())
                            .param("sha256", sha256)
                            .update()
                    == 1);
        });
        return taken.filter(state -> now.isBefore(state.expiresAt())).map(state -> opened(sha256, state));
    }

    private static Optional<State> state(ResultSet row) throws SQLException {
        Optional<ToolProviderName> provider = provider(row);
        if (provider.isEmpty()) {
            return Optional.empty();
        }
        TenantId tenant = new TenantId(row.getString("tenant_id"));
        String sha256 = row.getString("state_sha256");
        String given = Rows.textOrNull(row, "user_id");
        UserId user = given == null ? null : new UserId(given);
        Instant expiresAt = Rows.time(row, "expires_at");
        SealedCredential request = new SealedCredential(
                tenant,
                bound(tenant, provider.get(), user, sha256, expiresAt),
                new CredentialId(sha256),
                1,
                1,
                row.getInt("data_key_version"),
                Rows.dataKey(tenant, row),
                Bytes.copyFrom(row.getBytes("encrypted_request")),
                null);
        return Optional.of(new State(tenant, provider.get(), user, Rows.time(row, "created_at"), expiresAt, request));
    }

    private static Optional<ToolProviderName> provider(ResultSet row) throws SQLException {
        String name = row.getString("provider");
        return ToolProviderType.of(row.getString("provider_type")).map(type -> new ToolProviderName(type, name));
    }

    private OAuthState opened(String sha256, State state) {
        try {
            return new OAuthState(
                    sha256,
                    state.tenant(),
                    state.provider(),
                    state.user(),
                    vault.opened(state.request()),
                    state.createdAt(),
                    state.expiresAt());
        } catch (CredentialUnreadableException e) {
            // the reason names the hash, which is nobody's business any more
            throw new MisconfiguredException(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "what the authorization of " + state.provider()
                            + " was begun with cannot be opened: begin it again");
        }
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, ToolProviderName provider) {
        return of(statement, tenant).param("type", provider.type().text()).param("provider", provider.provider());
    }
}
