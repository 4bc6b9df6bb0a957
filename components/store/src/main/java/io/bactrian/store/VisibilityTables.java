package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Whose calls may use a credential: columns of the credentials' tables, and {@code credential_permissions}. */
final class VisibilityTables {

    private final Database database;
    private final Clock clock;

    VisibilityTables(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What the row of a credential says; those who are listed are in rows of their own. A value that only a newer version knows
     * is nobody's: this one does not know whom it is for.
     */
    static CredentialVisibility visibility(ResultSet row) throws SQLException {
        String text = row.getString("visibility");
        String name = Rows.textOrNull(row, "owner_id");
        UserId owner = name == null ? null : new UserId(name);
        if ("all_team_members".equals(text)) {
            return owner == null ? CredentialVisibility.ALL : new CredentialVisibility.AllTeamMembers(owner);
        }
        if ("only_me".equals(text) && owner != null) {
            return new CredentialVisibility.OnlyMe(owner);
        }
        return new CredentialVisibility.PartialMembers("partial_members".equals(text) ? owner : null, Set.of());
    }

    /** Adds those who are listed to a provider's credentials, if any is for listed ones. Part of an answer. */
    UnaryOperator<StoredCredential> listed(TenantId tenant, ProviderId provider, List<StoredCredential> credentials) {
        if (credentials.stream().noneMatch(VisibilityTables::lists)) {
            return UnaryOperator.identity();
        }
        Map<String, Set<UserId>> listed = new HashMap<>();
        database.sql(VisibilityStatements.PERMISSIONS)
                .param("tenant", tenant.value())
                .param("provider", provider.value())
                .query((row, n) -> Map.entry(row.getString("credential_id"), row.getString("account_id")))
                .list()
                .forEach(one -> listed.computeIfAbsent(one.getKey(), id -> new HashSet<>())
                        .add(new UserId(one.getValue())));
        return credential -> lists(credential)
                ? credential.withVisibility(new CredentialVisibility.PartialMembers(
                        credential.visibility().owner(),
                        listed.getOrDefault(credential.id().value(), Set.of())))
                : credential;
    }

    private static boolean lists(StoredCredential credential) {
        return credential.visibility() instanceof CredentialVisibility.PartialMembers;
    }

    /** Says whose calls may use a credential. Part of a change. */
    int set(TenantId tenant, CredentialScope scope, CredentialId id, CredentialVisibility visibility) {
        visibility.mustBeMembers().forEach(user -> requireMember(tenant, user));
        String statement = scope instanceof CredentialScope.OfModel
                ? VisibilityStatements.SET_MODEL_CREDENTIALS_VISIBILITY
                : VisibilityStatements.SET_PROVIDER_CREDENTIALS_VISIBILITY;
        UserId owner = visibility.owner();
        int written = database.sql(statement)
                .params(Rows.scope(tenant, scope))
                .param("id", id.value())
                .param("visibility", visibility.text())
                .param("owner", owner == null ? null : owner.value())
                .param("now", now())
                .update();
        remove(tenant, id);
        visibility.members().forEach(user -> add(tenant, id, user));
        return written;
    }

    private void requireMember(TenantId tenant, UserId user) {
        boolean member = database.sql(TenantStatements.ROLE)
                .param("tenant", tenant.value())
                .param("user", user.value())
                .query(String.class)
                .optional()
                .isPresent();
        if (!member) {
            throw CredentialVisibility.noMember(user, tenant);
        }
    }

    private void add(TenantId tenant, CredentialId id, UserId user) {
        database.sql(VisibilityStatements.ADD_PERMISSION)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .param("user", user.value())
                .param("now", now())
                .update();
    }

    /** Removes what was granted of a credential. Part of a change. */
    void remove(TenantId tenant, CredentialId id) {
        database.sql(VisibilityStatements.REMOVE_CREDENTIALS_PERMISSIONS)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
