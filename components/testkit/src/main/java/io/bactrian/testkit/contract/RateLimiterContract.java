package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.limit.RatePermit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every limiter of calls keeps to, on one node and on several, with a clock that is set by hand. */
public abstract class RateLimiterContract {

    /** Who calls, unless a test says otherwise. */
    protected static final RateSubject ACME = subject("acme", "shop", "key-1");

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SLICE = Duration.ofMillis(3_750);
    private static final LongSupplier ONE_TOKEN = () -> 1;
    private static final int SEED = 20_260_302;

    /** Limiters that share their limits; the same one several times where limits are a process's own. */
    protected abstract List<RateLimiter> nodes(int number, List<RateLimit> limits);

    /** Sets every clock forward. */
    protected abstract void advance(Duration by);

    /** The clock of the nodes. */
    protected abstract long nanos();

    /** How many times what is done by chance or by many is done. */
    protected int repetitions() {
        return 20;
    }

    /** A limit for each tenant. */
    protected static RateLimit limit(RateResource resource, long amount) {
        return limit("house", resource, amount, RateSelector.any(), RateSelector.any());
    }

    private static RateLimit limit(
            String name, RateResource resource, long amount, RateSelector<AppId> app, RateSelector<ApiKeyId> apiKey) {
        return new RateLimit(
                name,
                RateSelector.each(),
                app,
                RateSelector.any(),
                RateSelector.any(),
                apiKey,
                resource,
                amount,
                resource == RateResource.CONCURRENT ? Duration.ZERO : MINUTE);
    }

    /** A call of a model. */
    protected static RateSubject subject(String tenant, String app, @Nullable String key) {
        return new RateSubject(
                new TenantId(tenant),
                new AppId(app),
                new ProviderId("openai"),
                "gpt",
                key == null ? null : new ApiKeyId(key));
    }

    private Deadline deadline(Duration after) {
        return Deadline.in(after, this::nanos);
    }

    /** Lets a call in. */
    protected RatePermit acquire(RateLimiter limiter, RateSubject subject, long tokens) {
        return limiter.acquire(subject, () -> tokens, deadline(MINUTE), null);
    }

    private boolean admits(RateLimiter limiter, RateSubject subject) {
        try {
            acquire(limiter, subject, 1);
            return true;
        } catch (RateLimitedException e) {
            return false;
        }
    }

