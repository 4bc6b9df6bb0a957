package io.bactrian.core.quota;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Accounts of one limit that nodes share, in memory, which fail as a database does: they are away, or go away while they
 * store something, and then it is there or not. One thread at a time.
 */
final class SharedAccounts implements QuotaLeases {

    private final TestTime time;
    private final Random random;
    private final Map<String, long[]> leases = new HashMap<>();
    private final Map<String, Instant> expiries = new HashMap<>();
    long used;
    int failingOneIn = Integer.MAX_VALUE;
    int failures;

    SharedAccounts(TestTime time, Random random) {
        this.time = time;
        this.random = random;
    }

    long leased() {
        return leases.values().stream().mapToLong(lease -> lease[0]).sum();
    }

    private <T> T answered(Supplier<T> work) {
        if (random.nextInt(failingOneIn) > 0) {
            return work.get();
        }
        failures++;
        boolean away = random.nextBoolean();
        if (!away && random.nextBoolean()) {
            work.get();
        }
        throw new UnavailableException(
                away ? ErrorCode.STORE_UNAVAILABLE : ErrorCode.STORE_OUTCOME_UNKNOWN, "made to fail");
    }

    @Override
    public Answer lease(Ask ask) {
        return answered(() -> {
            long left = Math.max(0, ask.limit().limit() - used - leased());
            if (left < ask.least()) {
                return new QuotaRefusal(ask.limit(), ask.least(), used, leased(), time.instant(), null);
            }
            long units = LeaseTerms.block(ask.least(), ask.wanted(), ask.limit().limit(), left, 10);
            String id = ask.current() != null && leases.containsKey(ask.current()) ? ask.current() : ask.fresh();
            leases.computeIfAbsent(id, made -> new long[1])[0] += units;
            expiries.put(id, time.instant().plus(ask.duration()));
            return new Granted(id, units, time.instant(), QuotaPeriod.Window.ALWAYS, left - units);
        });
    }

    @Override
    public List<Noted> report(List<Report> reports) {
        return answered(() -> {
            List<Noted> noted = new ArrayList<>();
            for (Report report : reports) {
                long[] lease = leases.get(report.lease());
                long gone = report.used() + report.returned();
                boolean known = lease != null && lease[0] >= gone;
                if (known) {
                    lease[0] -= gone;
                    used += report.used();
                    expiries.put(report.lease(), time.instant().plus(report.duration()));
                    if (report.last() && lease[0] == 0) {
                        leases.remove(report.lease());
                    }
                }
                noted.add(new Noted(known, used, Math.max(0, report.limit().limit() - used - leased())));
            }
            return noted;
        });
    }

    @Override
    public boolean raise(QuotaLimit ofLimit, Instant windowStart, int from, int to) {
        return true;
    }

    @Override
    public void reap() {
        List<String> expired = leases.keySet().stream()
                .filter(id -> expiries.get(id).isBefore(time.instant()))
                .toList();
        for (String id : expired) {
            used += leases.remove(id)[0];
        }
    }

    @Override
    public QuotaUsage usage(QuotaLimit ofLimit) {
        return new QuotaUsage(ofLimit, used, leased(), null);
    }
}
