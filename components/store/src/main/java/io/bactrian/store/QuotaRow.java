package io.bactrian.store;

import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Which row of {@code quota_accounts}: by what it is for and when its period began.
 *
 * @param tenant the tenant
 * @param account which of the tenant's accounts
 * @param unit what is counted
 * @param period over which time, as text
 * @param start when the period began
 */
record QuotaRow(String tenant, String account, String unit, String period, Instant start) {

    /** In which rows are locked, so that two who need the same do not wait for each other. */
    static final Comparator<QuotaRow> ORDER = Comparator.comparing(QuotaRow::tenant)
            .thenComparing(QuotaRow::account)
            .thenComparing(QuotaRow::unit)
            .thenComparing(QuotaRow::period)
            .thenComparing(QuotaRow::start);

    private static final String ROLLING = "rolling:";

    static QuotaRow of(QuotaLimit limit, Instant start) {
        return new QuotaRow(
                limit.account().tenant().value(),
                limit.account().key(),
                limit.unit().text(),
                limit.period().text(),
                start);
    }

    static QuotaRow of(ResultSet row) throws SQLException {
        return new QuotaRow(
                row.getString("tenant_id"),
                row.getString("account"),
                row.getString("unit"),
                row.getString("period"),
                Rows.time(row, "period_start"));
    }

    /** The rolling period, if it is one. */
    Optional<QuotaPeriod.Rolling> rolling() {
        return period.startsWith(ROLLING)
                ? Optional.of(new QuotaPeriod.Rolling(Duration.parse(period.substring(ROLLING.length()))))
                : Optional.empty();
    }

    /** Binds what names it. */
    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("tenant", tenant)
                .param("account", account)
                .param("unit", unit)
                .param("period", period)
                .param("start", Rows.time(start));
    }
}
