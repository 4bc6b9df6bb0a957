package io.bactrian.store;

import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.testkit.contract.RateLimiterContract;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class MemoryRateLimiterContractTest extends RateLimiterContract {

    // as a clock that counts from anywhere does, it passes its greatest number
    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(2).toNanos());

    @Override
    protected List<RateLimiter> nodes(int number, List<RateLimit> limits) {
        return Collections.nCopies(number, LeasedRateLimiter.inMemory(limits, clock::get));
    }

    @Override
    protected void advance(Duration by) {
        clock.addAndGet(by.toNanos());
    }

    @Override
    protected long nanos() {
        return clock.get();
    }

    @Override
    protected int repetitions() {
        return 100;
    }
}
