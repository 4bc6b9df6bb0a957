package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.limit.RateBlocks;
import io.bactrian.core.limit.RateKey;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.limit.RateWindow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code rate_limit_windows} and {@code rate_limit_permits}: what nodes share of limits. One row is locked for each thing that is
 * counted. Time is the database's, so that nodes whose clocks differ agree; it is that of the beginning of a transaction, which a
 * node that waited for the lock takes for its own to be earlier, and never later.
 */
final class RateLimitTables implements RateBlocks {

    private static final int ATTEMPTS = 5;
    private static final long NANOS = 1_000_000_000;

    private final Database database;
    private final UnaryOperator<Instant> time;

    /** @param time what a moment of the database's is taken for; itself, but for tests */
    RateLimitTables(Database database, UnaryOperator<Instant> time) {
        this.database = database;
        this.time = time;
    }

    private record Row(long slice, long[] used, Instant now) {}

    private record Lease(String node, int permits, Instant expiresAt) {}

    @Override
    public UnitsGranted take(RateKey key, UnitsWanted wanted) {
        String subject = subject(key);
        return database.write(() -> {
            Row row = locked(key, subject);
            RateWindow window = RateWindow.of(key.limit().per(), row.slice(), row.used());
            UnitsGranted granted =
                    window.takeShared(nanos(row.now()), key.limit().amount(), wanted);
            boolean changed = granted.units() > 0 || !wanted.corrections().isEmpty();
            if (changed) {
                of(RateLimitStatements.SET_WINDOW, key, subject)
                        .param("resource", key.limit().resource().text())
                        .param("slice", window.newest())
                        .param("used", window.used())
                        .param("expiresAt", Rows.time(row.now().plus(window.emptyAfter())))
                        .update();
            }
            return granted;
        });
    }

    @Override
    public PermitsGranted lease(RateKey key, String node, PermitsWanted wanted) {
        String subject = subject(key);
        return database.write(() -> {
            Instant now = locked(key, subject).now();
            List<Lease> leases = leases(key, subject, now);
            Optional<Lease> own =
                    leases.stream().filter(one -> one.node().equals(node)).findFirst();
            int others = leases.stream().mapToInt(Lease::permits).sum()
                    - own.map(Lease::permits).orElse(0);
            int free = (int) key.limit().amount() - others;
            if (free < wanted.need()) {
                return new PermitsGranted(0, soonest(leases, now));
            }
            // near the limit no more than what is needed: others may need some
            int permits = wanted.need() + Math.min(wanted.want() - wanted.need(), (free - wanted.need()) / 8);
            Instant until = now.plus(wanted.lasting());
            Instant lasting = own.map(Lease::expiresAt).filter(until::isBefore).orElse(until);
            set(key, subject, node, permits, lasting);
            of(RateLimitStatements.KEEP_WINDOW_UNTIL, key, subject)
                    .param("resource", key.limit().resource().text())
                    .param("expiresAt", Rows.time(lasting))
                    .update();
            return new PermitsGranted(permits, Duration.ZERO);
        });
    }

    private List<Lease> leases(RateKey key, String subject, Instant now) {
        return of(RateLimitStatements.PERMITS, key, subject)
                .param("now", Rows.time(now))
                .query((row, n) ->
                        new Lease(row.getString("node"), row.getInt("permits"), Rows.time(row, "expires_at")))
                .list();
    }

    private static Duration soonest(List<Lease> leases, Instant now) {
        return leases.stream()
                .map(lease -> Duration.between(now, lease.expiresAt()))
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private void set(RateKey key, String subject, String node, int permits, Instant expiresAt) {
        for (String statement : List.of(RateLimitStatements.SET_PERMITS, RateLimitStatements.ADD_PERMITS)) {
            int written = of(statement, key, subject)
                    .param("node", node)
                    .param("permits", permits)
                    .param("expiresAt", Rows.time(expiresAt))
                    .update();
            if (written > 0) {
                return;
            }
        }
    }

    @Override
    public void giveBack(RateKey key, String node, int keep) {
        String subject = subject(key);
        database.write(() -> {
            if (keep == 0) {
                return of(RateLimitStatements.REMOVE_PERMITS_OF_NODE, key, subject)
                        .param("node", node)
                        .update();
            }
            return of(RateLimitStatements.LOWER_PERMITS, key, subject)
                    .param("node", node)
                    .param("permits", keep)
                    .update();
        });
    }

    @Override
    public void sweep() {
        database.write(
                () -> database.sql(RateLimitStatements.REMOVE_EXPIRED_PERMITS).update());
        database.write(
                () -> database.sql(RateLimitStatements.REMOVE_EXPIRED_WINDOWS).update());
    }

    /** The row of what is counted, made if it is not there, and nobody else's until the end of the transaction. */
    private Row locked(RateKey key, String subject) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Row> row = of(RateLimitStatements.LOCK_WINDOW, key, subject)
                    .param("resource", key.limit().resource().text())
                    .query((found, n) -> row(found))
                    .optional();
            if (row.isPresent()) {
                return row.get();
            }
            // another node may add it first, or remove it in between
            of(RateLimitStatements.ADD_WINDOW, key, subject)
                    .param("resource", key.limit().resource().text())
                    .param("used", new long[RateWindow.COUNTED])
                    .update();
        }
        throw new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE, "others changed the same at the same time; try again");
    }

    private Row row(ResultSet found) throws SQLException {
        Long[] numbers = (Long[]) found.getArray("used").getArray();
        long[] used = new long[numbers.length];
        for (int i = 0; i < used.length; i++) {
            used[i] = numbers[i];
        }
        return new Row(found.getLong("slice"), used, time.apply(Rows.time(found, "present")));
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * NANOS + instant.getNano();
    }

    private JdbcClient.StatementSpec of(String statement, RateKey key, String subject) {
        return database.sql(statement)
                .param("tenant", key.subject().tenant().value())
                .param("limit", key.limit().name())
                .param("subject", subject);
    }

    /** Whom a limit tells apart, and its time: what was counted by slices of another is of no use. */
    private static String subject(RateKey key) {
        RateSubject subject = key.subject();
        RateLimit limit = key.limit();
        MessageDigest digest = sha256();
        add(digest, limit.resource() == RateResource.CONCURRENT ? "" : limit.per());
        add(digest, subject.app());
        add(digest, subject.provider());
        add(digest, subject.model());
        add(digest, subject.apiKey());
        if (key.kept()) {
            // one of settings may have the same name, and counts by itself
            add(digest, "kept");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** No two lists of parts give the same bytes: each part says how long it is. */
    private static void add(MessageDigest digest, @Nullable Object part) {
        byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
        digest.update((part == null ? "-" : bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
