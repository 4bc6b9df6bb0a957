package io.bactrian.store;

import io.bactrian.core.quota.LeaseTerms;
import io.bactrian.core.quota.QuotaLeases;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaRefusal;
import io.bactrian.core.quota.QuotaUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code quota_accounts}, {@code quota_leases} and {@code quota_parts}. Whoever changes an account holds its row's lock; each
 * change leaves the sum of what is used and what is leased where it was, makes it less, or is refused by the limit. The time
 * is the database's.
 */
final class QuotaTable implements QuotaLeases {

    /** How many expired leases are looked after at a time. */
    private static final int MOST_EXPIRED = 500;

    /** How long what was used in a period that is over can be looked up. */
    private static final Duration KEPT_FOR = Duration.ofDays(100);

    private final Database database;
    private final Supplier<Instant> time;
    private final String node;
    private final long share;

    /**
     * @param node whose leases these are
     * @param share which part of a limit is leased at most: one part in so many
     * @param time tells the time within a transaction; null for the database's own
     */
    QuotaTable(Database database, String node, long share, @Nullable Supplier<Instant> time) {
        this.database = database;
        this.node = node;
        this.share = share;
        this.time = time == null ? this::databaseTime : time;
    }

    private Instant databaseTime() {
        return database.sql(QuotaStatements.DATABASE_TIME)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** What is used of a limit, and leased. */
    private record Sums(long used, long leased) {

        long left(long limit) {
            return Math.max(0, limit - leased - used);
        }
    }

    @Override
    public Answer lease(Ask ask) {
        return database.write(() -> {
            Instant now = time.get();
            QuotaPeriod.Window window = ask.limit().period().window(now);
            QuotaRow row = QuotaRow.of(ask.limit(), window.start());
            Sums sums = lockedOrMade(row, window, ask.limit(), now);
            long limit = ask.limit().limit();
            long left = sums.left(limit);
            if (left < ask.least()) {
                return refusal(row, ask, sums, window, now);
            }
            long units = LeaseTerms.block(ask.least(), ask.wanted(), limit, left, share);
            int leased = row.bind(database.sql(QuotaStatements.LEASE_UNITS))
                    .param("units", units)
                    .param("limit", limit)
                    .update();
            if (leased == 0) {
                return refusal(row, ask, sums, window, now);
            }
            String lease = addToLease(row, ask, units, now);
            return new Granted(lease, units, now, window, left - units);
        });
    }

    private Sums lockedOrMade(QuotaRow row, QuotaPeriod.Window window, QuotaLimit limit, Instant now) {
        Optional<Sums> known = locked(row, now);
        if (known.isPresent()) {
            return known.get();
        }
        row.bind(database.sql(QuotaStatements.OPEN_ACCOUNT))
                .param("end", Rows.time(window.end()))
                .param("limit", limit.limit())
                .update();
        return locked(row, now).orElseGet(() -> new Sums(0, 0));
    }

    /** The sums of an account, whose row nobody else changes until the end of the transaction. */
    private Optional<Sums> locked(QuotaRow row, Instant now) {
        Optional<Sums> sums = row.bind(database.sql(QuotaStatements.LOCK_ACCOUNT))
                .query((result, n) -> new Sums(result.getLong("used"), result.getLong("leased")))
                .optional();
        Optional<QuotaPeriod.Rolling> rolling = row.rolling();
        return sums.isPresent() && rolling.isPresent()
                ? Optional.of(rolled(row, rolling.get(), sums.get(), now))
                : sums;
    }

    /** Lets go of what was used before a rolling period. */
    private Sums rolled(QuotaRow row, QuotaPeriod.Rolling period, Sums sums, Instant now) {
        long first = firstPart(period, now);
        long gone = row.bind(database.sql(QuotaStatements.SUM_OF_PARTS_BEFORE))
                .param("part", first)
                .query(Long.class)
                .single();
        if (gone == 0) {
            return sums;
        }
        row.bind(database.sql(QuotaStatements.REMOVE_PARTS_BEFORE))
                .param("part", first)
                .update();
        used(row, -gone, 0);
        return new Sums(sums.used() - gone, sums.leased());
    }

    private static long firstPart(QuotaPeriod.Rolling period, Instant now) {
        return period.part(now.toEpochMilli() - period.length().toMillis());
    }

    private void used(QuotaRow row, long used, long gone) {
        row.bind(database.sql(QuotaStatements.USE_UNITS))
                .param("used", used)
                .param("gone", gone)
                .update();
    }

    private QuotaRefusal refusal(QuotaRow row, Ask ask, Sums sums, QuotaPeriod.Window window, Instant now) {
        boolean never = ask.least() > ask.limit().limit();
        long needed = ask.least() - sums.left(ask.limit().limit());
        return new QuotaRefusal(
                ask.limit(),
                ask.least(),
                sums.used(),
                sums.leased(),
                now,
                never ? null : resetsAt(row, window, needed, now));
    }

    private @Nullable Instant resetsAt(QuotaRow row, QuotaPeriod.Window window, long needed, Instant now) {
        Optional<QuotaPeriod.Rolling> rolling = row.rolling();
        if (rolling.isEmpty()) {
            return window.end();
        }
        long freed = 0;
        for (Part part : parts(row, rolling.get(), now)) {
            freed += part.used();
            if (freed >= needed) {
                return Instant.ofEpochMilli(rolling.get().expiry(part.number()));
            }
        }
        return null;
    }

    private record Part(long number, long used) {}

    private List<Part> parts(QuotaRow row, QuotaPeriod.Rolling period, Instant now) {
        return row.bind(database.sql(QuotaStatements.PARTS))
                .param("part", firstPart(period, now))
                .query((result, n) -> new Part(result.getLong("part"), result.getLong("used")))
                .list();
    }

    /** Adds units to the node's lease, or makes one. */
    private String addToLease(QuotaRow row, Ask ask, long units, Instant now) {
        OffsetDateTime expires = Rows.time(now.plus(ask.duration()));
        String current = ask.current();
        if (current != null) {
            int there = row.bind(database.sql(QuotaStatements.ADD_TO_LEASE))
                    .param("id", current)
                    .param("units", units)
                    .param("expires", expires)
                    .update();
            if (there == 1) {
                return current;
            }
        }
        row.bind(database.sql(QuotaStatements.ADD_LEASE))
                .param("id", ask.fresh())
                .param("node", node)
                .param("units", units)
                .param("expires", expires)
                .update();
        return ask.fresh();
    }

    @Override
    public List<Noted> report(List<Report> reports) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(
                i -> QuotaRow.of(reports.get(i).limit(), reports.get(i).windowStart()), QuotaRow.ORDER));
        return database.write(() -> {
            Instant now = time.get();
            List<Noted> noted = new ArrayList<>(Collections.nCopies(reports.size(), new Noted(false, 0, 0)));
            for (int i : order) {
                noted.set(i, noted(reports.get(i), now));
            }
            return noted;
        });
    }

    private Noted noted(Report report, Instant now) {
        QuotaRow row = QuotaRow.of(report.limit(), report.windowStart());
        Optional<Sums> account = locked(row, now);
        long gone = report.used() + report.returned();
        if (account.isEmpty() || !spent(row, report, gone, now)) {
            return new Noted(false, 0, 0);
        }
        Sums sums = account.get();
        if (gone > 0) {
            used(row, report.used(), gone);
            addToPart(row, report.used(), now);
        }
        if (report.last()) {
            database.sql(QuotaStatements.REMOVE_SPENT_LEASE)
                    .param("tenant", row.tenant())
                    .param("id", report.lease())
                    .update();
        }
        Sums after = new Sums(sums.used() + report.used(), sums.leased() - gone);
        return new Noted(true, after.used(), after.left(report.limit().limit()));
    }

    private boolean spent(QuotaRow row, Report report, long gone, Instant now) {
        return database.sql(QuotaStatements.SPEND_LEASE)
                        .param("tenant", row.tenant())
                        .param("id", report.lease())
                        .param("gone", gone)
                        .param("used", report.used())
                        .param("expires", Rows.time(now.plus(report.duration())))
                        .update()
                == 1;
    }

    /** What is used now counts for as long as its part of a rolling period does. */
    private void addToPart(QuotaRow row, long used, Instant now) {
        Optional<QuotaPeriod.Rolling> rolling = row.rolling();
        if (rolling.isEmpty() || used == 0) {
            return;
        }
        long part = rolling.get().part(now.toEpochMilli());
        int there = row.bind(database.sql(QuotaStatements.ADD_TO_PART))
                .param("part", part)
                .param("used", used)
                .update();
        if (there == 0) {
            row.bind(database.sql(QuotaStatements.ADD_PART))
                    .param("part", part)
                    .param("used", used)
                    .update();
        }
    }

    @Override
    public boolean raise(QuotaLimit limit, Instant windowStart, int from, int to) {
        return database.write(() -> QuotaRow.of(limit, windowStart)
                        .bind(database.sql(QuotaStatements.RAISE_ALERT))
                        .param("from", from)
                        .param("to", to)
                        .update())
                == 1;
    }

    private record Expired(String id, QuotaRow row) {}

    @Override
    public void reap() {
        Instant now = database.answer(time);
        List<Expired> expired = database.answer(() -> database.sql(QuotaStatements.EXPIRED_LEASES)
                .param("now", Rows.time(now))
                .param("most", MOST_EXPIRED)
                .query((row, n) -> new Expired(row.getString("id"), QuotaRow.of(row)))
                .list());
        for (Expired one : expired) {
            database.write(() -> counted(one));
        }
        database.write(() -> database.sql(QuotaStatements.REMOVE_OLD_ACCOUNTS)
                .param("before", Rows.time(now.minus(KEPT_FOR)))
                .update());
    }

    /** Counts as used what is left of a lease, if its node has not been heard of meanwhile. */
    private boolean counted(Expired expired) {
        Instant now = time.get();
        locked(expired.row(), now);
        Optional<Long> amount = database.sql(QuotaStatements.EXPIRED_LEASE)
                .param("tenant", expired.row().tenant())
                .param("id", expired.id())
                .param("now", Rows.time(now))
                .query(Long.class)
                .optional();
        if (amount.isEmpty()) {
            return false;
        }
        database.sql(QuotaStatements.REMOVE_LEASE)
                .param("tenant", expired.row().tenant())
                .param("id", expired.id())
                .update();
        if (amount.get() > 0) {
            used(expired.row(), amount.get(), amount.get());
            addToPart(expired.row(), amount.get(), now);
        }
        return true;
    }

    @Override
    public QuotaUsage usage(QuotaLimit limit) {
        return database.read(() -> {
            Instant now = time.get();
            QuotaPeriod.Window window = limit.period().window(now);
            QuotaRow row = QuotaRow.of(limit, window.start());
            Sums sums = row.bind(database.sql(QuotaStatements.ACCOUNT))
                    .query((result, n) -> new Sums(result.getLong("used"), result.getLong("leased")))
                    .optional()
                    .orElseGet(() -> new Sums(0, 0));
            Optional<QuotaPeriod.Rolling> rolling = row.rolling();
            long used = rolling.isEmpty()
                    ? sums.used()
                    : parts(row, rolling.get(), now).stream()
                            .mapToLong(Part::used)
                            .sum();
            return new QuotaUsage(limit, used, sums.leased(), resetsAt(row, window, 1, now));
        });
    }
}
