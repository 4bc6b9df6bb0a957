package io.bactrian.store;

/** The statements about who is out for a while, under the rules of {@link AcrossTenants}. */
final class CooldownStatements {

    static final String EXTEND_COOLDOWN = """
            UPDATE cooldowns SET reason = :reason, code = :code, trips = :trips, credential_version = :version,
                cooling_until = :until, row_version = row_version + 1
            WHERE tenant_id = :tenant AND provider_name = :provider AND credential_id = :credential
                AND model_name = :model AND model_type = :type AND cooling_until < :until""";

    static final String ADD_COOLDOWN = """
            INSERT INTO cooldowns (tenant_id, provider_name, credential_id, model_name, model_type, reason, code, trips,
                credential_version, cooling_until)
            VALUES (:tenant, :provider, :credential, :model, :type, :reason, :code, :trips,
                :version, :until) ON CONFLICT DO NOTHING""";

    static final String REMOVE_COOLDOWNS = """
            DELETE FROM cooldowns WHERE tenant_id = :tenant""";

    @AcrossTenants("nodes serve all tenants, and learn who is out of each")
    static final String COOLDOWNS = """
            SELECT tenant_id, provider_name, credential_id, model_name, model_type, reason, code, trips,
                credential_version, cooling_until, CURRENT_TIMESTAMP AS present
            FROM cooldowns WHERE cooling_until > CURRENT_TIMESTAMP ORDER BY cooling_until FETCH FIRST 10000 ROWS ONLY""";

    @AcrossTenants("removes what has passed, of whichever tenant it was")
    static final String REMOVE_PAST_COOLDOWNS = """
            DELETE FROM cooldowns WHERE cooling_until < CURRENT_TIMESTAMP""";

    @AcrossTenants("asks for the time and for nothing else")
    static final String PRESENT = """
            SELECT CURRENT_TIMESTAMP AS present""";

    private CooldownStatements() {}
}