    private RateLimitedException refusal(RateLimiter limiter, RateSubject subject, long tokens) {
        RateLimitedException refused =
                catchThrowableOfType(RateLimitedException.class, () -> acquire(limiter, subject, tokens));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.retryAfter()).as("when to come back").isPresent();
        return refused;
    }

    private int admitted(RateLimiter limiter, RateSubject subject) {
        int count = 0;
        while (admits(limiter, subject)) {
            count++;
        }
        return count;
    }

    private static <T> List<T> together(int threads, Callable<T> work) throws InterruptedException {
        return Suites.together(threads, thread -> work);
    }

    private int admittedTogether(List<RateLimiter> nodes, int threads, RateSubject subject, int each) throws Exception {
        AtomicInteger next = new AtomicInteger();
        return together(threads, () -> {
                    RateLimiter mine = nodes.get(next.getAndIncrement() % nodes.size());
                    int count = 0;
                    for (int i = 0; i < each && admits(mine, subject); i++) {
                        count++;
                    }
                    return count;
                })
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    @DisplayName("CONC-01: of any number of callers at once as many are let in as the limit says, and then none")
    void letsInAsManyRequestsAsTheLimitSays() throws Exception {
        List<RateLimiter> nodes = nodes(2, List.of(limit(RateResource.REQUESTS, 100)));
        for (int repetition = 0; repetition < repetitions(); repetition++) {
            for (int threads : repetition % 20 == 0 ? List.of(1, 8, 64, 256) : List.of(1, 2, 16)) {
                RateSubject subject = subject("t" + repetition + "-" + threads, "shop", null);

                // one caller alone has one node's; the rest would have to come by the other
                int admitted = admittedTogether(nodes, threads, subject, 200);

                assertThat(admitted).as("%s callers", threads).isEqualTo(100);
                assertThat(admits(nodes.get(0), subject)).isFalse();
                assertThat(admits(nodes.get(1), subject)).isFalse();
            }
        }
    }

    @Test
    @DisplayName("CONC-01: never more calls at once than the limit says, and as many as that")
    void letsInAsManyCallsAtOnceAsTheLimitSays() throws Exception {
        List<RateLimiter> nodes = nodes(2, List.of(limit(RateResource.CONCURRENT, 50)));
        for (int repetition = 0; repetition < repetitions(); repetition++) {
            RateSubject subject = subject("t" + repetition, "shop", null);
            AtomicInteger under = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger next = new AtomicInteger();
            ConcurrentLinkedQueue<RatePermit> kept = new ConcurrentLinkedQueue<>();
            together(64, () -> {
                RateLimiter mine = nodes.get(next.getAndIncrement() % nodes.size());
                for (int i = 0; i < 40; i++) {
                    try {
                        RatePermit permit = acquire(mine, subject, 1);
                        most.accumulateAndGet(under.incrementAndGet(), Math::max);
                        if (i % 8 == 0) {
                            kept.add(permit);
                        } else {
                            under.decrementAndGet();
                            permit.close();
                        }
                    } catch (RateLimitedException e) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            });

            assertThat(most.get()).isLessThanOrEqualTo(50);
            // what one node holds and does not need the other gets
            nodes.forEach(RateLimiter::tend);
            nodes.forEach(RateLimiter::tend);
            advance(Duration.ofSeconds(1));
            int more = admitted(nodes.get(0), subject) + admitted(nodes.get(1), subject);
            assertThat(kept.size() + more).isBetween(45, 50);
        }
    }

    @Test
    @DisplayName("CONC-01: no span of the limit's length holds more, wherever it begins")
    void letsNoSpanHoldMoreThanTheLimitSays() {
        for (int repetition = 0; repetition < repetitions(); repetition++) {
            SplittableRandom random = new SplittableRandom(SEED + repetition);
            List<RateLimiter> nodes = nodes(2, List.of(limit(RateResource.REQUESTS, 40)));
            RateSubject subject = subject("span" + repetition, "shop", null);
            Deque<Long> span = new ArrayDeque<>();
            int all = 0;
            for (int step = 0; step < 400; step++) {
                advance(Duration.ofMillis(random.nextInt(step % 50 == 0 ? 90_000 : 2_000)));
                int burst = random.nextInt(10) == 0 ? 60 : random.nextInt(4);
                for (int i = 0; i < burst; i++) {
                    if (admits(nodes.get(random.nextInt(2)), subject)) {
                        all++;
                        span.addLast(nanos());
                    }
                }
                while (!span.isEmpty() && nanos() - span.peekFirst() >= MINUTE.toNanos()) {
                    span.removeFirst();
                }
                assertThat(span).as("seed %s, step %s", SEED + repetition, step).hasSizeLessThanOrEqualTo(40);
            }
            assertThat(all).as("let in altogether").isGreaterThan(100);
        }
    }

    @Test
    @DisplayName("CONC-05: what comes evenly for a minute and more gets the rate, and no more")
    void letsInWhatTheRateAllowsAndNoMore() {
        List<RateLimiter> nodes = nodes(2, List.of(limit(RateResource.REQUESTS, 600)));
        int admitted = 0;
        // five minutes, each of twice the rate
        for (int i = 0; i < 6_000; i++) {
            advance(Duration.ofMillis(50));
            if (admits(nodes.get(i % 2), ACME)) {
                admitted++;
            }
            if (i % 5 == 0) {
                nodes.forEach(RateLimiter::tend);
            }
        }

        assertThat(admitted).isLessThanOrEqualTo(5 * 600);
        assertThat(admitted).isGreaterThan(5 * 600 * 16 / 17 * 9 / 10);
    }

    @Test
    void saysWhichLimitItIsAndWhenToComeBack() {
        RateLimiter limiter = nodes(1, List.of(limit(RateResource.REQUESTS, 3))).get(0);
        admitted(limiter, ACME);
        advance(Duration.ofSeconds(5));

        RateLimitedException refused = refusal(limiter, ACME, 1);

        assertThat(refused)
                .hasMessageContaining("'house'")
                .hasMessageContaining("3 requests")
                .hasMessageContaining("acme");
        Duration comeBack = refused.retryAfter().orElseThrow();
        assertThat(comeBack).isBetween(MINUTE.minusSeconds(5), MINUTE.plus(SLICE));
        advance(comeBack);
        assertThat(admitted(limiter, ACME)).isEqualTo(3);
    }

    @Test
    void countsARefusedCallUnderNoneOfItsLimits() {
        RateLimiter limiter = nodes(
                        1,
                        List.of(
                                limit("requests", RateResource.REQUESTS, 10, RateSelector.any(), RateSelector.any()),
                                limit("tokens", RateResource.TOKENS, 100, RateSelector.any(), RateSelector.any()),
                                limit("calls", RateResource.CONCURRENT, 2, RateSelector.any(), RateSelector.any())))
                .get(0);
        RatePermit first = acquire(limiter, ACME, 10);
        RatePermit second = acquire(limiter, ACME, 10);

        for (int i = 0; i < 50; i++) {
            assertThat(refusal(limiter, ACME, 10)).hasMessageContaining("'calls'");
        }
        second.close();
        for (int i = 0; i < 50; i++) {
            assertThat(refusal(limiter, ACME, 90)).hasMessageContaining("'tokens'");
        }

        first.close();
        for (int i = 0; i < 8; i++) {
            acquire(limiter, ACME, 10).close();
        }
        assertThat(refusal(limiter, ACME, 1)).hasMessageContaining("'requests'");
    }

    @Test
    void tellsCallsApartAsTheLimitSays() {
        RateLimiter limiter = nodes(
                        1,
                        List.of(
                                limit("key", RateResource.REQUESTS, 2, RateSelector.any(), RateSelector.each()),
                                limit(
                                        "shop",
                                        RateResource.REQUESTS,
                                        3,
                                        RateSelector.only(new AppId("shop")),
                                        RateSelector.any())))
                .get(0);

        assertThat(admitted(limiter, subject("acme", "shop", "key-1"))).isEqualTo(2);
        assertThat(admitted(limiter, subject("acme", "shop", "key-2"))).isEqualTo(1);
        assertThat(admitted(limiter, subject("acme", "blog", "key-2"))).isEqualTo(1);
        assertThat(admitted(limiter, subject("globex", "shop", "key-1"))).isEqualTo(2);
        // a call without a key is nobody's of those limits
        for (int i = 0; i < 20; i++) {
            assertThat(admits(limiter, subject("acme", "blog", null))).isTrue();
        }
    }

    @Test
    void leavesToolsOutOfLimitsOfModels() {
        RateLimit models = new RateLimit(
                "models",
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.only(new ProviderId("openai")),
                RateSelector.each(),
                RateSelector.any(),
                RateResource.REQUESTS,
                1,
                MINUTE);
        RateLimiter limiter = nodes(1, List.of(models)).get(0);
        RateSubject tool = new RateSubject(new TenantId("acme"), new AppId("shop"), null, null, null);

        assertThat(admitted(limiter, ACME)).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            assertThat(limiter.acquire(tool, () -> 0, deadline(MINUTE), null)).isSameAs(RatePermit.NONE);
        }
    }

    @Test
    void givesBackTheTokensThatWereNotUsed() {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.TOKENS, 1_000))).get(0);
        List<RatePermit> permits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            permits.add(acquire(limiter, ACME, 100));
        }
        refusal(limiter, ACME, 1);

        permits.forEach(permit -> {
            permit.settle(30);
            permit.settle(0);
            permit.close();
        });

        acquire(limiter, ACME, 700);
        refusal(limiter, ACME, 1);
    }

    @Test
    void givesTokensBackToWhoeverSharesThem() {
        List<RateLimiter> nodes = nodes(2, List.of(limit(RateResource.TOKENS, 1_000)));
        acquire(nodes.get(0), ACME, 990).settle(90);
        nodes.get(0).tend();
        advance(SLICE);
        nodes.get(0).tend();

        acquire(nodes.get(1), ACME, 880);
        refusal(nodes.get(1), ACME, 50);
    }

    @Test
    void countsWhatWasUsedBeyondTheEstimateFromThenOn() {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.TOKENS, 1_000))).get(0);
        RatePermit permit = acquire(limiter, ACME, 100);
        advance(Duration.ofSeconds(30));

        permit.settle(1_500);

        refusal(limiter, ACME, 1);
        advance(Duration.ofSeconds(40));
        // the estimate is forgotten by now, the rest is not
        refusal(limiter, ACME, 1);
        advance(MINUTE);
        acquire(limiter, ACME, 1_000);
    }

    @Test
    void keepsTheEstimateOfACallOfWhichNothingIsSaid() {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.TOKENS, 1_000))).get(0);
        acquire(limiter, ACME, 900).close();

        refusal(limiter, ACME, 200);
        acquire(limiter, ACME, 100);
    }

    @Test
    void refusesForGoodWhatIsMoreThanTheWholeLimit() {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.TOKENS, 1_000))).get(0);

        assertThatThrownBy(() -> acquire(limiter, ACME, 1_001))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE))
                .hasMessageContaining("'house'")
                .hasMessageContaining("max_tokens");
        acquire(limiter, ACME, 1_000);
    }

    @Test
    void freesAPermitOnceHoweverOftenItIsClosed() throws Exception {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.CONCURRENT, 2))).get(0);
        RatePermit first = acquire(limiter, ACME, 1);
        acquire(limiter, ACME, 1);
        refusal(limiter, ACME, 1);

        together(16, () -> {
            first.close();
            return null;
        });

        assertThat(admitted(limiter, ACME)).isEqualTo(1);
    }

    @Test
    void freesThePermitOfACallThatShouldHaveEndedLongSince() {
        RateLimiter limiter =
                nodes(1, List.of(limit(RateResource.CONCURRENT, 1))).get(0);
        RatePermit lost = limiter.acquire(ACME, ONE_TOKEN, deadline(Duration.ofSeconds(30)), null);

        advance(Duration.ofSeconds(31));
        assertThat(admits(limiter, ACME)).as("a moment after its deadline").isFalse();
        advance(Duration.ofSeconds(5));
        RatePermit next = acquire(limiter, ACME, 1);

        // it comes back after all: the permit is somebody else's
        lost.close();
        assertThat(admits(limiter, ACME)).isFalse();
        next.close();
        assertThat(admits(limiter, ACME)).isTrue();
    }

    @Test
    void asksOnceForACallThatEntersAgain() {
        RateLimiter limiter = nodes(
                        1,
                        List.of(
                                limit("calls", RateResource.CONCURRENT, 1, RateSelector.any(), RateSelector.any()),
                                limit("app", RateResource.REQUESTS, 1, RateSelector.each(), RateSelector.any())))
                .get(0);
        RatePermit first = acquire(limiter, ACME, 1);
        RateSubject elsewhere = subject("acme", "blog", null);

        RatePermit again = limiter.acquire(ACME, ONE_TOKEN, deadline(MINUTE), first);
        assertThat(again).isSameAs(RatePermit.NONE);
        RatePermit more = limiter.acquire(elsewhere, ONE_TOKEN, deadline(MINUTE), first);
        assertThat(more).as("of the limit that it does not hold yet").isNotSameAs(RatePermit.NONE);
        assertThat(limiter.acquire(elsewhere, ONE_TOKEN, deadline(MINUTE), more))
                .isSameAs(RatePermit.NONE);

        more.close();
        assertThat(refusal(limiter, subject("acme", "other", null), 1)).hasMessageContaining("'calls'");
        first.close();
        assertThat(admits(limiter, subject("acme", "other", null))).isTrue();
    }

    @Test
    @DisplayName("CONC-03: whatever order calls are let in, settled, given up and forgotten in, the limit holds")
    void holdsUnderEveryOrderOfEvents() throws Exception {
        for (int repetition = 0; repetition < repetitions(); repetition++) {
            List<RateLimiter> nodes = nodes(
                    2,
                    List.of(
                            limit("tokens", RateResource.TOKENS, 10_000, RateSelector.any(), RateSelector.any()),
                            limit("calls", RateResource.CONCURRENT, 8, RateSelector.any(), RateSelector.any())));
            RateSubject subject = subject("order" + repetition, "shop", null);
            AtomicLong used = new AtomicLong();
            AtomicInteger under = new AtomicInteger();
            AtomicInteger seeds = new AtomicInteger(SEED + repetition);
            together(16, () -> {
                SplittableRandom random = new SplittableRandom(seeds.getAndIncrement());
                for (int i = 0; i < 100; i++) {
                    long estimate = 1 + random.nextInt(400);
                    try {
                        RatePermit permit = acquire(nodes.get(random.nextInt(2)), subject, estimate);
                        assertThat(under.incrementAndGet()).isLessThanOrEqualTo(8);
                        long real = random.nextInt((int) estimate + 1);
                        used.addAndGet(real);
                        permit.settle(real);
                        under.decrementAndGet();
                        permit.close();
                        permit.close();
                    } catch (RateLimitedException e) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            });

            assertThat(used.get()).as("seed %s", SEED + repetition).isLessThanOrEqualTo(10_000);
        }
    }
}
