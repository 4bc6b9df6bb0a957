package io.bactrian.store;

/** The statements about tenants, accounts and members, under the rules of {@link AcrossTenants}. */
final class TenantStatements {

    static final String TENANT = """
            SELECT name, enabled, manages_members FROM tenants WHERE id = :tenant""";

    @AcrossTenants("the operator's list of tenants")
    static final String TENANTS = """
            SELECT id, name, enabled FROM tenants ORDER BY id""";

    @AcrossTenants("the operator's list of tenants")
    static final String TENANTS_AFTER = """
            SELECT id, name, enabled FROM tenants WHERE id > :after ORDER BY id LIMIT :most""";

    @AcrossTenants("tells an empty database from one that lost its key")
    static final String COUNT_TENANTS = """
            SELECT COUNT(*) FROM tenants""";

    static final String ADD_TENANT = """
            INSERT INTO tenants (id, name, enabled, created_at, updated_at)
            VALUES (:tenant, :name, :enabled, :now, :now)""";

    static final String UPDATE_TENANT = """
            UPDATE tenants SET name = :name, enabled = :enabled, row_version = row_version + 1, updated_at = :now
            WHERE id = :tenant""";

    static final String REMOVE_TENANT = """
            DELETE FROM tenants WHERE id = :tenant""";

    @AcrossTenants("accounts are the installation's; it takes a join to make one a tenant's")
    static final String ADD_ACCOUNT = """
            INSERT INTO accounts (id, created_at, updated_at) VALUES (:user, :now, :now) ON CONFLICT DO NOTHING""";

    static final String MANAGE_MEMBERS = """
            UPDATE tenants SET manages_members = TRUE WHERE id = :tenant""";

    static final String MEMBERS = """
            SELECT account_id, role FROM tenant_account_joins WHERE tenant_id = :tenant ORDER BY account_id""";

    static final String MEMBERS_AFTER = """
            SELECT account_id, role FROM tenant_account_joins WHERE tenant_id = :tenant AND account_id > :after
            ORDER BY account_id LIMIT :most""";

    static final String ROLE = """
            SELECT role FROM tenant_account_joins WHERE tenant_id = :tenant AND account_id = :user""";

    static final String ADD_MEMBER = """
            INSERT INTO tenant_account_joins (tenant_id, account_id, role, created_at, updated_at)
            VALUES (:tenant, :user, :role, :now, :now)""";

    static final String UPDATE_MEMBER = """
            UPDATE tenant_account_joins SET role = :role, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND account_id = :user""";

    static final String CHANGE_ROLE = """
            UPDATE tenant_account_joins SET role = :role, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND role = :was""";

    static final String REMOVE_MEMBER = """
            DELETE FROM tenant_account_joins WHERE tenant_id = :tenant AND account_id = :user""";

    static final String REMOVE_MEMBERS = """
            DELETE FROM tenant_account_joins WHERE tenant_id = :tenant""";

    private TenantStatements() {}
}
