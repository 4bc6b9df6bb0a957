package io.bactrian.store;

/** The statements about what calls used, under the rules of {@link AcrossTenants}. */
final class UsageStatements {

    static final String ADD_USAGE = """
            INSERT INTO usage_records (id, tenant_id, request_id, user_id, app_id, target, provider_name, model_name,
                model_type, credential_source, credential_id, streamed, outcome, phase, attempts, failed_attempts,
                input_tokens, cache_read_tokens, cache_write_tokens, audio_input_tokens, output_tokens,
                reasoning_tokens, audio_output_tokens, tokens_counted, price, currency, started_at, usage_day,
                duration_micros, first_content_micros)
            VALUES (:id, :tenant, :requestId, :user, :app, :target, :provider, :model,
                :type, :credentialSource, :credentialId, :streamed, :outcome, :phase, :attempts, :failedAttempts,
                :input, :cacheRead, :cacheWrite, :audioInput, :output,
                :reasoning, :audioOutput, :counted, :price, :currency, :startedAt, :day,
                :duration, :firstContent) ON CONFLICT DO NOTHING""";

    static final String ADD_USAGE_LOSS = """
            INSERT INTO usage_losses (id, tenant_id, calls, lost_from, lost_to, usage_day)
            VALUES (:id, :tenant, :calls, :from, :to, :day) ON CONFLICT DO NOTHING""";

    // ---- sums: of a tenant's days, by something

    static final String USAGE_BY_MODEL = sums("target");
    static final String USAGE_BY_APP = sums("app_id");
    static final String USAGE_BY_USER = sums("user_id");
    static final String USAGE_BY_DAY = sums("usage_day", "usage_key DESC");

    static final String COST_BY_MODEL = cost("target");
    static final String COST_BY_APP = cost("app_id");
    static final String COST_BY_USER = cost("user_id");
    static final String COST_BY_DAY = cost("usage_day");

    static final String USAGE_LOST = """
            SELECT COALESCE(SUM(calls), 0) FROM usage_losses
            WHERE tenant_id = :tenant AND usage_day >= :since AND usage_day < :until""";

    private static String sums(String by) {
        return sums(by, "calls DESC, usage_key");
    }

    /** With the most of whatever is asked for first. */
    private static String sums(String by, String order) {
        return """
                SELECT COLUMN AS usage_key, COUNT(*) AS calls, COUNT(phase) AS failed,
                    SUM(CASE WHEN outcome = :aborted THEN 1 ELSE 0 END) AS aborted,
                    SUM(CASE WHEN tokens_counted = :estimated THEN 1 ELSE 0 END) AS estimated,
                    SUM(input_tokens) AS input_tokens, SUM(cache_read_tokens) AS cache_read_tokens,
                    SUM(cache_write_tokens) AS cache_write_tokens, SUM(audio_input_tokens) AS audio_input_tokens,
                    SUM(output_tokens) AS output_tokens, SUM(reasoning_tokens) AS reasoning_tokens,
                    SUM(audio_output_tokens) AS audio_output_tokens
                FROM usage_records WHERE tenant_id = :tenant AND usage_day >= :since AND usage_day < :until
                GROUP BY COLUMN ORDER BY ORDER_OF_SUMS LIMIT :most""".replace("COLUMN", by).replace("ORDER_OF_SUMS", order);
    }

    private static String cost(String by) {
        return """
                SELECT COLUMN AS usage_key, currency, SUM(price) AS price
                FROM usage_records WHERE tenant_id = :tenant AND (COLUMN IN (:keys) OR COLUMN IS NULL)
                    AND usage_day >= :since AND usage_day < :until AND price IS NOT NULL
                GROUP BY COLUMN, currency""".replace("COLUMN", by);
    }

    // ---- removal, some at a time

    @AcrossTenants("removes what is too old, of whichever tenant it is")
    static final String REMOVE_OLD_USAGE = """
            DELETE FROM usage_records WHERE id IN (
                SELECT id FROM usage_records WHERE started_at < :before ORDER BY started_at LIMIT :most)""";

    @AcrossTenants("removes what is too old, of whichever tenant it is")
    static final String REMOVE_OLD_USAGE_LOSSES = """
            DELETE FROM usage_losses WHERE id IN (
                SELECT id FROM usage_losses WHERE lost_from < :before ORDER BY lost_from LIMIT :most)""";

    static final String REMOVE_USAGE = """
            DELETE FROM usage_records WHERE tenant_id = :tenant AND id IN (
                SELECT id FROM usage_records WHERE tenant_id = :tenant LIMIT :most)""";

    static final String REMOVE_USAGE_LOSSES = """
            DELETE FROM usage_losses WHERE tenant_id = :tenant AND id IN (
                SELECT id FROM usage_losses WHERE tenant_id = :tenant LIMIT :most)""";

    private UsageStatements() {}
}
