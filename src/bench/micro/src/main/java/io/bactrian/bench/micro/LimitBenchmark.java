package io.bactrian.bench.micro;

import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.limit.RatePermit;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Letting a call in by limits of requests, tokens and calls at once, and saying what it has used. */
@State(Scope.Benchmark)
public class LimitBenchmark {

    /** How many tenants call, each under limits of its own. */
    @Param({"1", "10000"})
    public int tenants;

    private RateLimiter limiter;
    private RateSubject[] subjects;
    private Deadline deadline;
    private int turn;

    /** Limits that nobody reaches. */
    @Setup
    public void setUp() {
        limiter = LeasedRateLimiter.inMemory(Rules.limits(), System::nanoTime);
        subjects = new RateSubject[tenants];
        for (int i = 0; i < tenants; i++) {
            subjects[i] = new RateSubject(new TenantId("t" + i), null, Scripted.PROVIDER, Scripted.MODEL, null);
        }
        deadline = Deadline.in(Duration.ofHours(1));
    }

    /** Gives back what is held. */
    @TearDown
    public void tearDown() {
        limiter.close();
    }

    /** Decides, settles and lets go. */
    @Benchmark
    public RatePermit decide() {
        turn = turn + 1 == tenants ? 0 : turn + 1;
        RatePermit permit = limiter.acquire(subjects[turn], () -> 4_200, deadline, null);
        permit.settle(285);
        permit.close();
        return permit;
    }
}
