package io.bactrian.store;

/** The statements about switches of models, default models and preferred kinds of provider, under the rules of {@link AcrossTenants}. */
final class ModelSettingStatements {

    static final String SETTINGS = """
            SELECT model_name, model_type, enabled FROM provider_model_settings
            WHERE tenant_id = :tenant AND (switched OR NOT enabled) AND provider_name = :provider
            ORDER BY model_name, model_type""";

    static final String ADD_SETTING = """
            INSERT INTO provider_model_settings
                (tenant_id, provider_name, model_name, model_type, enabled, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :enabled, :now, :now)""";

    static final String UPDATE_SETTING = """
            UPDATE provider_model_settings SET enabled = :enabled, switched = TRUE, row_version = row_version + 1,
                updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_SETTINGS = """
            DELETE FROM provider_model_settings WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_SETTINGS = """
            DELETE FROM provider_model_settings WHERE tenant_id = :tenant""";

    static final String DEFAULT_MODEL = """
            SELECT provider_name, model_name FROM tenant_default_models
            WHERE tenant_id = :tenant AND model_type = :type""";

    static final String ADD_DEFAULT_MODEL = """
            INSERT INTO tenant_default_models
                (tenant_id, model_type, provider_name, model_name, created_at, updated_at)
            VALUES (:tenant, :type, :provider, :model, :now, :now)""";

    static final String UPDATE_DEFAULT_MODEL = """
            UPDATE tenant_default_models SET provider_name = :provider, model_name = :model,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND model_type = :type""";

    static final String REMOVE_DEFAULT_MODEL = """
            DELETE FROM tenant_default_models WHERE tenant_id = :tenant AND model_type = :type""";

    static final String REMOVE_DEFAULT_MODELS = """
            DELETE FROM tenant_default_models WHERE tenant_id = :tenant""";

    static final String PREFERENCE = """
            SELECT preferred_provider_type, descend FROM tenant_preferred_model_providers
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String ADD_PREFERENCE = """
            INSERT INTO tenant_preferred_model_providers
                (tenant_id, provider_name, preferred_provider_type, descend, created_at, updated_at)
            VALUES (:tenant, :provider, :preferred, :descend, :now, :now)""";

    static final String UPDATE_PREFERENCE = """
            UPDATE tenant_preferred_model_providers SET preferred_provider_type = :preferred, descend = :descend,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PREFERENCE = """
            DELETE FROM tenant_preferred_model_providers WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_PREFERENCES = """
            DELETE FROM tenant_preferred_model_providers WHERE tenant_id = :tenant""";

    private ModelSettingStatements() {}
}
