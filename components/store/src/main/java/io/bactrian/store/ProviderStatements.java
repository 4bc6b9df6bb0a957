package io.bactrian.store;

/** The statements about providers, under the rules of {@link AcrossTenants}. */
final class ProviderStatements {

    static final String PROVIDER = """
            SELECT configured, enabled, credential_id FROM providers
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String PROVIDERS = """
            SELECT provider_name FROM providers p WHERE p.tenant_id = :tenant
                AND (p.configured OR NOT p.enabled OR EXISTS (
                    SELECT 1 FROM provider_models m
                    WHERE m.tenant_id = :tenant AND m.provider_name = p.provider_name))
            UNION SELECT provider_name FROM provider_model_settings WHERE tenant_id = :tenant
            UNION SELECT provider_name FROM tenant_preferred_model_providers WHERE tenant_id = :tenant""";

    static final String ADD_PROVIDER = """
            INSERT INTO providers (tenant_id, provider_name, created_at, updated_at)
            VALUES (:tenant, :provider, :now, :now)""";

    static final String ENABLE_PROVIDER = """
            UPDATE providers SET enabled = :enabled, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String CONFIGURE_PROVIDER = """
            UPDATE providers SET configured = TRUE, credential_id = :active, row_version = row_version + 1,
                updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String DEACTIVATE_PROVIDERS = """
            UPDATE providers SET credential_id = NULL WHERE tenant_id = :tenant""";

    static final String DEACTIVATE_PROVIDER = """
            UPDATE providers SET credential_id = NULL WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PROVIDERS = """
            DELETE FROM providers WHERE tenant_id = :tenant""";

    static final String REMOVE_PROVIDER = """
            DELETE FROM providers WHERE tenant_id = :tenant AND provider_name = :provider""";

    private ProviderStatements() {}
}
