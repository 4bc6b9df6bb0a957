package io.bactrian.store;

/** The statements about tenants' budgets and limits, under the rules of {@link AcrossTenants}. */
final class RuleStatements {

    // ---- budgets

    static final String BUDGETS = """
            SELECT name, app_id, unit, amount, period, zone, set_by, managed_by, row_version FROM quota_budgets
            WHERE tenant_id = :tenant ORDER BY name""";

    static final String ADD_BUDGET = """
            INSERT INTO quota_budgets
                (tenant_id, name, app_id, unit, amount, period, zone, set_by, managed_by, created_at, updated_at)
            VALUES (:tenant, :name, :app, :unit, :amount, :period, :zone, :setBy, :managedBy, :now, :now)""";

    static final String UPDATE_BUDGET = """
            UPDATE quota_budgets SET app_id = :app, unit = :unit, amount = :amount, period = :period, zone = :zone,
                set_by = :setBy, managed_by = :managedBy, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND name = :name""";

    static final String REMOVE_BUDGET = """
            DELETE FROM quota_budgets WHERE tenant_id = :tenant AND name = :name""";

    static final String REMOVE_BUDGETS = """
            DELETE FROM quota_budgets WHERE tenant_id = :tenant""";

    // ---- limits

    static final String LIMITS = """
            SELECT name, app_id, provider_name, model_name, api_key_id, max_requests, max_tokens, max_concurrent, period,
                set_by, managed_by, row_version
            FROM rate_limit_rules WHERE tenant_id = :tenant ORDER BY name""";

    static final String ADD_LIMIT = """
            INSERT INTO rate_limit_rules
                (tenant_id, name, app_id, provider_name, model_name, api_key_id, max_requests, max_tokens,
                max_concurrent, period, set_by, managed_by, created_at, updated_at)
            VALUES (:tenant, :name, :app, :provider, :model, :apiKey, :requests, :tokens,
                :concurrent, :period, :setBy, :managedBy, :now, :now)""";

    static final String UPDATE_LIMIT = """
            UPDATE rate_limit_rules SET app_id = :app, provider_name = :provider, model_name = :model,
                api_key_id = :apiKey, max_requests = :requests, max_tokens = :tokens, max_concurrent = :concurrent,
                period = :period, set_by = :setBy, managed_by = :managedBy, row_version = row_version + 1,
                updated_at = :now
            WHERE tenant_id = :tenant AND name = :name""";

    static final String REMOVE_LIMIT = """
            DELETE FROM rate_limit_rules WHERE tenant_id = :tenant AND name = :name""";

    static final String REMOVE_LIMITS = """
            DELETE FROM rate_limit_rules WHERE tenant_id = :tenant""";

    private RuleStatements() {}
}
