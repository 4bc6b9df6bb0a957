package io.bactrian.store;

/** The statements about used tickets, under the rules of {@link AcrossTenants}. */
final class UploadTicketStatements {

    static final String USE_TICKET = """
            INSERT INTO used_upload_tickets (tenant_id, nonce, expires_at)
            VALUES (:tenant, :nonce, :expiresAt) ON CONFLICT DO NOTHING""";

    static final String COUNT_USED_TICKETS = """
            SELECT COUNT(*) FROM used_upload_tickets WHERE tenant_id = :tenant""";

    static final String REMOVE_PAST_TICKETS = """
            DELETE FROM used_upload_tickets WHERE tenant_id = :tenant AND expires_at < :past""";

    private UploadTicketStatements() {}
}
