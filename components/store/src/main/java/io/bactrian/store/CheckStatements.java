package io.bactrian.store;

/** The statements about what a check of the whole store counts, under the rules of {@link AcrossTenants}. */
final class CheckStatements {

    @AcrossTenants("the tables that the login which serves calls may not write to yet: a number only")
    static final String TABLES_WITHOUT_RIGHTS = """
            SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> :history
                AND NOT has_table_privilege(:user, format(:pair, schemaname, tablename), :right)""";

    @AcrossTenants("counts what refers to nothing: numbers only")
    static final String DANGLING = """
            SELECT
                (SELECT COUNT(*) FROM tenants r WHERE NOT EXISTS (
                    SELECT 1 FROM config_versions t WHERE t.tenant_id = r.id)) AS tenants,
                (SELECT COUNT(*) FROM tenant_account_joins r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM accounts a WHERE a.id = r.account_id)) AS tenant_account_joins,
                (SELECT COUNT(*) FROM data_keys r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS data_keys,
                (SELECT COUNT(*) FROM credential_versions r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS credential_versions,
                (SELECT COUNT(*) FROM providers r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR (r.credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.id = r.credential_id))) AS providers,
                (SELECT COUNT(*) FROM provider_credentials r WHERE NOT EXISTS (
                    SELECT 1 FROM providers p WHERE p.tenant_id = r.tenant_id
                        AND p.provider_name = r.provider_name) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS provider_credentials,
                (SELECT COUNT(*) FROM provider_models r WHERE NOT EXISTS (
                    SELECT 1 FROM providers p WHERE p.tenant_id = r.tenant_id
                        AND p.provider_name = r.provider_name) OR (r.credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_model_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.model_name = r.model_name
                        AND c.model_type = r.model_type AND c.id = r.credential_id))) AS provider_models,
                (SELECT COUNT(*) FROM provider_model_credentials r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_models m WHERE m.tenant_id = r.tenant_id
                        AND m.provider_name = r.provider_name AND m.model_name = r.model_name
                        AND m.model_type = r.model_type) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS provider_model_credentials,
                (SELECT COUNT(*) FROM credential_permissions r WHERE NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.credential_id) OR NOT EXISTS (
                    SELECT 1 FROM tenant_account_joins m WHERE m.tenant_id = r.tenant_id
                        AND m.account_id = r.account_id)) AS credential_permissions,
                (SELECT COUNT(*) FROM provider_model_settings r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS provider_model_settings,
                (SELECT COUNT(*) FROM load_balancing_model_configs r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_model_settings s WHERE s.tenant_id = r.tenant_id
                        AND s.provider_name = r.provider_name AND s.model_name = r.model_name
                        AND s.model_type = r.model_type) OR (r.provider_credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.id = r.provider_credential_id))
                    OR (r.model_credential_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM provider_model_credentials c WHERE c.tenant_id = r.tenant_id
                        AND c.provider_name = r.provider_name AND c.model_name = r.model_name
                        AND c.model_type = r.model_type AND c.id = r.model_credential_id)))
                    AS load_balancing_model_configs,
                (SELECT COUNT(*) FROM model_fallbacks r WHERE NOT EXISTS (
                    SELECT 1 FROM provider_model_settings s WHERE s.tenant_id = r.tenant_id
                        AND s.provider_name = r.provider_name AND s.model_name = r.model_name
                        AND s.model_type = r.model_type)) AS model_fallbacks,
                (SELECT COUNT(*) FROM tenant_default_models r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS tenant_default_models,
                (SELECT COUNT(*) FROM tenant_preferred_model_providers r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS tenant_preferred_model_providers,
                (SELECT COUNT(*) FROM api_keys r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS api_keys,
                (SELECT COUNT(*) FROM tool_files r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM file_folders f WHERE f.id = r.folder_id)) AS tool_files,
                (SELECT COUNT(*) FROM approvals r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version)) AS approvals,
                (SELECT COUNT(*) FROM tool_builtin_providers r WHERE NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS tool_builtin_providers,
                (SELECT COUNT(*) FROM oauth_clients r WHERE NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version) OR NOT EXISTS (
                    SELECT 1 FROM credential_versions v WHERE v.tenant_id = r.tenant_id
                        AND v.credential_id = r.id)) AS oauth_clients,
                (SELECT COUNT(*) FROM oauth_states r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id) OR NOT EXISTS (
                    SELECT 1 FROM data_keys k WHERE k.tenant_id = r.tenant_id
                        AND k.key_version = r.data_key_version)) AS oauth_states,
                (SELECT COUNT(*) FROM quota_accounts r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS quota_accounts,
                (SELECT COUNT(*) FROM quota_leases r WHERE NOT EXISTS (
                    SELECT 1 FROM quota_accounts a WHERE a.tenant_id = r.tenant_id AND a.account = r.account
                        AND a.unit = r.unit AND a.period = r.period AND a.period_start = r.period_start))
                    AS quota_leases,
                (SELECT COUNT(*) FROM quota_parts r WHERE NOT EXISTS (
                    SELECT 1 FROM quota_accounts a WHERE a.tenant_id = r.tenant_id AND a.account = r.account
                        AND a.unit = r.unit AND a.period = r.period AND a.period_start = r.period_start))
                    AS quota_parts,
                (SELECT COUNT(*) FROM quota_budgets r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS quota_budgets,
                (SELECT COUNT(*) FROM rate_limit_rules r WHERE NOT EXISTS (
                    SELECT 1 FROM tenants t WHERE t.id = r.tenant_id)) AS rate_limit_rules""";

    private CheckStatements() {}
}
