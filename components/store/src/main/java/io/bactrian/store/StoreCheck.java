package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.ProviderId;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store is whole: its database, schema, key, references and credentials. Changes nothing and may run beside nodes
 * that serve. For after a restore, before an upgrade, and for whoever wants to know.
 */
public final class StoreCheck {

    private static final int MOST_NAMED = 100;

    private final StoreSettings settings;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /** What was looked at. */
    public enum Subject {
        /** Whether it answers. */
        DATABASE,
        /** Whether it is this version's. */
        SCHEMA,
        /** Whether the key-encryption key is there and the right one. */
        KEY,
        /** Whether what rows refer to is there. */
        REFERENCES,
        /** Whether they open. */
        CREDENTIALS
    }

    /** How it is. */
    public enum Level {
        /** As it should be. */
        FINE,
        /** Not wrong, but to be known. */
        NOTICE,
        /** Wrong: something does not work until somebody mends it. */
        PROBLEM
    }

    /**
     * One thing found.
     *
     * @param subject what was looked at
     * @param level how it is
     * @param message in a sentence; holds no secret
     */
    public record Finding(Subject subject, Level level, String message) {}

    /**
     * All that was found, in the order it was looked at.
     *
     * @param findings at least one
     */
    public record Report(List<Finding> findings) {

        /** Copies the list. */
        public Report {
            findings = List.copyOf(findings);
        }

        /** Whether nothing is wrong. */
        public boolean whole() {
            return findings.stream().noneMatch(finding -> finding.level() == Level.PROBLEM);
        }
    }

    private StoreCheck(StoreSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Checks a store. What is wrong with it is in the report; what keeps it from being looked at is too.
     *
     * @param settings where it is, and with which key
     * @param clock tells what has expired
     */
    public static Report run(StoreSettings settings, Clock clock) {
        StoreCheck check = new StoreCheck(settings, clock);
        check.all();
        return new Report(check.findings);
    }

    private void all() {
        KeyEncryptionKey kek = key();
        try (Dialect dialect = Opening.existing(settings)) {
            found(Subject.DATABASE, Level.FINE, "the database answers");
            if (schema(Migrations.look(dialect))) {
                rows(dialect, kek);
            }
        } catch (InvokeException e) {
            found(Subject.DATABASE, Level.PROBLEM, e.getMessage());
        }
    }

    private @Nullable KeyEncryptionKey key() {
        try {
            KeyEncryptionKey kek = KeyLoader.find(settings);
            if (kek == null) {
                found(Subject.KEY, Level.PROBLEM, settings.key().setting() + ": there is no such file");
            }
            return kek;
        } catch (InvokeException e) {
            found(Subject.KEY, Level.PROBLEM, e.getMessage());
            return null;
        }
    }

    /** Whether the rows can be looked at. */
    private boolean schema(Migrations.State state) {
        for (String problem : state.problems()) {
            found(Subject.SCHEMA, Level.PROBLEM, "the schema is not one that this version made: " + problem);
        }
        if (!state.pending().isEmpty()) {
            found(
                    Subject.SCHEMA,
                    Level.NOTICE,
                    "the schema is at " + state.current() + ", this version knows " + state.known()
                            + ": the next start brings it up to date; its rows were not looked at");
            return false;
        }
        if (state.newer()) {
            found(
                    Subject.SCHEMA,
                    Level.NOTICE,
                    "the schema is at " + state.current() + ", newer than this version, which knows " + state.known());
        } else if (state.problems().isEmpty()) {
            found(Subject.SCHEMA, Level.FINE, "the schema is at " + state.current());
        }
        return state.problems().isEmpty();
    }

    private void rows(Dialect dialect, @Nullable KeyEncryptionKey kek) {
        try (Database database = new Database(dialect.user(), dialect.snapshotIsolation(), Database.Pool.ofCalls(2))) {
            references(database);
            if (kek != null && keys(kek, database)) {
                credentials(
                        BactrianStore.unwatched(new Opening.Opened(dialect, database, database, kek), settings, clock));
            }
        }
    }

    private void references(Database database) {
        Map<String, Long> dangling = database.answer(() ->
                database.sql(StoreStatements.DANGLING).query(StoreCheck::counts).single());
        boolean fine = true;
        for (Map.Entry<String, Long> count : dangling.entrySet()) {
            if (count.getValue() > 0) {
                fine = false;
                found(
                        Subject.REFERENCES,
                        Level.PROBLEM,
                        count.getValue() + " rows of " + count.getKey() + " refer to what is not there");
            }
        }
        if (fine) {
            found(Subject.REFERENCES, Level.FINE, "whatever rows refer to is there");
        }
    }

    private static Map<String, Long> counts(ResultSet row, int n) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            counts.put(columns.getColumnLabel(i), row.getLong(i));
        }
        return counts;
    }

    /** Whether the key is one that opens anything. */
    private boolean keys(KeyEncryptionKey kek, Database database) {
        List<String> needed = database.answer(
                () -> database.sql(StoreStatements.KEK_IDS).query(String.class).list());
        List<String> missing = needed.stream().filter(id -> !kek.knows(id)).toList();
        if (missing.isEmpty()) {
            found(Subject.KEY, Level.FINE, kek.setting() + " holds every key-encryption key that is needed");
            return true;
        }
        found(
                Subject.KEY,
                Level.PROBLEM,
                kek.setting() + " holds " + kek.id() + ", but not " + String.join(", ", missing)
                        + ", which wrapped keys of this database: restore that");
        return missing.size() < needed.size();
    }

    private void credentials(BactrianStore store) {
        long opened = 0;
        long closed = 0;
        for (TenantRecord tenant : store.tenants()) {
            for (ProviderId provider : store.providers(tenant.id())) {
                List<StoredCredential> credentials = store.provider(tenant.id(), provider).stream()
                        .flatMap(record -> Stream.concat(
                                record.credentials().stream(),
                                record.models().stream().flatMap(model -> model.credentials().stream())))
                        .toList();
                for (StoredCredential credential : credentials) {
                    if (opens(credential, closed < MOST_NAMED)) {
                        opened++;
                    } else {
                        closed++;
                    }
                }
            }
        }
        if (closed > MOST_NAMED) {
            found(Subject.CREDENTIALS, Level.PROBLEM, (closed - MOST_NAMED) + " more do not open");
        }
        if (closed == 0) {
            found(Subject.CREDENTIALS, Level.FINE, "all " + opened + " credentials open");
        }
    }

    private boolean opens(StoredCredential credential, boolean named) {
        try {
            credential.open();
            return true;
        } catch (CredentialUnreadableException e) {
            if (named) {
                found(Subject.CREDENTIALS, Level.PROBLEM, e.reason());
            }
            return false;
        }
    }

    private void found(Subject subject, Level level, String message) {
        findings.add(new Finding(subject, level, message));
    }
}
