package io.bactrian.store;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyBounds;
import io.bactrian.core.config.ApiKeyPlace;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.Flight;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code api_keys}. Keys found are remembered under the number of their tenant's latest change, so that one that is
 * withdrawn, here or by another process, is looked up again as soon as that number is known. Keys not found are not
 * remembered: one that is added counts at once.
 */
final class ApiKeyTable {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_ID = 64;
    private static final int LONGEST_NAME = 255;
    private static final int REMEMBERED = 10_000;
    private static final int FLIGHTS = 256;
    private static final int LONGEST_CREATOR = 400;
    private static final String BETWEEN_SCOPES = "\n";
    private static final String NO_APP = "";
    private static final ApiKeyPlace START = new ApiKeyPlace(Instant.parse("0001-01-01T00:00:00Z"), "");

    private final Database database;
    private final Changes changes;
    private final Versions versions;
    private final ChangePoll poll;
    private final Duration staleIfError;
    private final Clock clock;
    private final LruCache<String, Known> known = new LruCache<>(REMEMBERED);
    private final List<Flight> flights =
            Stream.generate(() -> new Flight(System::nanoTime)).limit(FLIGHTS).toList();

    private final Remembered<Named, Optional<ApiKeyRecord>> byId;

    private record Known(ApiKeyRecord record, long version) {}

    private record Named(TenantId tenant, ApiKeyId id) {}

    ApiKeyTable(
            Database database,
            Changes changes,
            Versions versions,
            ChangePoll poll,
            Duration staleIfError,
            Clock clock) {
        this.database = database;
        this.changes = changes;
        this.versions = versions;
        this.poll = poll;
        this.staleIfError = staleIfError;
        this.clock = clock;
        this.byId = new Remembered<>(new Remembered.Rule(versions, poll, staleIfError), clock);
    }

    void add(ApiKeyRecord record, String sha256) {
        if (!SHA_256.matcher(sha256).matches()) {
            throw Rows.invalid("an API key is kept as its SHA-256: 64 lower-case hexadecimal digits");
        }
        if (record.id().isEmpty()
                || record.id().length() > LONGEST_ID
                || record.name().length() > LONGEST_NAME) {
            throw Rows.invalid(
                    "an API key has an id of 1 to " + LONGEST_ID + " characters and a name of at most " + LONGEST_NAME);
        }
        changes.change(record.tenant(), () -> {
            checkBounds(record);
            return insert(record, sha256);
        });
    }

    private int insert(ApiKeyRecord record, String sha256) {
        return database.sql(ApiKeyStatements.ADD_API_KEY)
                .param("id", record.id())
                .param("tenant", record.tenant().value())
                .param("sha256", sha256)
                .param("name", record.name())
                .param("user", user(record))
                .param("app", app(record))
                .param("role", record.role().text())
                .param("scopes", String.join(BETWEEN_SCOPES, record.scopes().texts()))
                .param("createdBy", cut(record.createdBy()))
                .param("expiresAt", Rows.time(record.expiresAt()))
                .param("revokedAt", Rows.time(record.revokedAt()))
                .param("createdAt", Rows.time(record.createdAt()))
                .param("now", Rows.time(clock.instant()))
                .update();
    }

    private void checkBounds(ApiKeyRecord record) {
        String app = app(record);
        database.sql(ApiKeyStatements.COUNT_API_KEYS)
                .param("tenant", record.tenant().value())
                .param("user", user(record))
                .param("none", NO_APP)
                .param("app", app == null ? NO_APP : app)
                .param("now", Rows.time(clock.instant()))
                .query((row, n) -> {
                    ApiKeyBounds.check(record, row.getLong("of_account"), row.getLong("of_tenant"));
                    return record;
                })
                .single();
    }

    private static @Nullable String user(ApiKeyRecord record) {
        UserId user = record.user();
        return user == null ? null : user.value();
    }

    private static @Nullable String app(ApiKeyRecord record) {
        AppId app = record.app();
        return app == null ? null : app.value();
    }

    private static @Nullable String cut(@Nullable String creator) {
        return creator == null || creator.length() <= LONGEST_CREATOR ? creator : creator.substring(0, LONGEST_CREATOR);
    }

