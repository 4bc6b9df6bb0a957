package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CONC-03: the ledger beside a model that is too simple to be wrong, step by step. */
class QuotaLedgerModelTest {

    private static final int SEEDS = 200;
    private static final int STEPS = 300;
    private static final Duration EXPIRY = Duration.ofSeconds(30);

    private final TestTime time = new TestTime("2026-03-02T23:50:00Z");
    private final MemoryQuotaLedger ledger = new MemoryQuotaLedger(Alarm.SILENT, time, time::nanos);

    /** Sums of one limit, by hour. */
    private static final class Model {
        private final List<long[]> open = new ArrayList<>();
        private final List<Reservation> reservations = new ArrayList<>();
        private long used;
        private long hour = -1;

        long held(long thisHour) {
            return open.stream()
                    .filter(each -> each[1] == thisHour)
                    .mapToLong(each -> each[0])
                    .sum();
        }

        void turn(long thisHour) {
            if (thisHour != hour) {
                hour = thisHour;
                used = 0;
            }
        }
    }

    @Test
    @DisplayName("CONC-03: whatever order things happen in, the sums are those of the model")
    void keepsTheSumsOfTheModel() {
        long refusals = 0;
        long expiries = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            long[] seen = play(new Random(seed), "seed-" + seed);
            refusals += seen[0];
            expiries += seen[1];
        }
        assertThat(refusals).as("refusals played").isGreaterThan(1_000);
        assertThat(expiries).as("expiries played").isGreaterThan(1_000);
    }

    private long[] play(Random random, String name) {
        Model model = new Model();
        long refusals = 0;
        long expiries = 0;
        long limit = 1 + random.nextInt(60);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> refusals += reserve(model, quota(name, limit), random.nextInt(12), step) ? 0 : 1;
                case 5, 6, 7 -> end(model, random, true);
                case 8 -> end(model, random, false);
                case 9 -> {
                    time.advance(Duration.ofMillis(random.nextInt(60_000)));
                    expiries += expire(model);
                }
                case 10 -> limit = random.nextInt(60);
                default -> time.advance(Duration.ofMillis(1));
            }
            expiries += expire(model);
            long thisHour = thisHour();
            model.turn(thisHour);
            QuotaUsage usage = ledger.usage(quota(name, limit));
            assertThat(List.of(usage.used(), usage.held()))
                    .as("%s, step %s", name, step)
                    .containsExactly(model.used, model.held(thisHour));
        }
        return new long[] {refusals, expiries};
    }

    private QuotaLimit quota(String name, long limit) {
        return new QuotaLimit(
                new QuotaAccount.Budget(new TenantId("acme"), null, name),
                QuotaUnit.TOKENS,
                limit,
                new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.HOUR, ZoneOffset.UTC));
    }

    private long thisHour() {
        return Math.floorDiv(time.millis(), Duration.ofHours(1).toMillis());
    }

    private boolean reserve(Model model, QuotaLimit limit, long amount, int step) {
        long thisHour = thisHour();
        expire(model);
        model.turn(thisHour);
        boolean fits = model.used + model.held(thisHour) + amount <= limit.limit();
        ReservationKey key =
                new ReservationKey(new RequestId(((QuotaAccount.Budget) limit.account()).name() + "/" + step), 0);
        QuotaOutcome outcome = ledger.tryReserve(key, List.of(new Charge(limit, amount)), EXPIRY);
        assertThat(outcome instanceof Reservation).as("%s of %s", amount, limit).isEqualTo(fits);
        if (outcome instanceof Reservation reservation) {
            model.open.add(new long[] {amount, thisHour, time.nanos() + EXPIRY.toNanos()});
            model.reservations.add(reservation);
        }
        return fits;
    }

    private void end(Model model, Random random, boolean settle) {
        if (model.open.isEmpty()) {
            return;
        }
        int which = random.nextInt(model.open.size());
        long[] one = model.open.remove(which);
        Reservation reservation = model.reservations.remove(which);
        model.turn(thisHour());
        long actual = one[0] == 0 ? 0 : random.nextInt((int) one[0] + 1);
        if (settle) {
            assertThat(ledger.settle(reservation, actual)).isTrue();
            model.used += one[1] == model.hour ? actual : 0;
        } else {
            assertThat(ledger.release(reservation)).isTrue();
        }
        assertThat(ledger.settle(reservation, 1)).isFalse();
        assertThat(ledger.release(reservation)).isFalse();
    }

    private int expire(Model model) {
        model.turn(thisHour());
        int expired = 0;
        // the ledger looks when it is asked for its sums
        ledger.usage(quota("nobody", 1));
        for (int i = model.open.size() - 1; i >= 0; i--) {
            long[] one = model.open.get(i);
            if (time.nanos() - one[2] >= 0) {
                model.open.remove(i);
                assertThat(model.reservations.remove(i).state()).isEqualTo(Reservation.State.EXPIRED);
                model.used += one[1] == model.hour ? one[0] : 0;
                expired++;
            }
        }
        return expired;
    }

    @Test
    @DisplayName(
            "CONC-03: many at once never bring the sums above the limit or below nothing, and leave nothing behind")
    void keepsTheLimitUnderThreads() throws Exception {
        QuotaLimit limit = quota("many", 50);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Long>> sums = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int seed = thread;
                sums.add(pool.submit(() -> work(new Random(seed), "t" + seed, limit)));
            }
            while (!sums.stream().allMatch(Future::isDone)) {
                QuotaUsage usage = ledger.usage(limit);
                assertThat(usage.used() + usage.held()).isBetween(0L, 50L);
                assertThat(usage.used()).isNotNegative();
                assertThat(usage.held()).isNotNegative();
            }
            long used = 0;
            for (Future<Long> sum : sums) {
                used += sum.get(30, TimeUnit.SECONDS);
            }
            assertThat(ledger.usage(limit))
                    .isEqualTo(new QuotaUsage(
                            limit,
                            used,
                            0,
                            limit.period().window(time.instant()).end()));
        } finally {
            pool.shutdownNow();
        }
    }

    private long work(Random random, String name, QuotaLimit limit) {
        long used = 0;
        for (int i = 0; i < 5_000; i++) {
            ReservationKey key = new ReservationKey(new RequestId(name), i);
            QuotaOutcome outcome =
                    ledger.tryReserve(key, List.of(new Charge(limit, 1 + random.nextInt(10))), Duration.ofHours(1));
            if (outcome instanceof Reservation reservation) {
                long actual = random.nextInt(100) == 0 ? 1 : 0;
                ledger.settle(reservation, actual);
                used += actual;
            }
        }
        return used;
    }
}
