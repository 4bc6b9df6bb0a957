package io.bactrian.store;

import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.Membership;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code tenants}, {@code accounts}, {@code tenant_account_joins} and {@code tenant_default_models}. */
final class TenantTables {

    /** What goes with a tenant, in the order in which nothing refers to what has gone. */
    private static final List<String> REMOVE = List.of(
            ApiKeyStatements.REMOVE_API_KEYS,
            CooldownStatements.REMOVE_COOLDOWNS,
            RateLimitStatements.REMOVE_WINDOWS,
            RateLimitStatements.REMOVE_PERMITS,
            RuleStatements.REMOVE_BUDGETS,
            RuleStatements.REMOVE_LIMITS,
            ApprovalStatements.REMOVE_APPROVALS,
            ToolCredentialStatements.REMOVE_TOOL_CREDENTIALS,
            OAuthStatements.REMOVE_OAUTH_STATES,
            OAuthStatements.REMOVE_OAUTH_CLIENTS,
            ModelSettingStatements.REMOVE_PREFERENCES,
            ModelSettingStatements.REMOVE_DEFAULT_MODELS,
            BalancingStatements.REMOVE_ALL_FALLBACKS,
            BalancingStatements.REMOVE_ALL_ENTRIES,
            ModelSettingStatements.REMOVE_ALL_SETTINGS,
            VisibilityStatements.REMOVE_ALL_PERMISSIONS,
            ModelStatements.DEACTIVATE_ALL_MODELS,
            ModelCredentialStatements.REMOVE_ALL_MODEL_CREDENTIALS,
            ModelStatements.REMOVE_ALL_MODELS,
            ProviderStatements.DEACTIVATE_PROVIDERS,
            ProviderCredentialStatements.REMOVE_ALL_PROVIDER_CREDENTIALS,
            ProviderStatements.REMOVE_PROVIDERS,
            CredentialVersionStatements.REMOVE_CREDENTIAL_VERSIONS,
            // without it, copies of what was encrypted stay closed for good (CRED-16)
            DataKeyStatements.REMOVE_DATA_KEYS,
            TenantStatements.REMOVE_MEMBERS,
            TenantStatements.REMOVE_TENANT);

    private final Database database;
    private final Changes changes;
    private final Clock clock;
    // every call asks these: the warm path goes without the database
    private final Remembered<TenantId, Optional<Row>> rows;
    private final Remembered<Member, Optional<Role>> roles;
    private final Remembered<Default, Optional<ModelReference>> defaults;

    /** Comes before every id and every user. */
    private static final String START = "";

    private record Row(TenantRecord tenant, boolean managesMembers) {}

    /** A row of a member, whose role this version may not know. */
    private record Joined(String account, Optional<MemberRecord> member) {}

    private record Member(TenantId tenant, UserId user) {}

    private record Default(TenantId tenant, ModelType type) {}

