package io.bactrian.store;

/** The statements about how calls of models are spread, under the rules of {@link AcrossTenants}. */
final class BalancingStatements {

    // ---- what is said of a model

    static final String BALANCED_MODELS = """
            SELECT model_name, model_type, load_balancing_enabled, load_balancing_strategy, load_balancing_sticky
            FROM provider_model_settings
            WHERE tenant_id = :tenant AND provider_name = :provider AND load_balancing_strategy IS NOT NULL
            ORDER BY model_name, model_type""";

    static final String BALANCING = """
            SELECT model_name, model_type, load_balancing_enabled, load_balancing_strategy, load_balancing_sticky
            FROM provider_model_settings
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND load_balancing_strategy IS NOT NULL""";

    static final String BALANCING_MANAGED_BY = """
            SELECT load_balancing_managed_by FROM provider_model_settings
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String ADD_BALANCING = """
            INSERT INTO provider_model_settings
                (tenant_id, provider_name, model_name, model_type, enabled, switched, load_balancing_enabled,
                load_balancing_strategy, load_balancing_sticky, load_balancing_managed_by, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, TRUE, FALSE, :enabled,
                :strategy, :sticky, :managedBy, :now, :now)""";

    static final String UPDATE_BALANCING = """
            UPDATE provider_model_settings SET load_balancing_enabled = :enabled, load_balancing_strategy = :strategy,
                load_balancing_sticky = :sticky, load_balancing_managed_by = :managedBy,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String CLEAR_BALANCING = """
            UPDATE provider_model_settings SET load_balancing_enabled = FALSE, load_balancing_strategy = NULL,
                load_balancing_sticky = FALSE, load_balancing_managed_by = NULL, row_version = row_version + 1
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_UNSWITCHED_SETTING = """
            DELETE FROM provider_model_settings
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND enabled AND NOT switched""";

    // ---- credentials

    static final String PROVIDERS_ENTRIES = """
            SELECT model_name, model_type, provider_credential_id, model_credential_id, enabled, weight, ordinal
            FROM load_balancing_model_configs WHERE tenant_id = :tenant AND provider_name = :provider
            ORDER BY model_name, model_type, ordinal, entry""";

    static final String ENTRIES = """
            SELECT model_name, model_type, provider_credential_id, model_credential_id, enabled, weight, ordinal
            FROM load_balancing_model_configs
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
            ORDER BY ordinal, entry""";

    static final String PROVIDER_CREDENTIALS_BY_ID = """
            SELECT id FROM provider_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider AND id IN (:ids)""";

    static final String MODEL_CREDENTIALS_BY_ID = """
            SELECT id FROM provider_model_credentials
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND id IN (:ids)""";

    static final String ADD_ENTRY = """
            INSERT INTO load_balancing_model_configs
                (tenant_id, provider_name, model_name, model_type, entry, ordinal, provider_credential_id,
                model_credential_id, enabled, weight, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :entry, :ordinal, :ofProvider,
                :ofModel, :enabled, :weight, :now, :now)""";

    static final String UPDATE_ENTRY = """
            UPDATE load_balancing_model_configs SET ordinal = :ordinal, enabled = :enabled, weight = :weight,
                row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND entry = :entry""";

    static final String REMOVE_ENTRY = """
            DELETE FROM load_balancing_model_configs
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND entry = :entry""";

    static final String REMOVE_CREDENTIALS_ENTRIES = """
            DELETE FROM load_balancing_model_configs
            WHERE tenant_id = :tenant AND provider_name = :provider AND entry = :id""";

    static final String REMOVE_ENTRIES = """
            DELETE FROM load_balancing_model_configs
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_PROVIDERS_ENTRIES = """
            DELETE FROM load_balancing_model_configs WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_ENTRIES = """
            DELETE FROM load_balancing_model_configs WHERE tenant_id = :tenant""";

    // ---- fallbacks

    static final String PROVIDERS_FALLBACKS = """
            SELECT model_name, model_type, fallback_provider_name, fallback_model_name, conditions
            FROM model_fallbacks WHERE tenant_id = :tenant AND provider_name = :provider
            ORDER BY model_name, model_type, ordinal""";

    static final String FALLBACKS = """
            SELECT model_name, model_type, fallback_provider_name, fallback_model_name, conditions FROM model_fallbacks
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
            ORDER BY ordinal""";

    static final String ADD_FALLBACK = """
            INSERT INTO model_fallbacks
                (tenant_id, provider_name, model_name, model_type, ordinal, fallback_provider_name,
                fallback_model_name, conditions, created_at, updated_at)
            VALUES (:tenant, :provider, :model, :type, :ordinal, :fallbackProvider,
                :fallbackModel, :conditions, :now, :now)""";

    static final String UPDATE_FALLBACK = """
            UPDATE model_fallbacks SET fallback_provider_name = :fallbackProvider, fallback_model_name = :fallbackModel,
                conditions = :conditions, row_version = row_version + 1, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND ordinal = :ordinal""";

    static final String REMOVE_FALLBACKS_FROM = """
            DELETE FROM model_fallbacks
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND ordinal >= :ordinal""";

    static final String REMOVE_FALLBACKS = """
            DELETE FROM model_fallbacks
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type""";

    static final String REMOVE_PROVIDERS_FALLBACKS = """
            DELETE FROM model_fallbacks WHERE tenant_id = :tenant AND provider_name = :provider""";

    static final String REMOVE_ALL_FALLBACKS = """
            DELETE FROM model_fallbacks WHERE tenant_id = :tenant""";

    private BalancingStatements() {}
}