    Optional<ApiKeyRecord> find(TenantId tenant, ApiKeyId id) {
        return byId.get(
                tenant,
                new Named(tenant, id),
                () -> database.answer(() -> database.sql(ApiKeyStatements.API_KEY_BY_ID)
                        .param("tenant", tenant.value())
                        .param("id", id.value())
                        .query(ApiKeyTable::row)
                        .optional()));
    }

    Optional<ApiKeyRecord> find(String sha256) {
        Optional<ApiKeyRecord> remembered = remembered(sha256);
        if (remembered != null) {
            return remembered;
        }
        // everybody who uses a key asks for it anew after a change to its tenant: one of them does
        Flight flight = flights.get(Math.floorMod(sha256.hashCode(), FLIGHTS));
        return flight.get(() -> remembered(sha256), () -> load(sha256));
    }

    private @Nullable Optional<ApiKeyRecord> remembered(String sha256) {
        Known last = known.get(sha256);
        if (last == null || last.version() != versions.of(last.record().tenant())) {
            return null;
        }
        // while the database does not answer, a withdrawal elsewhere cannot be noticed: that is borne for a while only
        return poll.answeredWithin(staleIfError) ? Optional.of(last.record()) : null;
    }

    private Optional<ApiKeyRecord> load(String sha256) {
        // one that this process does not know the number of is loaded twice rather than remembered under a wrong one
        Optional<ApiKeyRecord> first = query(sha256);
        if (first.isEmpty()) {
            return first;
        }
        TenantId tenant = first.get().tenant();
        long version = versions.of(tenant);
        Optional<ApiKeyRecord> second = query(sha256);
        second.filter(record -> record.tenant().equals(tenant))
                .ifPresent(record -> known.put(sha256, new Known(record, version)));
        return second;
    }

    private Optional<ApiKeyRecord> query(String sha256) {
        return database.answer(() -> database.sql(ApiKeyStatements.API_KEY)
                .param("sha256", sha256)
                .query(ApiKeyTable::row)
                .optional());
    }

    boolean revoke(TenantId tenant, String id) {
        return changes.remove(
                tenant,
                () -> database.sql(ApiKeyStatements.REVOKE_API_KEY)
                                .param("tenant", tenant.value())
                                .param("id", id)
                                .param("now", Rows.time(clock.instant()))
                                .update()
                        > 0);
    }

    PageOf<ApiKeyRecord> list(TenantId tenant, @Nullable UserId of, Page page) {
        String after = page.after();
        ApiKeyPlace place = after == null ? START : ApiKeyPlace.read(after);
        List<ApiKeyRecord> found = database.answer(() -> {
            JdbcClient.StatementSpec statement = database.sql(
                            of == null ? ApiKeyStatements.API_KEYS : ApiKeyStatements.API_KEYS_OF_ACCOUNT)
                    .param("tenant", tenant.value())
                    .param("at", Rows.time(place.createdAt()))
                    .param("id", place.id())
                    .param("most", page.most() + 1);
            return (of == null ? statement : statement.param("user", of.value()))
                    .query(ApiKeyTable::row)
                    .list();
        });
        return PageOf.of(found, page.most(), ApiKeyPlace::of);
    }

    private static ApiKeyRecord row(ResultSet row, int n) throws SQLException {
        String user = Rows.textOrNull(row, "account_id");
        String app = Rows.textOrNull(row, "app_id");
        Optional<Role> role = Role.of(row.getString("role"));
        Optional<Scopes> scopes = scopes(row.getString("scopes"));
        Instant createdAt = Rows.time(row, "created_at");
        Instant revoked = Rows.timeOrNull(row, "revoked_at");
        // a key of a kind that this version does not know is not in force here
        boolean known = role.isPresent() && scopes.isPresent();
        return new ApiKeyRecord(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                Objects.requireNonNull(row.getString("name")),
                user == null ? null : new UserId(user),
                app == null ? null : new AppId(app),
                role.orElse(Role.DATASET_OPERATOR),
                scopes.orElse(Scopes.CALLS),
                Rows.textOrNull(row, "created_by"),
                createdAt,
                Rows.timeOrNull(row, "expires_at"),
                known || revoked != null ? revoked : createdAt);
    }

    private static Optional<Scopes> scopes(String stored) {
        try {
            return Optional.of(Scopes.of(List.of(stored.split(BETWEEN_SCOPES, -1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
