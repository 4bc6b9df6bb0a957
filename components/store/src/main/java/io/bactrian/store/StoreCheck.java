package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
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
    private final @Nullable Path files;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /** What was looked at. */
    public enum Subject {
        /** Whether it answers. */
        DATABASE,
        /** Whether it is this version's. */
        SCHEMA,
        /** Whether the key-encryption key is there and the right one, and opens every data key. */
        KEY,
        /** Whether what rows refer to is there. */
        REFERENCES,
        /** Whether they open, values before a rotation and approvals too, as long as they are of use. */
        CREDENTIALS,
        /** Whether the content of every file is there. */
        FILES
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

    private StoreCheck(StoreSettings settings, @Nullable Path files, Clock clock) {
        this.settings = settings;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Checks a store. What is wrong with it is in the report; what keeps it from being looked at is too.
     *
     * @param settings where it is, and with which key
     * @param clock tells what has expired
     */
    public static Report run(StoreSettings settings, Clock clock) {
        return run(settings, null, clock);
    }

    /**
     * Checks a store and the files that it knows of.
     *
     * @param settings where it is, and with which key
     * @param files the folder that the content of files is in; null to leave them out
     * @param clock tells what has expired
     */
    public static Report run(StoreSettings settings, @Nullable Path files, Clock clock) {
        StoreCheck check = new StoreCheck(settings, files, clock);
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
        if (state.empty()) {
            // a restore that went elsewhere must not pass for one that went well
            found(
                    Subject.SCHEMA,
                    Level.PROBLEM,
                    "there is nothing of this product in it: if a restore was to bring it here, that went to another"
                            + " database or schema (currentSchema in " + StoreSettings.URL + "). A start would make an"
                            + " empty schema here, or refuse beside tables of somebody else");
            return false;
        }
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
            if (files != null) {
                FileCheck.run(database, files, (level, message) -> found(Subject.FILES, level, message));
            }
            if (kek != null && keys(kek, database)) {
                BactrianStore store =
                        BactrianStore.unwatched(new Opening.Opened(dialect, database, database, kek), settings, clock);
                dataKeys(kek, database, store.tenants());
                credentials(store);
                approvals(store);
            }
        }
    }

    private void references(Database database) {
        Map<String, Long> dangling = database.answer(() ->
                database.sql(CheckStatements.DANGLING).query(StoreCheck::counts).single());
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
        List<String> needed = database.answer(() ->
                database.sql(DataKeyStatements.KEK_IDS).query(String.class).list());
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

    /** Also those that encrypt nothing yet: the tenant's next credential would be encrypted with it. */
    private void dataKeys(KeyEncryptionKey kek, Database database, List<TenantRecord> tenants) {
        KeyEncryptionKeys keks = new KeyEncryptionKeys(settings, kek);
        DataKeys keys = new DataKeys(keks);
        DataKeyTable table = new DataKeyTable(database, keys, keks, clock);
        Tally tally = new Tally(Subject.KEY);
        for (TenantRecord tenant : tenants) {
            for (DataKeyTable.Row row : database.answer(() -> table.list(tenant.id()))) {
                DataKey key = row.key();
                tally.add("data key " + key.version() + " of tenant " + tenant.id() + ": ", () -> keys.unwrap(key));
            }
        }
        tally.end("all " + tally.opened + " data keys open");
    }

    private void credentials(BactrianStore store) {
        Tally inForce = new Tally(Subject.CREDENTIALS);
        Tally replaced = new Tally(Subject.CREDENTIALS);
        Instant now = clock.instant();
        stored(store).forEach(credential -> {
            inForce.add("", credential::open);
            credential
                    .previous()
                    .filter(previous -> previous.validAt(now))
                    .ifPresent(previous -> replaced.add("", previous::open));
        });
        inForce.end("all " + inForce.opened + " credentials open");
        if (replaced.opened + replaced.closed > 0) {
            replaced.end("so do the values that " + replaced.opened + " of them had before a rotation");
        }
    }

    private static Stream<StoredCredential> stored(BactrianStore store) {
        Stream<StoredCredential> ofModels = store.tenants().stream()
                .flatMap(tenant -> store.providers(tenant.id()).stream()
                        .flatMap(provider -> store.provider(tenant.id(), provider).stream()))
                .flatMap(record -> Stream.concat(
                        record.credentials().stream(),
                        record.models().stream().flatMap(model -> model.credentials().stream())));
        return Stream.concat(ofModels, store.tenants().stream().flatMap(tenant -> ofTools(store, tenant.id())));
    }

    private static Stream<StoredCredential> ofTools(BactrianStore store, TenantId tenant) {
        ToolCredentialStore tools = store.toolCredentials();
        Stream<StoredCredential> credentials = tools.providers(tenant).stream()
                .flatMap(name -> tools.credentials(tenant, name.type(), name.provider()).stream())
                .map(ToolCredential::stored);
        Stream<StoredCredential> clients = store.oauthTables().clients(tenant).stream()
                .flatMap(name -> store.oauth().client(tenant, name).stream());
        return Stream.concat(credentials, clients);
    }

    private void approvals(BactrianStore store) {
        Tally tally = new Tally(Subject.CREDENTIALS);
        ApprovalTable table = store.approvalTable();
        for (TenantRecord tenant : store.tenants()) {
            table.forEach(tenant.id(), clock.instant(), row -> tally.add("", () -> table.check(row)));
        }
        if (tally.opened + tally.closed > 0) {
            tally.end("all " + tally.opened + " approvals open");
        }
    }

    /** Has something opened. */
    private interface Attempt {
        void open() throws CredentialUnreadableException;
    }

    /** How many things of a kind open; the first that do not are named. */
    private final class Tally {

        private final Subject subject;
        private long opened;
        private long closed;

        Tally(Subject subject) {
            this.subject = subject;
        }

        void add(String name, Attempt attempt) {
            try {
                attempt.open();
                opened++;
            } catch (CredentialUnreadableException e) {
                closed++;
                if (closed <= MOST_NAMED) {
                    found(subject, Level.PROBLEM, name + e.reason());
                }
            }
        }

        void end(String fine) {
            if (closed > MOST_NAMED) {
                found(subject, Level.PROBLEM, (closed - MOST_NAMED) + " more do not open");
            }
            if (closed == 0) {
                found(subject, Level.FINE, fine);
            }
        }
    }

    private void found(Subject subject, Level level, String message) {
        findings.add(new Finding(subject, level, message));
    }
}
