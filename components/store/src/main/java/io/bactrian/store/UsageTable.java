package io.bactrian.store;

import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.core.usage.UsageSum;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code usage_records} and {@code usage_losses}. No configuration: none of this counts as a change of a tenant. */
final class UsageTable implements UsageStore {

    /** How much of a tenant's is removed at a time, so that no statement takes long. */
    private static final int STEP = 1_000;

    private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);

    private final Database database;

    UsageTable(Database database) {
        this.database = database;
    }

    @Override
    public void append(List<UsageRecord> records, List<UsageLoss> losses) {
        List<MapSqlParameterSource> rows = records.stream().map(UsageTable::row).toList();
        List<MapSqlParameterSource> lost = losses.stream().map(UsageTable::row).toList();
        database.write(() -> {
            if (!rows.isEmpty()) {
                database.batch(UsageStatements.ADD_USAGE, rows);
            }
            if (!lost.isEmpty()) {
                database.batch(UsageStatements.ADD_USAGE_LOSS, lost);
            }
            return true;
        });
    }

    private static MapSqlParameterSource row(UsageRecord record) {
        TenantId tenant = record.tenant();
        UserId user = record.user();
        AppId app = record.app();
        UsageOutcome outcome = record.outcome();
        Price price = record.price();
        Duration firstContent = record.firstContent();
        MapSqlParameterSource row = new MapSqlParameterSource("id", record.id())
                .addValue("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .addValue("requestId", record.requestId().value())
                .addValue("user", user == null ? null : user.value(), Types.VARCHAR)
                .addValue("app", app == null ? null : app.value(), Types.VARCHAR)
                .addValue("streamed", record.streamed())
                .addValue("outcome", outcome.text())
                .addValue(
                        "phase",
                        outcome instanceof UsageOutcome.Failed failed
                                ? failed.phase().name().toLowerCase(Locale.ROOT)
                                : null,
                        Types.VARCHAR)
                .addValue("attempts", record.attempts())
                .addValue("failedAttempts", record.failedAttempts())
                .addValue("counted", record.counted().text())
                .addValue("price", price == null ? null : price.total(), Types.DECIMAL)
                .addValue("currency", price == null ? null : price.currency(), Types.VARCHAR)
                .addValue("startedAt", Rows.time(record.startedAt()))
                .addValue("day", day(record.startedAt()))
                .addValue("duration", micros(record.duration()))
                .addValue("firstContent", firstContent == null ? null : micros(firstContent), Types.BIGINT);
        return tokens(target(row, record.target(), record.credential()), record.tokens());
    }

    private static MapSqlParameterSource target(
            MapSqlParameterSource row, InvocationTarget target, @Nullable CredentialRef credential) {
        InvocationTarget.Model model = target instanceof InvocationTarget.Model named ? named : null;
        ModelType type =
                model != null ? model.type() : target instanceof InvocationTarget.DefaultModel any ? any.type() : null;
        return row.addValue("target", model == null ? target.toString() : model.provider() + "/" + model.model())
                .addValue("provider", model == null ? null : model.provider().value(), Types.VARCHAR)
                .addValue("model", model == null ? null : model.model(), Types.VARCHAR)
                .addValue("type", type == null ? null : type.text(), Types.VARCHAR)
                .addValue(
                        "credentialSource",
                        credential == null ? null : credential.source().name().toLowerCase(Locale.ROOT),
                        Types.VARCHAR)
                .addValue(
                        "credentialId",
                        credential == null || credential.id().isEmpty() ? null : credential.id(),
                        Types.VARCHAR);
    }

    private static MapSqlParameterSource tokens(MapSqlParameterSource row, TokenUsage tokens) {
        return row.addValue("input", tokens.input())
                .addValue("cacheRead", tokens.cacheRead())
                .addValue("cacheWrite", tokens.cacheWrite())
                .addValue("audioInput", tokens.audioInput())
                .addValue("output", tokens.output())
                .addValue("reasoning", tokens.reasoning())
                .addValue("audioOutput", tokens.audioOutput());
    }

    private static MapSqlParameterSource row(UsageLoss loss) {
        TenantId tenant = loss.tenant();
        return new MapSqlParameterSource("id", loss.id())
                .addValue("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .addValue("calls", loss.calls())
                .addValue("from", Rows.time(loss.from()))
                .addValue("to", Rows.time(loss.to()))
                .addValue("day", day(loss.from()));
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    @Override
    public UsageReport report(UsageQuery query) {
        Statements statements = Statements.of(query.by());
        return database.read(() -> {
            List<UsageSum> sums = of(statements.sums(), query)
                    .param("aborted", UsageOutcome.Ended.ABORTED.text())
                    .param("estimated", TokenCount.ESTIMATED.text())
                    // one more tells that there are more
                    .param("most", query.most() + 1)
                    .query(UsageTable::sum)
                    .list();
            long lost = of(UsageStatements.USAGE_LOST, query).query(Long.class).single();
            return UsageReport.of(query, withCost(sums, statements, query), lost);
        });
    }

    private record Statements(String sums, String cost) {
        static Statements of(UsageDimension by) {
            return switch (by) {
                case MODEL -> new Statements(UsageStatements.USAGE_BY_MODEL, UsageStatements.COST_BY_MODEL);
                case APP -> new Statements(UsageStatements.USAGE_BY_APP, UsageStatements.COST_BY_APP);
                case USER -> new Statements(UsageStatements.USAGE_BY_USER, UsageStatements.COST_BY_USER);
                case DAY -> new Statements(UsageStatements.USAGE_BY_DAY, UsageStatements.COST_BY_DAY);
            };
        }
    }

    private JdbcClient.StatementSpec of(String statement, UsageQuery query) {
        LocalDate until = query.until();
        return database.sql(statement)
                .param("tenant", query.tenant().value())
                .param("since", query.from())
                .param("until", until == null ? NEVER : until);
    }

    private static UsageSum sum(ResultSet row, int n) throws SQLException {
        TokenUsage tokens = new TokenUsage(
                row.getLong("input_tokens"),
                row.getLong("cache_read_tokens"),
                row.getLong("cache_write_tokens"),
                row.getLong("audio_input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("reasoning_tokens"),
                row.getLong("audio_output_tokens"));
        return new UsageSum(
                key(row),
                row.getLong("calls"),
                row.getLong("failed"),
                row.getLong("aborted"),
                tokens,
                row.getLong("estimated"),
                Map.of());
    }

    /** Calls without an app or a user have that in common. */
    private static String key(ResultSet row) throws SQLException {
        String key = Rows.textOrNull(row, "usage_key");
        return key == null ? "" : key;
    }

    private record Cost(String key, String currency, BigDecimal price) {}

    private List<UsageSum> withCost(List<UsageSum> sums, Statements statements, UsageQuery query) {
        if (sums.isEmpty()) {
            return sums;
        }
        List<?> keys = query.by() == UsageDimension.DAY
                ? sums.stream().map(sum -> LocalDate.parse(sum.key())).toList()
                : sums.stream().map(UsageSum::key).toList();
        Map<String, Map<String, BigDecimal>> costs = new HashMap<>();
        of(statements.cost(), query)
                .param("keys", keys)
                .query((row, n) -> new Cost(key(row), row.getString("currency"), row.getBigDecimal("price")))
                .list()
                .forEach(cost -> costs.computeIfAbsent(cost.key(), key -> new HashMap<>())
                        .put(cost.currency(), cost.price()));
        List<UsageSum> priced = new ArrayList<>();
        for (UsageSum sum : sums) {
            priced.add(new UsageSum(
                    sum.key(),
                    sum.calls(),
                    sum.failed(),
                    sum.aborted(),
                    sum.tokens(),
                    sum.estimated(),
                    costs.getOrDefault(sum.key(), Map.of())));
        }
        return priced;
    }

    @Override
    public int removeBefore(Instant before, int most) {
        int removed = removeBefore(UsageStatements.REMOVE_OLD_USAGE, before, most);
        return removed == most
                ? removed
                : removed + removeBefore(UsageStatements.REMOVE_OLD_USAGE_LOSSES, before, most - removed);
    }

    private int removeBefore(String statement, Instant before, int most) {
        return database.write(() -> database.sql(statement)
                .param("before", Rows.time(before))
                .param("most", most)
                .update());
    }

    @Override
    public void removeTenant(TenantId tenant) {
        for (String statement : List.of(UsageStatements.REMOVE_USAGE, UsageStatements.REMOVE_USAGE_LOSSES)) {
            int removed = STEP;
            while (removed == STEP) {
                removed = database.write(() -> database.sql(statement)
                        .param("tenant", tenant.value())
                        .param("most", STEP)
                        .update());
            }
        }
    }
}
