package io.bactrian.store;

/** The statements about quotas and budgets, under the rules of {@link AcrossTenants}. */
final class QuotaStatements {

    @AcrossTenants("the time of all nodes: reads no table")
    static final String DATABASE_TIME = """
            SELECT CURRENT_TIMESTAMP""";

    // ---- accounts

    static final String OPEN_ACCOUNT = """
            INSERT INTO quota_accounts (tenant_id, account, unit, period, period_start, period_end, allowed)
            VALUES (:tenant, :account, :unit, :period, :start, :end, :limit) ON CONFLICT DO NOTHING""";

    static final String LOCK_ACCOUNT = """
            SELECT used, leased FROM quota_accounts
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start
            FOR UPDATE""";

    static final String ACCOUNT = """
            SELECT used, leased FROM quota_accounts
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start""";

    static final String LEASE_UNITS = """
            UPDATE quota_accounts SET leased = leased + :units, allowed = :limit, row_version = row_version + 1
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND used <= :limit - leased - :units""";

    static final String USE_UNITS = """
            UPDATE quota_accounts SET used = used + :used, leased = leased - :gone, row_version = row_version + 1
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start""";

    static final String RAISE_ALERT = """
            UPDATE quota_accounts SET alerted = :to, row_version = row_version + 1
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND alerted = :from""";

    @AcrossTenants("housekeeping: by age alone")
    static final String REMOVE_OLD_ACCOUNTS = """
            DELETE FROM quota_accounts WHERE period_end < :before AND leased = 0""";

    // ---- leases

    static final String ADD_LEASE = """
            INSERT INTO quota_leases (id, tenant_id, account, unit, period, period_start, node, amount, expires_at)
            VALUES (:id, :tenant, :account, :unit, :period, :start, :node, :units, :expires)""";

    static final String ADD_TO_LEASE = """
            UPDATE quota_leases SET amount = amount + :units, expires_at = :expires, row_version = row_version + 1
            WHERE tenant_id = :tenant AND id = :id AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start""";

    static final String SPEND_LEASE = """
            UPDATE quota_leases SET amount = amount - :gone, spent = spent + :used, expires_at = :expires,
                row_version = row_version + 1
            WHERE tenant_id = :tenant AND id = :id AND amount >= :gone""";

    static final String REMOVE_SPENT_LEASE = """
            DELETE FROM quota_leases WHERE tenant_id = :tenant AND id = :id AND amount = 0""";

    @AcrossTenants("housekeeping: by age alone; each is then taken with its tenant's name")
    static final String EXPIRED_LEASES = """
            SELECT id, tenant_id, account, unit, period, period_start FROM quota_leases
            WHERE expires_at < :now ORDER BY expires_at, id FETCH FIRST :most ROWS ONLY""";

    static final String EXPIRED_LEASE = """
            SELECT amount FROM quota_leases WHERE tenant_id = :tenant AND id = :id AND expires_at < :now FOR UPDATE""";

    static final String REMOVE_LEASE = """
            DELETE FROM quota_leases WHERE tenant_id = :tenant AND id = :id""";

    // ---- rolling periods

    static final String ADD_TO_PART = """
            UPDATE quota_parts SET used = used + :used, row_version = row_version + 1
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND part = :part""";

    static final String ADD_PART = """
            INSERT INTO quota_parts (tenant_id, account, unit, period, period_start, part, used)
            VALUES (:tenant, :account, :unit, :period, :start, :part, :used)""";

    static final String SUM_OF_PARTS_BEFORE = """
            SELECT COALESCE(SUM(used), 0) FROM quota_parts
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND part < :part""";

    static final String REMOVE_PARTS_BEFORE = """
            DELETE FROM quota_parts
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND part < :part""";

    static final String PARTS = """
            SELECT part, used FROM quota_parts
            WHERE tenant_id = :tenant AND account = :account AND unit = :unit AND period = :period
                AND period_start = :start AND part >= :part
            ORDER BY part""";

    private QuotaStatements() {}
}
