package io.bactrian.store;

import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/** {@code audit_log}. A text that is too long is cut: an event is never refused for its length. */
final class AuditTable implements AuditLog {

    private static final int LONGEST_PAGE = 100_000;

    /** No list in a statement is empty. */
    private static final String NO_OUTCOME = "";

    private static final Instant BEGINNING = Instant.EPOCH;

    /** Takes nothing down. */
    static final AuditLog NOWHERE = new AuditLog() {
        @Override
        public void append(AuditEvent event) {
            // for whoever only looks
        }

        @Override
        public void appendAll(List<AuditEvent> events) {
            // for whoever only looks
        }

        @Override
        public List<AuditEvent> latest(int most) {
            return List.of();
        }

        @Override
        public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
            return new PageOf<>(List.of(), null);
        }

        @Override
        public int removeBefore(Instant before, int most) {
            return 0;
        }
    };

    private final Database database;

    AuditTable(Database database) {
        this.database = database;
    }

    @Override
    public void append(AuditEvent event) {
        appendAll(List.of(event));
    }

    @Override
    public void appendAll(List<AuditEvent> events) {
        database.write(() -> {
            database.batch(
                    AuditStatements.ADD_AUDIT_EVENT,
                    events.stream().map(AuditTable::parameters).toList());
            return events.size();
        });
    }

    private static MapSqlParameterSource parameters(AuditEvent event) {
        TenantId tenant = event.tenant();
        return new MapSqlParameterSource()
                .addValue("at", Rows.time(event.at()))
                .addValue("tenant", tenant == null ? null : tenant.value())
                .addValue("actor", cut(event.actor(), 300))
                .addValue("action", cut(event.action(), 100))
                .addValue("subject", cut(event.subject(), 1000))
                .addValue("outcome", cut(event.outcome(), 100))
                .addValue("count", event.count());
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    @Override
    public List<AuditEvent> latest(int most) {
        if (most <= 0) {
            return List.of();
        }
        return database.answer(() -> database
                .sql(AuditStatements.AUDIT_EVENTS)
                .param("most", Math.min(most, LONGEST_PAGE))
                .query(AuditTable::row)
                .list()
                .stream()
                .map(AuditEntry::event)
                .toList());
    }

    @Override
    public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
        String statement = tenant == null ? AuditStatements.AUDIT_OF_ALL : AuditStatements.AUDIT_OF_TENANT;
        List<AuditEntry> found = database.answer(() -> database.sql(statement)
                .paramSource(parameters(tenant, query))
                .query(AuditTable::row)
                .list());
        return PageOf.of(found, query.most(), entry -> Long.toString(entry.id()));
    }

    private static MapSqlParameterSource parameters(@Nullable TenantId tenant, AuditQuery query) {
        Long before = query.before();
        Instant since = query.since();
        MapSqlParameterSource parameters = new MapSqlParameterSource()
                .addValue("anyOutcome", query.outcomes().isEmpty())
                .addValue("outcomes", query.outcomes().isEmpty() ? List.of(NO_OUTCOME) : query.outcomes())
                .addValue("before", before == null ? Long.MAX_VALUE : before)
                .addValue("since", Rows.time(since == null || since.isBefore(BEGINNING) ? BEGINNING : since))
                .addValue("action", query.action())
                .addValue("most", query.most() + 1);
        return tenant == null ? parameters : parameters.addValue("tenant", tenant.value());
    }

    @Override
    public int removeBefore(Instant before, int most) {
        return database.write(() -> database.sql(AuditStatements.REMOVE_OLD_AUDIT_EVENTS)
                .param("before", Rows.time(before))
                .param("most", most)
                .update());
    }

    private static AuditEntry row(ResultSet row, int n) throws SQLException {
        @Nullable String tenant = Rows.textOrNull(row, "tenant_id");
        AuditEvent event = new AuditEvent(
                Rows.time(row, "happened_at"),
                tenant == null ? null : new TenantId(tenant),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("outcome"),
                row.getLong("occurrences"));
        return new AuditEntry(row.getLong("id"), event);
    }
}
