package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaOutcome;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaRefusal;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every ledger of quotas has to do. A subclass gives an empty one before each test; there are the tenants {@code acme}
 * and {@code globex}, and the alerts go to {@link #alerts}.
 */
public abstract class QuotaLedgerContract {

    /** When a test begins. */
    protected static final String MONDAY = "2026-03-02T10:11:12.123Z";

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final QuotaPeriod EVER = new QuotaPeriod.Unbounded();
    private static final QuotaPeriod DAY = new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.DAY, ZoneOffset.UTC);

    private final AtomicLong ids = new AtomicLong();
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Takes the alerts of the ledger under test. */
    protected final QuotaAlerts alerts = (limit, percent, amount) -> told.add(percent + "%");

    /** For subclasses. */
    protected QuotaLedgerContract() {}

    /** The ledger under test. The same one through the whole of a test. */
    protected abstract QuotaLedger ledger();

    /** Lets time pass, that of the accounts and that of the ledger. */
    protected abstract void advance(Duration by);

    private ReservationKey key() {
        return new ReservationKey(new RequestId("r-" + ids.incrementAndGet()), 0);
    }

    private static QuotaLimit tokens(TenantId tenant, String name, long limit, QuotaPeriod period) {
        return new QuotaLimit(new QuotaAccount.Budget(tenant, null, name), QuotaUnit.TOKENS, limit, period);
    }

    private QuotaOutcome reserve(QuotaLimit limit, long amount) {
        return ledger().tryReserve(key(), List.of(new Charge(limit, amount)), MINUTE);
    }

    private Reservation reserved(QuotaLimit limit, long amount) {
        return ledger().reserve(key(), List.of(new Charge(limit, amount)), MINUTE);
    }

    private void use(QuotaLimit limit, long amount) {
        assertThat(ledger().settle(reserved(limit, amount), amount)).isTrue();
    }

    private long used(QuotaLimit limit) {
        return ledger().usage(limit).used();
    }

    @Test
    void chargesWhatWasUsedOfWhatWasReserved() {
        QuotaLimit limit = tokens(ACME, "b", 100, EVER);
        Reservation reservation = reserved(limit, 40);
        assertThat(used(limit)).isZero();

        assertThat(ledger().settle(reservation, 15)).isTrue();
        assertThat(ledger().settle(reservation, 30)).isFalse();
        assertThat(ledger().release(reservation)).isFalse();

        assertThat(used(limit)).isEqualTo(15);
        assertThat(reserve(limit, 86)).isInstanceOf(QuotaRefusal.class);
        assertThat(reserve(limit, 85)).isInstanceOf(Reservation.class);
    }

    @Test
    void givesBackWhatIsReleased() {
        QuotaLimit limit = tokens(ACME, "b", 100, EVER);
        Reservation all = reserved(limit, 100);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);

        assertThat(ledger().release(all)).isTrue();
        assertThat(ledger().settle(all, 5)).isFalse();

        assertThat(used(limit)).isZero();
        assertThat(reserve(limit, 100)).isInstanceOf(Reservation.class);
    }

    @Test
    @DisplayName("A reservation that nobody ends counts as used in full")
    void chargesInFullWhatNobodyEnds() {
        QuotaLimit limit = tokens(ACME, "b", 100, EVER);
        Reservation forgotten = reserved(limit, 30);
        advance(MINUTE.plusSeconds(2));

        assertThat(used(limit)).isEqualTo(30);
        assertThat(ledger().settle(forgotten, 1)).isFalse();
        assertThat(used(limit)).isEqualTo(30);
    }

    @Test
    void keepsAccountsApart() {
        List<QuotaLimit> all = List.of(
                tokens(ACME, "b", 10, EVER),
                tokens(GLOBEX, "b", 10, EVER),
                tokens(ACME, "c", 10, EVER),
                tokens(ACME, "b", 10, DAY),
                new QuotaLimit(new QuotaAccount.Budget(ACME, null, "b"), QuotaUnit.TIMES, 10, EVER),
                new QuotaLimit(new QuotaAccount.Budget(ACME, null, "b"), new QuotaUnit.Money("USD"), 10, EVER),
                new QuotaLimit(new QuotaAccount.Budget(ACME, null, "b"), new QuotaUnit.Money("EUR"), 10, EVER),
                new QuotaLimit(new QuotaAccount.Budget(ACME, new AppId("x"), "b"), QuotaUnit.TOKENS, 10, EVER),
                new QuotaLimit(
                        new QuotaAccount.Hosted(ACME, new ProviderId("openai"), "house", "paid"),
                        QuotaUnit.TOKENS,
                        10,
                        EVER),
                new QuotaLimit(
                        new QuotaAccount.Hosted(ACME, new ProviderId("openai"), "house", "trial"),
                        QuotaUnit.TOKENS,
                        10,
                        EVER));
        for (int i = 0; i < all.size(); i++) {
            use(all.get(i), i + 1);
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(used(all.get(i))).as(all.get(i).toString()).isEqualTo(i + 1);
        }
    }

    @Test
    void takesAnAppWhoseNameHoldsAnything() {
        QuotaLimit limit = new QuotaLimit(
                new QuotaAccount.Budget(ACME, new AppId("ä:'\";--\\ \ud83d\udc2a".repeat(16)), "b"),
                QuotaUnit.TIMES,
                2,
                EVER);
        use(limit, 1);

        assertThat(used(limit)).isEqualTo(1);
    }

    @Test
    void reservesOfAllLimitsOrNone() {
        QuotaLimit wide = tokens(ACME, "wide", 100, EVER);
        QuotaLimit narrow = tokens(ACME, "narrow", 5, EVER);

        QuotaOutcome outcome =
                ledger().tryReserve(key(), List.of(new Charge(wide, 100), new Charge(narrow, 6)), MINUTE);
        assertThat(outcome).isInstanceOf(QuotaRefusal.class);
        assertThat(((QuotaRefusal) outcome).limit()).isEqualTo(narrow);

        Reservation both = ledger().reserve(key(), List.of(new Charge(wide, 100), new Charge(narrow, 5)), MINUTE);
        ledger().settle(both, 99, 1);
        assertThat(List.of(used(wide), used(narrow))).containsExactly(99L, 1L);
    }

    @Test
    @DisplayName("CONC-02: the same key again, open or settled, is the same reservation")
    void chargesAKeyOnce() {
        QuotaLimit limit = tokens(ACME, "b", 100, EVER);
        ReservationKey key = key();
        List<Charge> charges = List.of(new Charge(limit, 60));
        Reservation first = ledger().reserve(key, charges, MINUTE);

        assertThat(ledger().tryReserve(key, charges, MINUTE)).isEqualTo(new QuotaOutcome.Repeated(first));
        ledger().settle(first, 50);
        assertThat(ledger().reserve(key, charges, MINUTE)).isSameAs(first);
        assertThat(used(limit)).isEqualTo(50);
    }

    @Test
    @DisplayName("CONC-01: callers at once get exactly what the limit allows")
    void letsExactlyAsManyInAsTheLimitAllows() throws Exception {
        for (int callers : new int[] {1, 2, 16, 64}) {
            for (int round = 0; round < 5; round++) {
                QuotaLimit limit = new QuotaLimit(
                        new QuotaAccount.Budget(ACME, null, "c" + callers + "-" + round),
                        QuotaUnit.TIMES,
                        Math.max(1, callers / 2),
                        EVER);
                List<Boolean> got = atOnce(callers, () -> reserve(limit, 1) instanceof Reservation);
                assertThat(got.stream().filter(each -> each).count())
                        .as("%s callers", callers)
                        .isEqualTo(Math.min(callers, limit.limit()));
            }
        }
    }

    /** Does the same in several threads at once. */
    protected static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(120, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName(
            "CONC-03: whatever order things happen in, sums are never negative, never above the limit, right in the end")
    void keepsItsSumsWhateverHappens() throws Exception {
        QuotaLimit limit = tokens(ACME, "many", 500, EVER);
        List<Long> used = atOnce(8, () -> {
            SplittableRandom random = new SplittableRandom(ids.incrementAndGet());
            long sum = 0;
            for (int i = 0; i < 60; i++) {
                if (reserve(limit, 1 + random.nextInt(20)) instanceof Reservation reservation) {
                    long actual = random.nextInt(3) == 0 ? 1 : 0;
                    boolean ended = random.nextBoolean()
                            ? ledger().settle(reservation, actual)
                            : actual == 0 && ledger().release(reservation) || ledger().settle(reservation, actual);
                    assertThat(ended).isTrue();
                    sum += actual;
                }
            }
            QuotaUsage usage = ledger().usage(limit);
            assertThat(usage.used()).isBetween(0L, 500L);
            assertThat(usage.used() + usage.held()).isBetween(0L, 500L);
            return sum;
        });

        long sum = used.stream().mapToLong(Long::longValue).sum();
        assertThat(used(limit)).isEqualTo(sum);
        assertThat(reserve(limit, 500 - sum + 1)).isInstanceOf(QuotaRefusal.class);
        assertThat(reserve(limit, 500 - sum)).isInstanceOf(Reservation.class);
    }

    @Test
    @DisplayName("CONC-04: a limit lowered below what is used refuses, one raised allows again")
    void followsALimitThatChanges() {
        use(tokens(ACME, "b", 100, EVER), 60);

        assertThat(reserve(tokens(ACME, "b", 50, EVER), 1)).isInstanceOf(QuotaRefusal.class);
        assertThat(ledger().usage(tokens(ACME, "b", 50, EVER)).left()).isZero();
        assertThat(used(tokens(ACME, "b", 61, EVER))).isEqualTo(60);
        assertThat(reserve(tokens(ACME, "b", 61, EVER), 1)).isInstanceOf(Reservation.class);
        assertThat(reserve(tokens(ACME, "b", 61, EVER), 1)).isInstanceOf(QuotaRefusal.class);
    }

    @Test
    @DisplayName("CONC-04: a day ends at midnight, and what was reserved before is no concern of the next one")
    void beginsAnewWithEachPeriod() {
        advance(Duration.between(Instant.parse(MONDAY), Instant.parse("2026-03-02T23:59:59.999Z")));
        QuotaLimit limit = tokens(ACME, "b", 10, DAY);
        Reservation old = reserved(limit, 10);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);

        advance(Duration.ofMillis(1));
        use(limit, 6);
        ledger().settle(old, 10);
        assertThat(used(limit)).isEqualTo(6);
        assertThat(reserve(limit, 5)).isInstanceOf(QuotaRefusal.class);
        assertThat(reserve(limit, 4)).isInstanceOf(Reservation.class);
    }

    @Test
    void letsGoOfWhatWasUsedARollingPeriodAgo() {
        QuotaLimit limit = tokens(ACME, "b", 10, new QuotaPeriod.Rolling(Duration.ofMinutes(30)));
        use(limit, 4);
        assertThat(used(limit)).isEqualTo(4);
        advance(Duration.ofMinutes(20));
        use(limit, 6);
        assertThat(used(limit)).isEqualTo(10);

        advance(Duration.ofMinutes(10));
        assertThat(reserve(limit, 1)).as("no sooner").isInstanceOf(QuotaRefusal.class);
        advance(Duration.ofSeconds(31));
        assertThat(used(limit)).isEqualTo(6);
        use(limit, 4);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        assertThat(used(limit)).isEqualTo(10);
        advance(Duration.ofMinutes(31));
        assertThat(used(limit)).isZero();
    }

    @Test
    void refusesWithTheAccountTheLimitTheUseAndTheTimeItResets() {
        QuotaLimit limit = new QuotaLimit(
                new QuotaAccount.Budget(ACME, new AppId("shop"), "team"), new QuotaUnit.Money("USD"), 1_500_000, DAY);
        use(limit, 1_000_000);
        used(limit);

        RateLimitedException refused = catchThrowableOfType(RateLimitedException.class, () -> reserved(limit, 600_000));

        assertThat(refused.code()).isEqualTo(ErrorCode.PROVIDER_QUOTA_EXCEEDED);
        assertThat(refused)
                .hasMessageContainingAll("'team'", "'acme'", "'shop'", "1.5 USD", "1 USD are used", "0.6 USD");
        Duration wait = refused.retryAfter().orElseThrow();
        assertThat(wait).isBetween(Duration.ofHours(13), Duration.ofHours(14));
    }

    @Test
    void tellsOfEachThresholdOnce() {
        QuotaLimit limit = tokens(ACME, "b", 10, EVER);
        use(limit, 7);
        used(limit);
        assertThat(told).isEmpty();
        use(limit, 1);
        used(limit);
        assertThat(told).containsExactly("80%");
        use(limit, 1);
        reserved(limit, 1);
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);

        assertThat(told).containsExactly("80%", "100%");
        assertThat(reserve(limit, 1)).isInstanceOf(QuotaRefusal.class);
        used(limit);
        assertThat(told).hasSize(2);
    }

    @Test
    void countsNothingOfWhatHasNoLimit() {
        QuotaLimit limit = tokens(ACME, "b", QuotaLimit.UNLIMITED, EVER);
        use(limit, Long.MAX_VALUE);

        assertThat(used(limit)).isZero();
        assertThat(ledger().usage(limit).left()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void copesWithTheLargestNumbers() {
        QuotaLimit limit = tokens(ACME, "b", Long.MAX_VALUE, EVER);
        use(limit, Long.MAX_VALUE - 1);

        assertThat(used(limit)).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(reserve(limit, 2)).isInstanceOf(QuotaRefusal.class);
        assertThat(reserve(limit, 1)).isInstanceOf(Reservation.class);
    }
}
