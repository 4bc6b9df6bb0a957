package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateBlocks;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.limit.RatePermit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Limits that nodes share on one PostgreSQL: under load, when one is killed, and when the database is away. */
@Execution(ExecutionMode.CONCURRENT)
class RateLimitNodesTest {

    private static final Instant START = Instant.parse("2026-03-02T10:11:12Z");

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.database();
    private final StoreSettings settings = server.settings(database);
    private final List<BactrianStore> stores = new ArrayList<>();
    private final AtomicLong time = new AtomicLong();

    @AfterEach
    void close() {
        stores.forEach(BactrianStore::close);
    }

    private BactrianStore store() {
        BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
        stores.add(store);
        return store;
    }

    private static RateLimit limit(RateResource resource, long amount, Duration per) {
        return new RateLimit(
                "house",
                RateSelector.each(),
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                resource,
                amount,
                per);
    }

    private static RateSubject app(TenantId tenant, String name) {
        return new RateSubject(tenant, new AppId(name), null, null, null);
    }

    private static RateLimiter node(RateBlocks blocks, RateLimit limit, LongSupplier clock) {
        return LeasedRateLimiter.shared(
                List.of(limit), blocks, UUID.randomUUID().toString(), clock);
    }

    /** A node whose clock, and whose idea of the database's, are set by hand. */
    private RateLimiter node(RateLimit limit) {
        RateBlocks blocks = store().rateBlocks(moment -> START.plusNanos(time.get()));
        return node(blocks, limit, time::get);
    }

    private RatePermit acquire(RateLimiter node, Duration deadline) {
        return node.acquire(app(ACME, "shop"), () -> 0, Deadline.in(deadline, time::get), null);
    }

    private int admitted(RateLimiter node) {
        int count = 0;
        try {
            while (true) {
                acquire(node, Duration.ofSeconds(30));
                count++;
            }
        } catch (RateLimitedException e) {
            return count;
        }
    }

    private void advance(Duration by) {
        time.addAndGet(by.toNanos());
    }

    /** When a call was let in: at some moment from the one to the other. */
    private record Admission(long after, long before) {}

    @Test
    @DisplayName("CONC-01, CONC-05: 64 threads on two nodes, by the clock: no span holds more")
    void holdsUnderLoadOnSeveralNodes() throws Exception {
        int amount = 400;
        Duration per = Duration.ofSeconds(1);
        RateLimit limit = limit(RateResource.REQUESTS, amount, per);
        List<RateLimiter> nodes = List.of(
                node(store().rateBlocks().orElseThrow(), limit, System::nanoTime),
                // another machine's clock counts from elsewhere
                node(store().rateBlocks().orElseThrow(), limit, () -> System.nanoTime() - Long.MAX_VALUE / 3));
        ConcurrentLinkedQueue<Admission> admissions = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        long begin = System.nanoTime();
        long end = begin + Duration.ofSeconds(5).toNanos();
        Together.run(64, () -> {
            RateLimiter mine = nodes.get(next.getAndIncrement() % nodes.size());
            while (System.nanoTime() - end < 0) {
                long after = System.nanoTime();
                try {
                    mine.acquire(app(ACME, "load"), () -> 0, Deadline.in(per), null);
                    admissions.add(new Admission(after, System.nanoTime()));
                } catch (RateLimitedException e) {
                    mine.tend();
                    Thread.onSpinWait();
                }
            }
            return null;
        });

        List<Admission> ordered = new ArrayList<>(admissions);
        ordered.sort(Comparator.comparingLong(Admission::before));
        for (int last = amount; last < ordered.size(); last++) {
            // these were let in within that time, if it is shorter than the limit's
            long soonest = Long.MAX_VALUE;
            for (int i = last - amount; i <= last; i++) {
                soonest = Math.min(soonest, ordered.get(i).after() - begin);
            }
            long span = ordered.get(last).before() - begin - soonest;
            assertThat(span).as("the time in which %s were let in", amount + 1).isGreaterThanOrEqualTo(per.toNanos());
        }
        // a machine that is busy with other things lets fewer in
        assertThat(ordered.size()).isGreaterThan(amount * 5 / 2);
    }

    @Test
    @DisplayName("CONC-01: two nodes, 64 threads, one span: never more than the limit, and at least nine tenths of it")
    void usesWhatThereIs() throws Exception {
        List<RateLimiter> nodes = new ArrayList<>();
        RateLimit limit = limit(RateResource.REQUESTS, 1_000, Duration.ofHours(1));
        for (int i = 0; i < 2; i++) {
            nodes.add(node(store().rateBlocks().orElseThrow(), limit, System::nanoTime));
        }
        for (int repetition = 0; repetition < 20; repetition++) {
            RateSubject subject = app(ACME, "app-" + repetition);
            AtomicInteger next = new AtomicInteger();
            AtomicInteger admitted = new AtomicInteger();
            Together.run(64, () -> {
                RateLimiter mine = nodes.get(next.getAndIncrement() % nodes.size());
                try {
                    while (true) {
                        mine.acquire(subject, () -> 0, Deadline.in(Duration.ofSeconds(30)), null);
                        admitted.incrementAndGet();
                    }
                } catch (RateLimitedException e) {
                    return null;
                }
            });
            assertThat(admitted.get()).isBetween(900, 1_000);
        }
    }

