package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** A table of tenants' rules: one of one kind. */
final class RuleTable<R extends NamedRule> implements RuleStore<R> {

    private final Database database;
    private final Changes changes;
    private final RuleRows<R> rows;
    private final Clock clock;

    RuleTable(Database database, Changes changes, RuleRows<R> rows, Clock clock) {
        this.database = database;
        this.changes = changes;
        this.rows = rows;
        this.clock = clock;
    }

    @Override
    public List<RuleRecord<R>> rules(TenantId tenant) {
        return database.answer(() -> stored(tenant));
    }

    private List<RuleRecord<R>> stored(TenantId tenant) {
        return of(rows.select(), tenant).query((row, n) -> record(tenant, row)).list().stream()
                // databases sort text each in its own way
                .sorted(Comparator.comparing(RuleRecord::name))
                .toList();
    }

    private RuleRecord<R> record(TenantId tenant, ResultSet row) throws SQLException {
        String name = row.getString("name");
        String author = row.getString("set_by");
        try {
            RuleAuthor setBy = RuleAuthor.of(author).orElseThrow(() -> new IllegalArgumentException(author));
            return new RuleRecord<>(
                    rows.rule(tenant, row), setBy, Rows.textOrNull(row, "managed_by"), row.getLong("row_version"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    rows.kind() + " '" + name + "' of tenant '" + tenant
                            + "' is one that this version does not understand (" + e.getMessage()
                            + "): bring it up to date, or set the rule anew with the version that knows it");
        }
    }

    @Override
    public RuleRecord<R> put(TenantId tenant, RuleRecord<R> wanted, @Nullable RuleRecord<R> read) {
        return changes.change(tenant, () -> {
            RuleRecord<R> known = unchanged(tenant, wanted.name(), read);
            String statement = known == null ? rows.insert() : rows.update();
            rows.bind(of(statement, tenant, wanted.name()), wanted.rule())
                    .param("setBy", wanted.setBy().text())
                    .param("managedBy", wanted.managedBy())
                    .param("now", Rows.time(clock.instant()))
                    .update();
            return new RuleRecord<>(
                    wanted.rule(), wanted.setBy(), wanted.managedBy(), known == null ? 1 : known.version() + 1);
        });
    }

    @Override
    public boolean remove(TenantId tenant, RuleRecord<R> read) {
        return changes.remove(tenant, () -> {
            if (find(tenant, read.name()) == null) {
                return false;
            }
            unchanged(tenant, read.name(), read);
            return of(rows.delete(), tenant, read.name()).update() > 0;
        });
    }

    private @Nullable RuleRecord<R> find(TenantId tenant, String name) {
        return stored(tenant).stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** What is stored, which others cannot change before the end of this change. */
    private @Nullable RuleRecord<R> unchanged(TenantId tenant, String name, @Nullable RuleRecord<R> read) {
        RuleRecord<R> known = find(tenant, name);
        if (!Objects.equals(known, read)) {
            throw RuleStore.changed(tenant, name);
        }
        return known;
    }

    private StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private StatementSpec of(String statement, TenantId tenant, String name) {
        return of(statement, tenant).param("name", name);
    }
}
