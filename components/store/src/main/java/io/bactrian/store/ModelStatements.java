package io.bactrian.store;

/** The statements about a tenant's own models, under the rules of {@link AcrossTenants}. */
final class ModelStatements {

    static final String MODELS = """
            SELECT model_name, model_type, credential_id FROM provider_models
            WHERE tenant_id = :tenant AND provider_name = :provider ORDER BY created_at, model_name, model_type""";

    static final String MODEL = """
            SELECT credential_id FROM provider_models WHERE tenant_id = :tenant AND provider_name = :provider
                AND model_name = :model AND model_type = :type""";

    static final String ADD_MODEL = """
            INSERT INTO provider_models (tenant_id, provider_name, model_name, model_type, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :now, :now)""";

    static final String CONFIGURE_MODEL = """
            UPDATE provider_models SET credential_id = :active, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String DEACTIVATE_ALL_MODELS = """
            UPDATE provider_models SET credential_id = NULL WHERE tenant_id = :tenant""";

    static final String DEACTIVATE_MODELS = """
            UPDATE provider_models SET credential_id = NULL WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String DEACTIVATE_MODEL = """
            UPDATE provider_models SET credential_id = NULL
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_ALL_MODELS = """
            DELETE FROM provider_models WHERE tenant_id = :tenant""";

    static final String REMOVE_MODELS = """
            DELETE FROM provider_models WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_MODEL = """
            DELETE FROM provider_models
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    private ModelStatements() {}
}
