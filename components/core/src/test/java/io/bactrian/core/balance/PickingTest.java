package io.bactrian.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.BalancingStrategy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is picked. */
class PickingTest {

    private final Bench bench = new Bench();

    private int[] picks(BalancingPool pool, int calls) {
        int[] counts = new int[pool.size()];
        for (int i = 0; i < calls; i++) {
            Attempt attempt = pool.begin(new BalancingPool.Tried(), 0).orElseThrow();
            counts[attempt.candidate()]++;
            attempt.succeeded();
        }
        return counts;
    }

    @Test
    void takesThemInTurn() {
        assertThat(picks(bench.pool(BalancingStrategy.ROUND_ROBIN, 1, 1, 1), 300))
                .containsExactly(100, 100, 100);
    }

    @Test
    void spreadsByWeightAsEvenlyAsCanBe() {
        int[] counts = picks(bench.pool(BalancingStrategy.WEIGHTED, 1, 2, 7), 10_000);

        assertThat(counts[0]).isBetween(990, 1_010);
        assertThat(counts[1]).isBetween(1_990, 2_010);
        assertThat(counts[2]).isBetween(6_990, 7_010);
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "WEIGHTED"})
    @DisplayName("CONC-07: under 64 threads the distribution is within three sigma and nothing is lost")
    void spreadsEvenlyUnderManyThreads(BalancingStrategy strategy) throws Exception {
        int size = 10;
        int threads = 64;
        int each = 2_000;
        BalancingPool pool =
                bench.pool(strategy, IntStream.generate(() -> 1).limit(size).toArray());
        AtomicIntegerArray counts = new AtomicIntegerArray(size);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(thread -> executor.submit(() -> {
                        start.await();
                        for (int i = 0; i < each; i++) {
                            Attempt attempt =
                                    pool.begin(new BalancingPool.Tried(), 0).orElseThrow();
                            counts.incrementAndGet(attempt.candidate());
                            attempt.succeeded();
                        }
                        return null;
                    }))
                    .toList();
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            executor.shutdownNow();
        }

        double expected = (double) threads * each / size;
        double threeSigma = 3 * Math.sqrt(threads * each * (1.0 / size) * (1 - 1.0 / size));
        for (int i = 0; i < size; i++) {
            assertThat((double) counts.get(i)).isBetween(expected - threeSigma, expected + threeSigma);
        }
        assertThat(pool.states().stream().mapToLong(CredentialState::requests).sum())
                .isEqualTo((long) threads * each);
        assertThat(pool.states()).extracting(CredentialState::inFlight).containsOnly(0);
    }

    @Test
    @DisplayName("CONC-07: the better of two, where all are alike, is anybody, within three sigma")
    void takesThoseWhoAreAlikeAlikeOften() {
        int size = 10;
        int calls = 100_000;
        BalancedCredential[] members = IntStream.range(0, size)
                .mapToObj(i -> new BalancedCredential(Bench.key(Bench.name(i)), Bench.name(i), 1, 1, i))
                .toArray(BalancedCredential[]::new);
        Slot[] slots = Arrays.stream(members)
                .map(member -> new Slot(member.key(), member.key(), new Health(), new Health()))
                .toArray(Slot[]::new);
        Picker picker = Picker.of(BalancingStrategy.POWER_OF_TWO, members, slots, new Random(20_261_128)::nextInt);
        int[] counts = new int[size];
        for (int i = 0; i < calls; i++) {
            counts[picker.next(i)]++;
        }

        double expected = (double) calls / size;
        double threeSigma = 3 * Math.sqrt(calls * (1.0 / size) * (1 - 1.0 / size));
        assertThat(Arrays.stream(counts).asDoubleStream().boxed())
                .allSatisfy(count -> assertThat(count).isBetween(expected - threeSigma, expected + threeSigma));
    }

    @Test
    void passesOverThoseWhoAreOutAndSharesTheirPartEvenly() {
        BalancingPool pool = bench.pool(BalancingStrategy.ROUND_ROBIN, 1, 1, 1, 1, 1);
        bench.fail(pool, 1, Bench.rateLimited(Duration.ofMinutes(5)));

        int[] counts = picks(pool, 4_000);

        assertThat(counts[1]).isZero();
        assertThat(Arrays.stream(counts).filter(count -> count > 0).toArray()).hasSize(4);
        for (int i : new int[] {0, 2, 3, 4}) {
            assertThat(counts[i]).isBetween(500, 1_700);
        }
    }

    @Test
    void findsTheOneOfAThousandThatIsLeft() {
        BalancingPool pool = bench.pool(
                BalancingStrategy.WEIGHTED,
                IntStream.generate(() -> 3).limit(1_000).toArray());
        for (int i = 0; i < 1_000; i++) {
            if (i != 617) {
                bench.fail(pool, i, Bench.rateLimited(Duration.ofMinutes(5)));
            }
        }

        assertThat(pool.begin(new BalancingPool.Tried(), 0).orElseThrow().candidate())
                .isEqualTo(617);
    }

    @Test
    void offersACallNobodyTwice() {
        BalancingPool pool = bench.pool(BalancingStrategy.POWER_OF_TWO, 1, 1, 1, 1);
        BalancingPool.Tried tried = new BalancingPool.Tried();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            Attempt attempt = pool.begin(tried, 0).orElseThrow();
            tried.add(attempt);
            seen.add(attempt.candidate());
        }

        assertThat(seen).hasSize(4);
        assertThat(pool.begin(tried, 0)).isEmpty();
    }

    @Test
    void keepsAConversationWithOneAsLongAsItIsThere() {
        List<BalancedCredential> members = IntStream.range(0, 8)
                .mapToObj(i -> new BalancedCredential(Bench.key(Bench.name(i)), Bench.name(i), 1, 1, i))
                .toList();
        BalancingPool pool = bench.manager.pool(members, BalancingStrategy.ROUND_ROBIN, true);
        int home = pool.begin(new BalancingPool.Tried(), 42).orElseThrow().candidate();
        for (int i = 0; i < 50; i++) {
            assertThat(pool.begin(new BalancingPool.Tried(), 42).orElseThrow().candidate())
                    .isEqualTo(home);
        }
        bench.fail(pool, home, Bench.rateLimited(Duration.ofSeconds(60)));
        int away = pool.begin(new BalancingPool.Tried(), 42).orElseThrow().candidate();
        assertThat(away).isNotEqualTo(home);
        assertThat(pool.begin(new BalancingPool.Tried(), 42).orElseThrow().candidate())
                .as("the same refuge each time")
                .isEqualTo(away);
        bench.pass(Duration.ofSeconds(61));
        Attempt back = pool.begin(new BalancingPool.Tried(), 42).orElseThrow();
        assertThat(back.candidate()).isEqualTo(home);
        back.succeeded();
        Set<Integer> homes = new HashSet<>();
        for (long conversation = 1; conversation < 200; conversation++) {
            homes.add(pool.begin(new BalancingPool.Tried(), conversation)
                    .orElseThrow()
                    .candidate());
        }
        assertThat(homes).as("conversations are spread").hasSize(8);
    }

    @Test
    @DisplayName("UP-08: one replica ten times as slow under load: its share drops, and comes back when it recovers")
    void takesLoadOffASlowOneAndGivesItBack() {
        BalancingPool pool = bench.pool(BalancingStrategy.POWER_OF_TWO, 1, 1, 1);
        Random random = new Random(7);

        double slowShare = share(pool, 2, 3_000, random, true);
        assertThat(slowShare).isLessThan(0.1);

        double share = share(pool, 2, 20_000, random, false);
        assertThat(share).as("after it has recovered").isGreaterThan(0.2);
    }

    /** Simulates a server with calls that arrive every 10 ms and take 50 ms, or 500 ms at the slow one. */
    private double share(BalancingPool pool, int slow, int calls, Random random, boolean isSlow) {
        record Running(Attempt attempt, long endsAt) {}
        List<Running> running = new java.util.ArrayList<>();
        int there = 0;
        for (int i = 0; i < calls; i++) {
            bench.pass(Duration.ofMillis(10));
            long now = bench.nanos.get();
            running.removeIf(one -> {
                boolean over = now - one.endsAt() >= 0;
                if (over) {
                    one.attempt().succeeded();
                }
                return over;
            });
            Attempt attempt = pool.begin(new BalancingPool.Tried(), 0).orElseThrow();
            boolean atSlow = attempt.candidate() == slow;
            there += atSlow && i >= calls / 2 ? 1 : 0;
            long millis = (atSlow && isSlow ? 500 : 50) + random.nextInt(10);
            running.add(new Running(attempt, now + Duration.ofMillis(millis).toNanos()));
        }
        running.forEach(one -> one.attempt().succeeded());
        return there / (calls / 2.0);
    }
}
