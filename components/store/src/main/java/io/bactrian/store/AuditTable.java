package io.bactrian.store;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code audit_log}. A text that is too long is cut: an event is never refused for its length. */
final class AuditTable implements AuditLog {

    private static final int LONGEST_PAGE = 100_000;

    /** Takes nothing down. */
    static final AuditLog NOWHERE = new AuditLog() {
        @Override
        public void append(AuditEvent event) {
            // for whoever only looks
        }

        @Override
        public List<AuditEvent> latest(int most) {
            return List.of();
        }
    };

    private final Database database;

    AuditTable(Database database) {
        this.database = database;
    }

    @Override
    public void append(AuditEvent event) {
        TenantId tenant = event.tenant();
        database.write(() -> database.sql(AuditStatements.ADD_AUDIT_EVENT)
                .param("at", Rows.time(event.at()))
                .param("tenant", tenant == null ? null : tenant.value())
                .param("actor", cut(event.actor(), 300))
                .param("action", cut(event.action(), 100))
                .param("subject", cut(event.subject(), 1000))
                .param("outcome", cut(event.outcome(), 100))
                .update());
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    @Override
    public List<AuditEvent> latest(int most) {
        if (most <= 0) {
            return List.of();
        }
        return database.answer(() -> database.sql(AuditStatements.AUDIT_EVENTS)
                .param("most", Math.min(most, LONGEST_PAGE))
                .query(AuditTable::row)
                .list());
    }

    private static AuditEvent row(ResultSet row, int n) throws SQLException {
        @Nullable String tenant = Rows.textOrNull(row, "tenant_id");
        return new AuditEvent(
                Rows.time(row, "happened_at"),
                tenant == null ? null : new TenantId(tenant),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("outcome"));
    }
}
