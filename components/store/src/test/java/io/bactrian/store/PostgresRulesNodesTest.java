package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RatePermit;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.RequestId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Budgets and limits of tenants, set on one of two nodes on one database and kept by both. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresRulesNodesTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int THREADS = 3;

    private final PostgresServer server = PostgresServer.shared();
    private final StoreSettings settings = server.settings(server.database());
    private final AtomicLong ids = new AtomicLong();
    private final List<Node> nodes = new ArrayList<>();

    /** A process that has the database open. */
    private final class Node implements AutoCloseable {

        private final BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
        private final Budgets budgets = new Budgets(List.of(), RuleSource.of(store::version, store.budgets()));
        private final QuotaLedger ledger = store.quotas(Alarm.SILENT, System::nanoTime);
        private final LeasedRateLimiter limiter = LeasedRateLimiter.shared(
                List.of(),
                RuleSource.of(store::version, store.limits()),
                store.rateBlocks().orElseThrow(),
                UUID.randomUUID().toString(),
                System::nanoTime);

        /** Whether a call of one unit that some budget is for is let through. */
        boolean spends() {
            List<Charge> charges = budgets.of(ACME, null).stream()
                    .map(limit -> new Charge(limit, 1))
                    .toList();
            if (charges.isEmpty()) {
                return false;
            }
            ReservationKey key = new ReservationKey(new RequestId("r-" + ids.incrementAndGet()), 0);
            if (ledger.tryReserve(key, charges, Duration.ofMinutes(1)) instanceof Reservation call) {
                return ledger.settle(call, 1);
            }
            return false;
        }

        /** Spends what there is, until for a while nothing is let through. */
        long spendsAll() {
            long spent = 0;
            int refused = 0;
            while (refused < 50) {
                if (spends()) {
                    spent++;
                    refused = 0;
                } else {
                    refused++;
                    // others' reports are on their way
                    await().pollDelay(Duration.ofMillis(20)).until(() -> true);
                }
            }
            return spent;
        }

        List<Long> limits() {
            return budgets.of(ACME, null).stream().map(QuotaLimit::limit).toList();
        }

        /** A call that is let in; null if it is not. */
        @Nullable
        RatePermit call() {
            try {
                return limiter.acquire(
                        new RateSubject(ACME, null, null, null, null),
                        () -> 1,
                        Deadline.in(HOUR, System::nanoTime),
                        null);
            } catch (RateLimitedException e) {
                return null;
            }
        }

        @Override
        public void close() {
            ledger.close();
            limiter.close();
            store.close();
        }
    }

    @BeforeEach
    void open() {
        nodes.add(new Node());
        nodes.add(new Node());
        one().store.putTenant(new TenantRecord(ACME, "Acme", true));
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node one() {
        return nodes.get(0);
    }

    private Node two() {
        return nodes.get(1);
    }

    private static <R extends NamedRule> void put(RuleStore<R> store, R rule) {
        RuleRecord<R> read = store.rules(ACME).stream()
                .filter(known -> known.name().equals(rule.name()))
                .findFirst()
                .orElse(null);
        store.put(ACME, RuleRecord.of(rule, RuleAuthor.OPERATOR, null), read);
    }

    private void budget(long limit) {
        BudgetRule rule =
                BudgetFields.of(ACME, "b", Map.of("unit", "times", "limit", Long.toString(limit), "period", "total"));
        put(one().store.budgets(), rule);
        assertThat(one().limits()).as("in force at once where it was set").containsExactly(limit);
        await().atMost(SOON).until(() -> two().limits().equals(List.of(limit)));
    }

    private void limit(String resource, long amount) {
        RateLimitRule rule = LimitFields.of(ACME, "l", Map.of(resource, Long.toString(amount), "per", "1h"));
        put(one().store.limits(), rule);
        await().atMost(SOON)
                .until(() -> two().store.version(ACME) == one().store.version(ACME));
    }

    private long together(ToLongFunction<Node> work) throws InterruptedException {
        List<Long> results = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS * nodes.size(); i++) {
            Node node = nodes.get(i % nodes.size());
            Thread thread = new Thread(() -> results.add(work.applyAsLong(node)));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(results).as("every thread came to its end").hasSize(threads.size());
        return results.stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void keepToABudgetThatWasSetOnOneOfThem() throws InterruptedException {
        assertThat(two().spends()).isFalse();

        budget(500);

        assertThat(together(Node::spendsAll)).isEqualTo(500);
    }

    @Test
    void letNothingMoreThroughOnceABudgetIsLoweredBelowWhatIsUsed() throws InterruptedException {
        budget(100_000);
        // each keeps hundreds of units of its lease
        together(node -> {
            for (int i = 0; i < 100; i++) {
                assertThat(node.spends()).isTrue();
            }
            return 100;
        });

        budget(600);
        assertThat(together(node -> node.spends() ? 1 : 0)).isZero();
        assertThat(together(Node::spendsAll)).isZero();

        budget(650);
        assertThat(together(Node::spendsAll)).as("raised, at once").isEqualTo(50);
    }

    @Test
    void rememberWhatWasUsedOfABudgetThatIsRemovedAndMadeAnew() throws InterruptedException {
        budget(100);
        assertThat(together(Node::spendsAll)).isEqualTo(100);
        one().store.budgets().remove(ACME, one().store.budgets().rules(ACME).get(0));
        await().atMost(SOON).until(() -> two().limits().isEmpty());

        budget(130);

        assertThat(together(Node::spendsAll)).isEqualTo(30);
    }

    private long letsIn(Node node) {
        long in = 0;
        int refused = 0;
        while (refused < 20) {
            if (node.call() != null) {
                in++;
            } else {
                refused++;
                node.limiter.tend();
                await().pollDelay(Duration.ofMillis(30)).until(() -> true);
            }
        }
        return in;
    }

    @Test
    void keepToALimitThatWasSetOnOneOfThem() throws InterruptedException {
        limit("requests", 100);
        assertThat(together(this::letsIn)).isEqualTo(100);
        limit("requests", 60);
        assertThat(together(this::letsIn)).isZero();
        limit("requests", 130);
        assertThat(together(this::letsIn)).isEqualTo(30);
    }

    @Test
    void beginNoCallBeyondALimitOfCallsAtOnceThatIsLowered() throws InterruptedException {
        limit("concurrent", 40);
        List<RatePermit> open = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 16; i++) {
            open.add(Objects.requireNonNull(nodes.get(i % 2).call()));
        }

        limit("concurrent", 4);
        assertThat(together(this::letsIn)).as("sixteen are under way").isZero();
        for (int i = 0; i < 12; i++) {
            open.remove(0).close();
        }
        assertThat(together(this::letsIn)).as("four are").isZero();
        open.forEach(RatePermit::close);

        assertThat(together(this::letsIn)).isEqualTo(4);
    }

    @Test
    void tellOneOfSettingsFromOneOfTheSameNameThatATenantKeeps() {
        limit("requests", 5);
        LeasedRateLimiter ofSettings = LeasedRateLimiter.shared(
                one().store.limits().rules(ACME).get(0).rule().limits(),
                one().store.rateBlocks().orElseThrow(),
                "settings",
                System::nanoTime);
        RateSubject call = new RateSubject(ACME, null, null, null, null);
        for (int i = 0; i < 5; i++) {
            ofSettings.acquire(call, () -> 1, Deadline.in(HOUR, System::nanoTime), null);
        }
        ofSettings.close();

        assertThat(letsIn(one())).isEqualTo(5);
    }
}
