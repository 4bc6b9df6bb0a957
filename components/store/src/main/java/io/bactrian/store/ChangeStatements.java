package io.bactrian.store;

/** The statements about the numbers by which processes notice each other's changes, under the rules of {@link AcrossTenants}. */
final class ChangeStatements {

    @AcrossTenants("how another process's changes are noticed: numbers only")
    static final String CHANGES_SINCE = """
            SELECT tenant_id, version FROM config_versions WHERE version > :since AND tenant_id <> '*' ORDER BY version""";

    @AcrossTenants("the one counter that numbers are drawn from")
    static final String DRAW_NUMBER = """
            UPDATE config_versions SET version = version + 1 WHERE tenant_id = '*'""";

    @AcrossTenants("the one counter that numbers are drawn from")
    static final String DRAWN_NUMBER = """
            SELECT version FROM config_versions WHERE tenant_id = '*'""";

    @AcrossTenants("wakes other processes, which then look for numbers: a hint")
    static final String ANNOUNCE = """
            SELECT pg_notify(:channel, :number)""";

    @AcrossTenants("hears the hint")
    static final String LISTEN = "LISTEN " + PostgresListener.CHANNEL;

    static final String ADD_VERSION = """
            INSERT INTO config_versions (tenant_id, version) VALUES (:tenant, 0) ON CONFLICT DO NOTHING""";

    static final String LOCK_VERSION = """
            SELECT version FROM config_versions WHERE tenant_id = :tenant FOR UPDATE""";

    static final String SET_VERSION = """
            UPDATE config_versions SET version = :version WHERE tenant_id = :tenant""";

    private ChangeStatements() {}
}