    @Test
    @DisplayName(
            "CRASH-01: the permits of a node that was killed are free when the last of its calls would have been over")
    void freesThePermitsOfANodeThatWasKilled() {
        RateLimit limit = limit(RateResource.CONCURRENT, 20, Duration.ZERO);
        RateLimiter killed = node(limit);
        RateLimiter other = node(limit);
        for (int i = 0; i < 20; i++) {
            acquire(killed, Duration.ofSeconds(60));
        }

        // nothing is heard of it any more
        assertThat(admitted(other)).isZero();
        advance(Duration.ofSeconds(64));
        assertThat(admitted(other))
                .as("its calls may go on, cut off from the others")
                .isZero();
        advance(Duration.ofSeconds(20));
        assertThat(admitted(other)).isEqualTo(20);
    }

    @Test
    void hasANodeGiveBackWhatItDoesNotNeed() {
        RateLimit limit = limit(RateResource.CONCURRENT, 32, Duration.ZERO);
        RateLimiter one = node(limit);
        RateLimiter other = node(limit);
        List<RatePermit> permits = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            permits.add(acquire(one, Duration.ofSeconds(60)));
        }
        assertThat(admitted(other)).isZero();

        permits.subList(0, 12).forEach(RatePermit::close);
        one.tend();
        advance(Duration.ofMillis(300));

        assertThat(admitted(other)).isEqualTo(12);
        assertThat(admitted(one)).isZero();
    }

    @Test
    void givesBackAllThatANodeHadWhenItStops() {
        RateLimit limit = limit(RateResource.REQUESTS, 640, Duration.ofHours(1));
        RateLimiter one = node(limit);
        acquire(one, Duration.ofSeconds(30));
        one.close();

        assertThat(admitted(node(limit))).isEqualTo(639);
    }

    @Test
    @DisplayName(
            "DB-01: while the database is away a node spends what it has, then refuses, and goes on when it is back")
    void refusesWhileTheDatabaseIsAway() throws Exception {
        RateLimit limit = limit(RateResource.REQUESTS, 640, Duration.ofHours(1));
        try (TcpProxy way = new TcpProxy(server.port())) {
            StoreSettings byProxy = StoreSettings.postgres(
                    PostgresServer.url("localhost", way.port(), database), PostgresServer.login(), settings.key());
            BactrianStore store = BactrianStore.open(byProxy, Clock.systemUTC());
            stores.add(store);
            RateLimiter node = node(store.rateBlocks().orElseThrow(), limit, System::nanoTime);
            node.acquire(app(ACME, "shop"), () -> 0, Deadline.in(Duration.ofSeconds(30)), null);

            way.refuse(true);
            way.cut();
            AtomicInteger more = new AtomicInteger();
            UnavailableException refused = catchThrowableOfType(UnavailableException.class, () -> {
                while (true) {
                    node.acquire(app(ACME, "shop"), () -> 0, Deadline.in(Duration.ofSeconds(30)), null);
                    more.incrementAndGet();
                }
            });
            assertThat(refused.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("'house'");
            assertThat(more.get()).isBetween(1, 20);

            way.refuse(false);
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(UnavailableException.class)
                    .until(() -> node.acquire(app(ACME, "shop"), () -> 0, Deadline.in(Duration.ofSeconds(30)), null)
                            != null);
        }
    }

    @Test
    void keepsNothingThatCountsNoMore() {
        BactrianStore store = store();
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        RateBlocks blocks = store.rateBlocks().orElseThrow();
        RateLimit requests = limit(RateResource.REQUESTS, 10, Duration.ofHours(1));
        RateLimit calls = limit(RateResource.CONCURRENT, 10, Duration.ZERO);
        LeasedRateLimiter node = LeasedRateLimiter.shared(List.of(requests, calls), blocks, "node", System::nanoTime);
        node.acquire(app(ACME, "shop"), () -> 0, Deadline.in(Duration.ofSeconds(30)), null);
        node.acquire(app(new TenantId("globex"), "shop"), () -> 0, Deadline.in(Duration.ofSeconds(30)), null);

        blocks.sweep();
        assertThat(rows("rate_limit_windows")).isEqualTo(4);
        assertThat(rows("rate_limit_permits")).isEqualTo(2);

        store.removeTenant(ACME);
        assertThat(rows("rate_limit_windows")).isEqualTo(2);
        server.burglar(database)
                .update("UPDATE rate_limit_windows SET expires_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");
        server.burglar(database)
                .update("UPDATE rate_limit_permits SET expires_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");
        blocks.sweep();
        assertThat(rows("rate_limit_windows")).isZero();
        assertThat(rows("rate_limit_permits")).isZero();
    }

    private long rows(String table) {
        Long count = server.burglar(database).queryForObject("SELECT COUNT(*) FROM " + table, Long.class);
        return count == null ? -1 : count;
    }

    @Test
    void sharesNothingWhereOnlyOneProcessHasTheDatabase() {
        try (BactrianStore store =
                BactrianStore.open(StoreSettings.inMemory("limits" + UUID.randomUUID()), Clock.systemUTC())) {
            assertThat(store.rateBlocks()).isEmpty();
        }
    }

    @Test
    void tellsApartWhatHasTheSameName() {
        RateLimiter hourly = node(limit(RateResource.REQUESTS, 5, Duration.ofHours(1)));
        RateLimiter daily = node(limit(RateResource.REQUESTS, 7, Duration.ofDays(1)));
        RateLimiter calls = node(limit(RateResource.CONCURRENT, 3, Duration.ZERO));

        assertThat(admitted(hourly)).isEqualTo(5);
        assertThat(admitted(daily)).isEqualTo(7);
        assertThat(admitted(calls)).isEqualTo(3);
        assertThatThrownBy(() -> acquire(hourly, Duration.ofSeconds(30))).isInstanceOf(RateLimitedException.class);
    }
}