    TenantTables(Database database, Changes changes, Clock clock, Remembered.Rule rule) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.rows = new Remembered<>(rule, clock);
        this.roles = new Remembered<>(rule, clock);
        this.defaults = new Remembered<>(rule, clock);
    }

    Optional<TenantRecord> tenant(TenantId tenant) {
        return row(tenant).map(Row::tenant);
    }

    boolean managesMembers(TenantId tenant) {
        return row(tenant).map(Row::managesMembers).orElse(false);
    }

    private Optional<Row> row(TenantId tenant) {
        return rows.get(
                tenant,
                tenant,
                () -> database.answer(() -> of(TenantStatements.TENANT, tenant)
                        .query((row, n) -> new Row(
                                new TenantRecord(tenant, row.getString("name"), row.getBoolean("enabled")),
                                row.getBoolean("manages_members")))
                        .optional()));
    }

    List<TenantRecord> tenants() {
        return database.answer(() -> database
                .sql(TenantStatements.TENANTS)
                .query((row, n) -> new TenantRecord(
                        new TenantId(row.getString("id")), row.getString("name"), row.getBoolean("enabled")))
                .list()
                .stream()
                // databases sort text each in its own way
                .sorted(Comparator.comparing(tenant -> tenant.id().value()))
                .toList());
    }

    PageOf<TenantRecord> tenants(Page page) {
        String after = page.after();
        List<TenantRecord> found = database.answer(() -> database.sql(TenantStatements.TENANTS_AFTER)
                .param("after", after == null ? START : after)
                .param("most", page.most() + 1)
                .query((row, n) -> new TenantRecord(
                        new TenantId(row.getString("id")), row.getString("name"), row.getBoolean("enabled")))
                .list());
        return PageOf.of(found, page.most(), tenant -> tenant.id().value());
    }

    void put(TenantRecord tenant) {
        changes.put(tenant.id(), () -> {
            if (written(TenantStatements.UPDATE_TENANT, tenant) == 0) {
                written(TenantStatements.ADD_TENANT, tenant);
            }
        });
    }

    private int written(String statement, TenantRecord tenant) {
        return of(statement, tenant.id())
                .param("name", tenant.name())
                .param("enabled", tenant.enabled())
                .param("now", now())
                .update();
    }

    boolean remove(TenantId tenant) {
        return changes.remove(tenant, () -> {
            REMOVE.forEach(statement -> of(statement, tenant).update());
            return true;
        });
    }

    Optional<Role> role(TenantId tenant, UserId user) {
        // a role that this version does not know is none
        return roles.get(tenant, new Member(tenant, user), () -> database.answer(() -> of(TenantStatements.ROLE, tenant)
                        .param("user", user.value())
                        .query(String.class)
                        .optional())
                .flatMap(Role::of));
    }

    List<MemberRecord> members(TenantId tenant) {
        return database.answer(() -> of(TenantStatements.MEMBERS, tenant).query(TenantTables::memberRow).list().stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(member -> member.user().value()))
                .toList());
    }

    PageOf<MemberRecord> members(TenantId tenant, Page page) {
        String after = page.after();
        List<Joined> found = database.answer(() -> of(TenantStatements.MEMBERS_AFTER, tenant)
                .param("after", after == null ? START : after)
                .param("most", page.most() + 1)
                .query((row, n) -> new Joined(row.getString("account_id"), memberRow(row, n)))
                .list());
        PageOf<Joined> joined = PageOf.of(found, page.most(), Joined::account);
        return new PageOf<>(
                joined.items().stream()
                        .map(Joined::member)
                        .flatMap(Optional::stream)
                        .toList(),
                joined.next());
    }

    private static Optional<MemberRecord> memberRow(ResultSet row, int n) throws SQLException {
        UserId user = new UserId(row.getString("account_id"));
        return Role.of(row.getString("role")).map(role -> new MemberRecord(user, role));
    }

    void putMember(TenantId tenant, MemberRecord member) {
        changes.change(tenant, () -> put(tenant, member));
    }

    private int put(TenantId tenant, MemberRecord member) {
        database.sql(TenantStatements.ADD_ACCOUNT)
                .param("user", member.user().value())
                .param("now", now())
                .update();
        if (written(TenantStatements.UPDATE_MEMBER, tenant, member) == 0) {
            written(TenantStatements.ADD_MEMBER, tenant, member);
        }
        return of(TenantStatements.MANAGE_MEMBERS, tenant).update();
    }

    boolean addMember(TenantId tenant, MemberRecord member) {
        return changes.change(tenant, () -> {
            if (storedRole(tenant, member.user()).isPresent()) {
                return false;
            }
            return put(tenant, member) > 0;
        });
    }

    void changeMember(TenantId tenant, UserId by, UserId user, @Nullable Role role) {
        changes.change(tenant, () -> {
            requireOwner(tenant, by);
            Membership.requireMember(tenant, user, storedRole(tenant, user).isPresent());
            return role == null ? deleted(tenant, user) : put(tenant, new MemberRecord(user, role));
        });
    }

    void handOver(TenantId tenant, @Nullable UserId by, UserId to) {
        changes.change(tenant, () -> {
            if (by != null) {
                requireOwner(tenant, by);
                Membership.requireMember(tenant, to, storedRole(tenant, to).isPresent());
            }
            of(TenantStatements.CHANGE_ROLE, tenant)
                    .param("was", Role.OWNER.text())
                    .param("role", Role.ADMIN.text())
                    .param("now", now())
                    .update();
            return put(tenant, new MemberRecord(to, Role.OWNER));
        });
    }

    private void requireOwner(TenantId tenant, UserId by) {
        Membership.requireOwner(
                tenant, by, storedRole(tenant, by).flatMap(Role::of).orElse(null));
    }

    /** The role as it is in the database now, within the transaction that changes it. */
    private Optional<String> storedRole(TenantId tenant, UserId user) {
        return of(TenantStatements.ROLE, tenant)
                .param("user", user.value())
                .query(String.class)
                .optional();
    }

    private int deleted(TenantId tenant, UserId user) {
        of(VisibilityStatements.REMOVE_MEMBERS_PERMISSIONS, tenant)
                .param("user", user.value())
                .update();
        return of(TenantStatements.REMOVE_MEMBER, tenant)
                .param("user", user.value())
                .update();
    }

    private int written(String statement, TenantId tenant, MemberRecord member) {
        return of(statement, tenant)
                .param("user", member.user().value())
                .param("role", member.role().text())
                .param("now", now())
                .update();
    }

    boolean removeMember(TenantId tenant, UserId user) {
        return changes.remove(tenant, () -> deleted(tenant, user) > 0);
    }

    Optional<ModelReference> defaultModel(TenantId tenant, ModelType type) {
        return defaults.get(
                tenant,
                new Default(tenant, type),
                () -> database.answer(() -> of(ModelSettingStatements.DEFAULT_MODEL, tenant)
                        .param("type", type.text())
                        .query((row, n) -> new ModelReference(
                                new ProviderId(row.getString("provider_name")), row.getString("model_name")))
                        .optional()));
    }

    void setDefaultModel(TenantId tenant, ModelType type, @Nullable ModelReference model) {
        changes.change(tenant, () -> {
            if (model == null) {
                return of(ModelSettingStatements.REMOVE_DEFAULT_MODEL, tenant)
                        .param("type", type.text())
                        .update();
            }
            int updated = written(ModelSettingStatements.UPDATE_DEFAULT_MODEL, tenant, type, model);
            return updated > 0 ? updated : written(ModelSettingStatements.ADD_DEFAULT_MODEL, tenant, type, model);
        });
    }

    private int written(String statement, TenantId tenant, ModelType type, ModelReference model) {
        return of(statement, tenant)
                .param("type", type.text())
                .param("provider", model.provider().value())
                .param("model", model.model())
                .param("now", now())
                .update();
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
