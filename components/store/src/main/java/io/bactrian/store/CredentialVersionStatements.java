package io.bactrian.store;

/** The statements about the versions that credentials may not fall behind, under the rules of {@link AcrossTenants}. */
final class CredentialVersionStatements {

    static final String ADD_CREDENTIAL_VERSION = """
            INSERT INTO credential_versions (tenant_id, credential_id, version) VALUES (:tenant, :id, :version)""";

    static final String CREDENTIAL_VERSION = """
            SELECT version FROM credential_versions WHERE tenant_id = :tenant AND credential_id = :id""";

    static final String SET_CREDENTIAL_VERSION = """
            UPDATE credential_versions SET version = :version WHERE tenant_id = :tenant AND credential_id = :id""";

    static final String RETIRE_PROVIDERS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String RETIRE_MODELS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider)""";

    static final String RETIRE_ONE_MODELS_CREDENTIALS = """
            UPDATE credential_versions SET version = version + 1 WHERE tenant_id = :tenant AND credential_id IN (
                SELECT id FROM provider_model_credentials WHERE tenant_id = :tenant AND provider_name = :provider
                    AND model_name = :model AND model_type = :type)""";

    static final String REMOVE_CREDENTIAL_VERSIONS = """
            DELETE FROM credential_versions WHERE tenant_id = :tenant""";

    private CredentialVersionStatements() {}
}
