package io.bactrian.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the contract of limiters does not say: how much is remembered, and what becomes of blocks that cannot be had. */
class LeasedRateLimiterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong clock = new AtomicLong();
    private final FailingBlocks blocks = new FailingBlocks();

    private static RateLimit limit(RateResource resource, long amount) {
        return new RateLimit(
                "house",
                RateSelector.each(),
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                resource,
                amount,
                resource == RateResource.CONCURRENT ? Duration.ZERO : MINUTE);
    }

    private static RateSubject app(String name) {
        return new RateSubject(new TenantId("acme"), new AppId(name), null, null, null);
    }

    private RatePermit acquire(RateLimiter limiter, String app, long tokens) {
        return limiter.acquire(app(app), () -> tokens, Deadline.in(MINUTE, clock::get), null);
    }

    private LeasedRateLimiter shared(RateResource resource, long amount) {
        return LeasedRateLimiter.shared(List.of(limit(resource, amount)), blocks, "node", clock::get);
    }

    /** Blocks of one window and any number of permits, with a database that is away at times. */
    private final class FailingBlocks implements RateBlocks {

        private final RateWindow window = RateWindow.empty(MINUTE, 0);
        private int permits;
        private @Nullable ErrorCode failure;
        private boolean doneAllTheSame;

        private void check() {
            ErrorCode code = failure;
            if (code != null) {
                throw new UnavailableException(code, "the database does not answer; try again");
            }
        }

        @Override
        public UnitsGranted take(RateKey key, UnitsWanted wanted) {
            if (failure != null && doneAllTheSame) {
                window.takeShared(clock.get(), key.limit().amount(), wanted);
            }
            check();
            return window.takeShared(clock.get(), key.limit().amount(), wanted);
        }

        @Override
        public PermitsGranted lease(RateKey key, String node, PermitsWanted wanted) {
            check();
            permits = wanted.want();
            return new PermitsGranted(permits, Duration.ZERO);
        }

        @Override
        public void giveBack(RateKey key, String node, int keep) {
            check();
            permits = keep;
        }

        @Override
        public void sweep() {
            // nothing is kept
        }

        private long free() {
            UnitsGranted granted = window.take(clock.get(), 1_000, new UnitsWanted(0, 1_000, List.of()), 1);
            window.take(
                    clock.get(),
                    1_000,
                    new UnitsWanted(0, 0, List.of(new Correction(granted.slice(), -granted.units()))),
                    1);
            return granted.units();
        }
    }

    @Test
    @DisplayName("MEM-03: what is not in use is forgotten, and what counts still is not")
    void remembersOnlyWhatIsInUse() {
        LeasedRateLimiter limiter = LeasedRateLimiter.inMemory(
                List.of(limit(RateResource.REQUESTS, 1), limit(RateResource.CONCURRENT, 1)), clock::get);
        RatePermit kept = acquire(limiter, "kept", 0);
        for (int minute = 0; minute < 50; minute++) {
            clock.addAndGet(Duration.ofMinutes(2).toNanos());
            for (int i = 0; i < 1_000; i++) {
                acquire(limiter, "app-" + minute + "-" + i, 0).close();
            }
        }

        assertThat(limiter.subjects()).isLessThan(6_100);
        assertThatThrownBy(() -> acquire(limiter, "app-49-0", 0)).isInstanceOf(RateLimitedException.class);
        kept.close();
    }

    @Test
    @DisplayName(
            "MEM-03: when all that can be remembered is in use, others are refused rather than let through uncounted")
    void refusesWhatItCannotCount() {
        LeasedRateLimiter limiter = LeasedRateLimiter.inMemory(
                List.of(limit(RateResource.REQUESTS, 1)), RuleSource.none(), clock::get, 100);
        for (int i = 0; i < 100; i++) {
            acquire(limiter, "app-" + i, 0);
        }

        assertThatThrownBy(() -> acquire(limiter, "one-more", 0))
                .isInstanceOfSatisfying(
                        UnavailableException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
                .hasMessageContaining("100");
        assertThatThrownBy(() -> acquire(limiter, "app-7", 0)).isInstanceOf(RateLimitedException.class);
        clock.addAndGet(Duration.ofMinutes(2).toNanos());
        acquire(limiter, "one-more", 0);
        assertThat(limiter.subjects()).isEqualTo(1);
    }

    @Test
    void spendsItsBlockWhileTheDatabaseIsAwayAndThenRefuses() {
        LeasedRateLimiter limiter = shared(RateResource.REQUESTS, 1_000);
        acquire(limiter, "shop", 0);
        blocks.failure = ErrorCode.STORE_UNAVAILABLE;
        int more = 0;
        UnavailableException refused = null;
        while (refused == null) {
            try {
                acquire(limiter, "shop", 0);
                more++;
            } catch (UnavailableException e) {
                refused = e;
            }
        }

        assertThat(more).isBetween(1, 125);
        assertThat(refused.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(refused).hasMessageContaining("'house'").hasMessageContaining("the database does not answer");
        blocks.failure = null;
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        acquire(limiter, "shop", 0);
    }

    @Test
    void keepsWhatIsLeftOfABlockThatCouldNotBeExchanged() {
        LeasedRateLimiter limiter = shared(RateResource.TOKENS, 1_000);
        // takes four times as much as it needs, if that is an eighth of what is free at most
        acquire(limiter, "shop", 20);
        blocks.failure = ErrorCode.STORE_UNAVAILABLE;
        assertThatThrownBy(() -> acquire(limiter, "shop", 500)).isInstanceOf(UnavailableException.class);

        acquire(limiter, "shop", 60);

        blocks.failure = null;
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        acquire(limiter, "shop", 920);
        assertThatThrownBy(() -> acquire(limiter, "shop", 1)).isInstanceOf(RateLimitedException.class);
    }

    @Test
    @DisplayName("DB-02: what may have been given back already is not given back again")
    void givesNothingBackTwice() {
        blocks.doneAllTheSame = true;
        LeasedRateLimiter limiter = shared(RateResource.TOKENS, 1_000);
        List<RatePermit> permits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            permits.add(acquire(limiter, "shop", 100));
        }
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        permits.get(0).settle(0);
        blocks.failure = ErrorCode.STORE_OUTCOME_UNKNOWN;
        limiter.tend();
        blocks.failure = null;
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        limiter.tend();

        assertThat(blocks.free()).isLessThanOrEqualTo(600);
    }

    @Test
    void tellsOthersWhatItDoesNotNeedOnceTheDatabaseIsBack() {
        LeasedRateLimiter limiter = shared(RateResource.TOKENS, 1_000);
        RatePermit permit = acquire(limiter, "shop", 800);
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        permit.settle(100);
        blocks.failure = ErrorCode.STORE_UNAVAILABLE;
        limiter.tend();
        assertThat(blocks.free()).isLessThan(300);

        blocks.failure = null;
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        limiter.tend();

        assertThat(blocks.free()).isEqualTo(900);
    }

    @Test
    void givesBackPermitsThatItDoesNotNeedAndAllOfThemAtTheEnd() {
        LeasedRateLimiter limiter = shared(RateResource.CONCURRENT, 160);
        RatePermit first = acquire(limiter, "shop", 0);
        RatePermit second = acquire(limiter, "shop", 0);
        assertThat(blocks.permits).isEqualTo(10);

        limiter.tend();
        assertThat(blocks.permits).isEqualTo(2);
        second.close();
        limiter.close();
        assertThat(blocks.permits).isEqualTo(1);
        first.close();
        limiter.close();
        assertThat(blocks.permits).isZero();
    }

    @Test
    void beginsNoCallThatLastsLongerThanItsLease() {
        LeasedRateLimiter limiter = shared(RateResource.CONCURRENT, 160);
        acquire(limiter, "shop", 0).close();
        blocks.failure = ErrorCode.STORE_UNAVAILABLE;
        // the lease lasts fifteen seconds longer than that call might have
        clock.addAndGet(Duration.ofSeconds(14).toNanos());
        acquire(limiter, "shop", 0).close();

        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThatThrownBy(() -> acquire(limiter, "shop", 0)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatThrownBy(() -> limit(RateResource.REQUESTS, 0)).hasMessageContaining("from 1 to");
        assertThatThrownBy(() -> limit(RateResource.CONCURRENT, 2_000_000)).hasMessageContaining("1000000");
        assertThatThrownBy(() -> new RateLimit(
                        "house",
                        RateSelector.any(),
                        RateSelector.any(),
                        RateSelector.any(),
                        RateSelector.any(),
                        RateSelector.any(),
                        RateResource.REQUESTS,
                        1,
                        MINUTE))
                .hasMessageContaining("each tenant's by itself");
    }
}
