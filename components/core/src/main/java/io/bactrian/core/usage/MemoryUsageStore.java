package io.bactrian.core.usage;

import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sums of usage that live in memory and are gone with the process: for whoever uses the library without a database. It keeps no
 * single records, and only so many sums: where new ones need the room, the oldest day goes; where that is the day itself, what has
 * no sum yet is added to the one called {@value #OTHER}.
 */
public final class MemoryUsageStore implements UsageStore {

    /** What there was no room for a sum of its own. */
    public static final String OTHER = "(other)";

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<LocalDate, Day> days = new TreeMap<>();
    private int size;

    /** @param most how many sums are kept, of all tenants, days and dimensions; a call of anything new adds four */
    public MemoryUsageStore(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("there is no room for a sum");
        }
        this.most = most;
    }

    private record Key(TenantId tenant, UsageDimension by, String key) {}

    private static final class Day {
        private final Map<Key, Sum> sums = new HashMap<>();
        private final Map<TenantId, Long> lost = new HashMap<>();
    }

    /** What calls of a day have used. */
    private static final class Sum {
        private long calls;
        private long failed;
        private long aborted;
        private long estimated;
        private TokenUsage tokens = TokenUsage.NONE;
        private final Map<String, BigDecimal> cost = new HashMap<>();

        private void add(UsageRecord record) {
            calls++;
            failed += record.outcome() instanceof UsageOutcome.Failed ? 1 : 0;
            aborted += record.outcome() == UsageOutcome.Ended.ABORTED ? 1 : 0;
            estimated += record.counted() == TokenCount.ESTIMATED ? 1 : 0;
            tokens = tokens.plus(record.tokens());
            Price price = record.price();
            if (price != null) {
                cost.merge(price.currency(), price.total(), BigDecimal::add);
            }
        }

        private void add(Sum other) {
            calls += other.calls;
            failed += other.failed;
            aborted += other.aborted;
            estimated += other.estimated;
            tokens = tokens.plus(other.tokens);
            other.cost.forEach((currency, amount) -> cost.merge(currency, amount, BigDecimal::add));
        }

        private UsageSum named(String key) {
            return new UsageSum(key, calls, failed, aborted, tokens, estimated, cost);
        }
    }

    /** Under what a record is summed up. */
    private static String key(UsageRecord record, UsageDimension by) {
        return switch (by) {
            case MODEL -> target(record.target());
            case APP -> record.app() == null ? "" : record.app().value();
            case USER -> record.user() == null ? "" : record.user().value();
            case DAY -> day(record.startedAt()).toString();
        };
    }

    private static String target(InvocationTarget target) {
        return target instanceof InvocationTarget.Model model
                ? model.provider() + "/" + model.model()
                : target.toString();
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public void append(List<UsageRecord> records, List<UsageLoss> losses) {
        lock.lock();
        try {
            for (UsageRecord record : records) {
                if (record.tenant() != null) {
                    add(record, record.tenant());
                }
            }
            for (UsageLoss loss : losses) {
                if (loss.tenant() != null) {
                    days.computeIfAbsent(day(loss.from()), date -> new Day())
                            .lost
                            .merge(loss.tenant(), loss.calls(), Long::sum);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(UsageRecord record, TenantId tenant) {
        for (UsageDimension by : UsageDimension.values()) {
            sum(day(record.startedAt()), new Key(tenant, by, key(record, by))).add(record);
        }
    }

    private Sum sum(LocalDate date, Key key) {
        Sum known = find(date, key);
        if (known != null) {
            return known;
        }
        while (size >= most && days.firstKey().isBefore(date)) {
            size -= days.remove(days.firstKey()).sums.size();
        }
        Key kept = size < most ? key : new Key(key.tenant(), key.by(), OTHER);
        Sum there = find(date, kept);
        if (there != null) {
            return there;
        }
        Sum made = new Sum();
        days.computeIfAbsent(date, day -> new Day()).sums.put(kept, made);
        size++;
        return made;
    }

    private @Nullable Sum find(LocalDate date, Key key) {
        return Optional.ofNullable(days.get(date)).map(day -> day.sums.get(key)).orElse(null);
    }

    @Override
    public UsageReport report(UsageQuery query) {
        lock.lock();
        try {
            Map<String, Sum> sums = new HashMap<>();
            long lost = 0;
            for (Day day : asked(query)) {
                lost += day.lost.getOrDefault(query.tenant(), 0L);
                day.sums.forEach((key, sum) -> {
                    if (key.tenant().equals(query.tenant()) && key.by() == query.by()) {
                        sums.computeIfAbsent(key.key(), name -> new Sum()).add(sum);
                    }
                });
            }
            List<UsageSum> named = new ArrayList<>();
            sums.forEach((key, sum) -> named.add(sum.named(key)));
            return UsageReport.of(query, named, lost);
        } finally {
            lock.unlock();
        }
    }

    private Iterable<Day> asked(UsageQuery query) {
        LocalDate until = query.until();
        return until == null
                ? days.tailMap(query.from(), true).values()
                : days.subMap(query.from(), true, until, false).values();
    }

    /** Removes the sums of whole days, whatever their number. */
    @Override
    public int removeBefore(Instant before, int number) {
        lock.lock();
        try {
            int removed = 0;
            LocalDate first = day(before);
            while (!days.isEmpty() && days.firstKey().isBefore(first)) {
                removed += days.remove(days.firstKey()).sums.size();
            }
            size -= removed;
            return Math.min(removed, number);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void removeTenant(TenantId tenant) {
        lock.lock();
        try {
            for (Day day : days.values()) {
                int before = day.sums.size();
                day.sums.keySet().removeIf(key -> key.tenant().equals(tenant));
                day.lost.remove(tenant);
                size -= before - day.sums.size();
            }
        } finally {
            lock.unlock();
        }
    }
}
