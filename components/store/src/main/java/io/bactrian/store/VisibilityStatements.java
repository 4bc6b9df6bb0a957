package io.bactrian.store;

/** The statements about whose calls may use a credential, under the rules of {@link AcrossTenants}. */
final class VisibilityStatements {

    static final String SET_PROVIDER_CREDENTIALS_VISIBILITY = """
            UPDATE provider_credentials SET visibility = :visibility, owner_id = :owner, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND id = :id""";

    static final String SET_MODEL_CREDENTIALS_VISIBILITY = """
            UPDATE provider_model_credentials SET visibility = :visibility, owner_id = :owner, updated_at = :now
            WHERE tenant_id = :tenant AND provider_name = :provider AND model_name = :model AND model_type = :type
                AND id = :id""";

    static final String PERMISSIONS = """
            SELECT credential_id, account_id FROM credential_permissions
            WHERE tenant_id = :tenant AND (credential_id IN (
                SELECT id FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider)
                OR credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider))""";

    static final String ADD_PERMISSION = """
            INSERT INTO credential_permissions (tenant_id, credential_id, account_id, created_at)
            VALUES (:tenant, :id, :user, :now)""";

    static final String REMOVE_CREDENTIALS_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant AND credential_id = :id""";

    static final String REMOVE_MEMBERS_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant AND account_id = :user""";

    static final String REMOVE_PROVIDERS_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String REMOVE_MODELS_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String REMOVE_ONE_MODELS_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider
                    AND model_name = :model AND model_type = :type)""";

    static final String REMOVE_ALL_PERMISSIONS = """
            DELETE FROM credential_permissions WHERE tenant_id = :tenant""";

    private VisibilityStatements() {}
}
