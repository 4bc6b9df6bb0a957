package io.bactrian.store;

import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.testkit.contract.RateLimiterContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes with a store each, on one database. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresRateLimiterContractTest extends RateLimiterContract {

    private static final Instant START = Instant.parse("2026-03-02T10:11:12.123456Z");

    private final AtomicLong clock = new AtomicLong();
    private final List<BactrianStore> stores = new ArrayList<>();

    @BeforeEach
    void open() {
        PostgresServer server = PostgresServer.shared();
        StoreSettings settings = server.settings(server.database());
        for (int i = 0; i < 2; i++) {
            stores.add(BactrianStore.open(settings, Clock.systemUTC()));
        }
    }

    @AfterEach
    void close() {
        stores.forEach(BactrianStore::close);
    }

    @Override
    protected List<RateLimiter> nodes(int number, List<RateLimit> limits) {
        List<RateLimiter> nodes = new ArrayList<>();
        for (BactrianStore store : stores.subList(0, number)) {
            nodes.add(LeasedRateLimiter.shared(
                    limits,
                    store.rateBlocks(database -> START.plusNanos(clock.get())),
                    UUID.randomUUID().toString(),
                    clock::get));
        }
        return nodes;
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
        return 3;
    }
}
