package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryQuotaLedgerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final TenantId ACME = new TenantId("acme");
    private static final QuotaPeriod.Unbounded EVER = new QuotaPeriod.Unbounded();
    private static final QuotaPeriod.Calendar DAY =
            new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.DAY, ZoneOffset.UTC);

    private final TestTime time = new TestTime("2026-03-02T10:00:00Z");
    private final List<String> alerts = new ArrayList<>();
    private final Alarm alarm = new Alarm(
            new QuotaAlerts() {
                @Override
                public void passed(QuotaLimit limit, int percent, long amount) {
                    alerts.add(percent + "% at " + amount);
                }

                @Override
                public void overrun(QuotaLimit limit, long excess) {
                    alerts.add("overrun " + excess);
                }
            },
            Alarm.USUAL);
    private final MemoryQuotaLedger ledger = new MemoryQuotaLedger(alarm, time, time::nanos);
    private final AtomicLong ids = new AtomicLong();

    private ReservationKey key() {
        return new ReservationKey(new RequestId("r-" + ids.incrementAndGet()), 0);
    }

    private static QuotaLimit budget(String name, long limit, QuotaPeriod period) {
        return new QuotaLimit(new QuotaAccount.Budget(ACME, null, name), QuotaUnit.TOKENS, limit, period);
    }

    private QuotaOutcome reserve(QuotaLimit limit, long amount) {
        return ledger.tryReserve(key(), List.of(new Charge(limit, amount)), MINUTE);
    }

    private Reservation reserved(QuotaLimit limit, long amount) {
        return ledger.reserve(key(), List.of(new Charge(limit, amount)), MINUTE);
    }

    private void use(QuotaLimit limit, long amount) {
        assertThat(ledger.settle(reserved(limit, amount), amount)).isTrue();
    }

    private List<Long> usage(QuotaLimit limit) {
        QuotaUsage usage = ledger.usage(limit);
        return List.of(usage.used(), usage.held());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 256})
    @DisplayName("CONC-01: of N callers at once exactly as many get in as the limit allows, a hundred times")
    void letsExactlyAsManyInAsTheLimitAllows(int callers) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            for (int round = 0; round < 100; round++) {
                QuotaLimit limit = budget("round-" + round, callers * 2L / 3, EVER);
                CyclicBarrier start = new CyclicBarrier(callers);
                List<Future<Boolean>> calls = new ArrayList<>();
                for (int i = 0; i < callers; i++) {
                    calls.add(pool.submit(() -> {
                        start.await(30, TimeUnit.SECONDS);
                        return reserve(limit, 1) instanceof Reservation;
                    }));
                }
                long successes = 0;
                for (Future<Boolean> call : calls) {
                    successes += call.get(30, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(successes).as("round %s", round).isEqualTo(limit.limit());
                assertThat(usage(limit)).containsExactly(0L, limit.limit());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName("CONC-02: the same key at once and again is one reservation and one charge")
    void chargesAKeyOnce() throws Exception {
        QuotaLimit limit = budget("b", 10, EVER);
        ReservationKey key = key();
        List<Charge> charges = List.of(new Charge(limit, 10));
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            CyclicBarrier start = new CyclicBarrier(16);
            List<Future<Reservation>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(pool.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return ledger.reserve(key, charges, MINUTE);
                }));
            }
            Reservation first = all.get(0).get();
            for (Future<Reservation> one : all) {
                assertThat(one.get()).isSameAs(first);
            }
            assertThat(usage(limit)).containsExactly(0L, 10L);

            assertThat(ledger.settle(first, 4)).isTrue();
            assertThat(ledger.tryReserve(key, charges, MINUTE)).isEqualTo(new QuotaOutcome.Repeated(first));
            assertThat(usage(limit)).containsExactly(4L, 0L);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void reservesAnewWhatWasReleasedOrRefused() {
        QuotaLimit limit = budget("b", 1, EVER);
        ReservationKey key = key();
        List<Charge> charges = List.of(new Charge(limit, 1));
        Reservation first = ledger.reserve(key, charges, MINUTE);
        ledger.release(first);

        Reservation second = ledger.reserve(key, charges, MINUTE);
        assertThat(second).isNotSameAs(first);

        ReservationKey other = key();
        assertThat(ledger.tryReserve(other, charges, MINUTE)).isInstanceOf(QuotaRefusal.class);
        ledger.release(second);
        assertThat(ledger.tryReserve(other, charges, MINUTE)).isInstanceOf(Reservation.class);
    }

    @Test
    @DisplayName("The first end counts: settled, released or expired, once and for all")
    void endsOnce() {
        QuotaLimit limit = budget("b", 100, EVER);
        Reservation settled = reserved(limit, 10);
        assertThat(ledger.settle(settled, 4)).isTrue();
        assertThat(ledger.settle(settled, 9)).isFalse();
        assertThat(ledger.release(settled)).isFalse();
        assertThat(usage(limit)).containsExactly(4L, 0L);

        Reservation released = reserved(limit, 10);
        assertThat(ledger.release(released)).isTrue();
        assertThat(ledger.release(released)).isFalse();
        assertThat(ledger.settle(released, 9)).isFalse();
        assertThat(usage(limit)).containsExactly(4L, 0L);

        Reservation forgotten = reserved(limit, 10);
        time.advance(MINUTE);
        assertThat(usage(limit)).as("nobody said that less was used").containsExactly(14L, 0L);
        assertThat(forgotten.state()).isEqualTo(Reservation.State.EXPIRED);
        assertThat(ledger.settle(forgotten, 1)).isFalse();
        assertThat(ledger.release(forgotten)).isFalse();
        assertThat(usage(limit)).containsExactly(14L, 0L);
    }

    @Test
    void reservesOfAllLimitsOrNone() {
        QuotaLimit wide = budget("wide", 100, EVER);
        QuotaLimit narrow = budget("narrow", 5, EVER);

        QuotaOutcome outcome = ledger.tryReserve(key(), List.of(new Charge(wide, 10), new Charge(narrow, 10)), MINUTE);

        assertThat(outcome).isInstanceOfSatisfying(QuotaRefusal.class, refusal -> assertThat(refusal.limit())
                .isEqualTo(narrow));
        assertThat(usage(wide)).containsExactly(0L, 0L);
        assertThatThrownBy(() -> ledger.tryReserve(key(), List.of(new Charge(wide, 1), new Charge(wide, 1)), MINUTE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName(
            "Callers of two limits in opposite order neither wait for each other nor take what the other could have had")
    void takesFromSeveralLimitsWithoutHarm() throws Exception {
        QuotaLimit one = budget("one", 1_000, EVER);
        QuotaLimit two = budget("two", 600, EVER);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        AtomicLong both = new AtomicLong();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean turned = i % 2 == 0;
                all.add(pool.submit(() -> {
                    List<Charge> charges = turned
                            ? List.of(new Charge(two, 1), new Charge(one, 1))
                            : List.of(new Charge(one, 1), new Charge(two, 1));
                    while (ledger.tryReserve(key(), charges, MINUTE) instanceof Reservation) {
                        both.incrementAndGet();
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(both).hasValue(600);
        assertThat(usage(one)).containsExactly(0L, 600L);
    }

    @Test
    void refusesWithTheAccountTheLimitTheUseAndTheTimeItResets() {
        QuotaLimit limit = new QuotaLimit(
                new QuotaAccount.Hosted(ACME, new ProviderId("openai"), "house", "paid"), QuotaUnit.TIMES, 2, DAY);
        use(limit, 1);
        reserved(limit, 1);

        RateLimitedException refused = catchThrowableOfType(RateLimitedException.class, () -> reserved(limit, 1));

        assertThat(refused.code()).isEqualTo(ErrorCode.PROVIDER_QUOTA_EXCEEDED);
        assertThat(refused)
                .hasMessageContainingAll(
                        "paid", "'acme'", "'openai'", "'house'", "2 times", "1 times are used", "2026-03-03T00:00:00Z");
        assertThat(refused.retryAfter()).contains(Duration.ofHours(14));
    }

    @Test
    void saysNoTimeWhereNothingComesBack() {
        QuotaLimit limit = budget("b", 5, EVER);

        assertThatThrownBy(() -> reserved(limit, 6))
                .isInstanceOfSatisfying(RateLimitedException.class, e -> assertThat(e.retryAfter())
                        .isEmpty());
    }

    @Test
    void chargesMoreThanReservedAsFarAsThereIsRoomAndTellsOfTheRest() {
        QuotaLimit limit = budget("b", 20, EVER);
        Reservation first = reserved(limit, 5);
        Reservation second = reserved(limit, 5);

        ledger.settle(first, 8);
        assertThat(usage(limit)).containsExactly(8L, 5L);

        ledger.settle(second, 50);
        assertThat(usage(limit)).containsExactly(20L, 0L);
        assertThat(alerts).contains("overrun 38");
    }

    @Test
    @DisplayName("CONC-04: a limit lowered below what is used refuses, and one raised allows again")
    void followsALimitThatChanges() {
        use(budget("b", 100, DAY), 60);

        assertThat(reserve(budget("b", 50, DAY), 1)).isInstanceOf(QuotaRefusal.class);
        assertThat(usage(budget("b", 50, DAY))).containsExactly(60L, 0L);
        assertThat(ledger.usage(budget("b", 50, DAY)).left()).isZero();
        assertThat(reserve(budget("b", 61, DAY), 1)).isInstanceOf(Reservation.class);
        assertThat(reserve(budget("b", 61, DAY), 1)).isInstanceOf(QuotaRefusal.class);
    }

    @Test
    @DisplayName("CONC-04: at 23:59:59.999 the day ends once, whatever the clock does then")
    void beginsADayOnce() {
        QuotaLimit limit = budget("b", 10, DAY);
        time.set("2026-03-02T23:59:59.999Z");
        Reservation ofTheOldDay = reserved(limit, 10);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);

        time.advance(Duration.ofMillis(1));
        Reservation ofTheNewDay = reserved(limit, 10);
        ledger.settle(ofTheOldDay, 1);
        assertThat(usage(limit))
                .as("what the old day has left is no concern of the new one")
                .containsExactly(0L, 10L);

        time.set("2026-03-02T23:59:59.998Z");
        assertThat(reserve(limit, 1)).as("the clock was set back").isInstanceOf(QuotaRefusal.class);
        time.set("2026-03-03T00:00:00.001Z");
        assertThat(reserve(limit, 1)).as("no second reset").isInstanceOf(QuotaRefusal.class);
        ledger.settle(ofTheNewDay, 10);
        assertThat(usage(limit)).containsExactly(10L, 0L);
    }

    @Test
    void letsGoOfWhatWasUsedARollingPeriodAgoAndNeverSooner() {
        QuotaLimit limit = budget("b", 10, new QuotaPeriod.Rolling(Duration.ofHours(1)));
        use(limit, 4);
        time.advance(Duration.ofMinutes(30));
        use(limit, 6);

        time.advance(Duration.ofMinutes(30).minusMillis(1));
        QuotaOutcome tooEarly = reserve(limit, 1);
        assertThat(tooEarly).isInstanceOf(QuotaRefusal.class);
        Instant told = ((QuotaRefusal) tooEarly).resetsAt();
        assertThat(told).isEqualTo("2026-03-02T11:01:00Z");

        time.set("2026-03-02T11:00:59.999Z");
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        time.set("2026-03-02T11:01:00Z");
        use(limit, 4);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        time.advance(Duration.ofHours(2));
        assertThat(usage(limit)).containsExactly(0L, 0L);
    }

    @Test
    void holdsAnOpenCallInARollingPeriodHoweverLongItTakes() {
        QuotaLimit limit = budget("b", 10, new QuotaPeriod.Rolling(Duration.ofSeconds(10)));
        Reservation slow = ledger.reserve(key(), List.of(new Charge(limit, 10)), Duration.ofHours(1));
        time.advance(Duration.ofMinutes(10));

        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        ledger.settle(slow, 7);
        assertThat(usage(limit)).containsExactly(7L, 0L);
        time.advance(Duration.ofSeconds(11));
        assertThat(usage(limit)).containsExactly(0L, 0L);
    }

    @Test
    void tellsOfEachThresholdOnceAndBeforeTheLimitRefuses() {
        QuotaLimit limit = budget("b", 10, DAY);
        use(limit, 7);
        assertThat(alerts).isEmpty();
        use(limit, 1);
        use(limit, 1);
        assertThat(alerts).containsExactly("80% at 8");
        Reservation last = reserved(limit, 1);
        assertThat(alerts).hasSize(1);

        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        assertThat(alerts).containsExactly("80% at 8", "100% at 10");
        ledger.settle(last, 1);
        reserve(limit, 1);
        assertThat(alerts).hasSize(2);

        time.advance(Duration.ofDays(1));
        use(limit, 10);
        assertThat(alerts).as("the next day").containsExactly("80% at 8", "100% at 10", "80% at 10", "100% at 10");
    }

    @Test
    void goesOnThoughAListenerFails() {
        MemoryQuotaLedger other = new MemoryQuotaLedger(
                new Alarm(
                        (limit, percent, amount) -> {
                            throw new IllegalStateException("no bell");
                        },
                        List.of(50)),
                time,
                time::nanos);
        QuotaLimit limit = budget("b", 2, EVER);
        Reservation reservation = other.reserve(key(), List.of(new Charge(limit, 1)), MINUTE);

        assertThat(other.settle(reservation, 1)).isTrue();
        assertThat(other.usage(limit).used()).isEqualTo(1);
    }

    @Test
    void keepsNothingOfWhatHasNoLimit() {
        QuotaLimit limit = budget("b", QuotaLimit.UNLIMITED, EVER);
        use(limit, Long.MAX_VALUE);
        use(limit, Long.MAX_VALUE);

        assertThat(usage(limit)).containsExactly(0L, 0L);
    }

    @Test
    @DisplayName("Amounts at the end of the range overflow nothing")
    void copesWithTheLargestNumbers() {
        QuotaLimit limit = budget("b", Long.MAX_VALUE, EVER);
        Reservation all = reserved(limit, Long.MAX_VALUE);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        ledger.settle(all, Long.MAX_VALUE);
        assertThat(usage(limit)).containsExactly(Long.MAX_VALUE, 0L);
        assertThat(alerts).hasSize(2);
    }

    @Test
    void tellsPeriodsOfTimeZonesApart() {
        time.set("2026-03-02T22:59:59.999Z");
        QuotaLimit berlin =
                budget("b", 1, new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.DAY, ZoneId.of("Europe/Berlin")));
        use(berlin, 1);
        assertThat(reserve(berlin, 1)).isInstanceOf(QuotaRefusal.class);
        time.set("2026-03-02T23:00:00Z");
        assertThat(reserve(berlin, 1)).isInstanceOf(Reservation.class);
    }
}
