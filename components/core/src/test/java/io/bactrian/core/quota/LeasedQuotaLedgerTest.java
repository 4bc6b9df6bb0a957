package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nodes that share accounts, one step after the other, with everything that can go wrong in between. */
class LeasedQuotaLedgerTest {

    private static final LeaseTerms TERMS =
            new LeaseTerms(Duration.ofHours(8), Duration.ofHours(2), 10, Duration.ofHours(5));

    private final TestTime time = new TestTime("2026-03-02T10:00:00Z");
    private long ids;

    private static QuotaLimit limit(long limit) {
        return new QuotaLimit(
                new QuotaAccount.Budget(new TenantId("acme"), null, "b"),
                QuotaUnit.TOKENS,
                limit,
                new QuotaPeriod.Unbounded());
    }

    private LeasedQuotaLedger node(SharedAccounts accounts) {
        return LeasedQuotaLedger.byHand(accounts, TERMS, Alarm.SILENT, time::nanos, () -> "lease-" + ++ids);
    }

    private ReservationKey key() {
        return new ReservationKey(new RequestId("r-" + ++ids), 0);
    }

    /** Some nodes, what they have really used, and what is open on them. */
    private final class World {

        private final Random random;
        private final SharedAccounts accounts;
        private long most;
        // what was used, and might be, when the limit was lowered below it: no more is let through
        private long already;
        private long alreadyLeased;
        private final List<LeasedQuotaLedger> nodes = new ArrayList<>();
        private final List<List<Reservation>> open = new ArrayList<>();
        private long used;
        private long refusals;
        private long outages;

        World(long seed) {
            this.random = new Random(seed);
            this.most = 50 + random.nextInt(500);
            this.accounts = new SharedAccounts(time, random);
            for (int i = 0; i < 3; i++) {
                nodes.add(node(accounts));
                open.add(new ArrayList<>());
            }
        }

        void step() {
            int which = random.nextInt(nodes.size());
            switch (random.nextInt(21)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> reserve(which, 1 + random.nextInt(9));
                case 8, 9, 10, 11, 12, 13 -> end(which);
                case 14, 15, 16 -> report(which);
                case 17 -> time.advance(Duration.ofMinutes(random.nextInt(300)));
                case 18 -> accounts.reap();
                case 19 -> set(50 + random.nextInt(500));
                default -> die(which);
            }
            assertThat(accounts.used + accounts.leased()).isLessThanOrEqualTo(Math.max(most, alreadyLeased));
            assertThat(used + held())
                    .as("what is used, and may be used still")
                    .isLessThanOrEqualTo(Math.max(most, already));
        }

        private void set(long limit) {
            most = limit;
            already = used + held();
            alreadyLeased = accounts.used + accounts.leased();
        }

        private long held() {
            return open.stream()
                    .flatMap(List::stream)
                    .mapToLong(each -> each.charges().get(0).amount())
                    .sum();
        }

        private void reserve(int which, long amount) {
            try {
                QuotaOutcome outcome = nodes.get(which)
                        .tryReserve(key(), List.of(new Charge(limit(most), amount)), Duration.ofDays(30));
                if (outcome instanceof Reservation reservation) {
                    open.get(which).add(reservation);
                } else {
                    refusals++;
                }
            } catch (UnavailableException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                outages++;
            }
        }

        private void end(int which) {
            List<Reservation> mine = open.get(which);
            if (mine.isEmpty()) {
                return;
            }
            Reservation one = mine.remove(random.nextInt(mine.size()));
            long actual = random.nextInt((int) one.charges().get(0).amount() + 1);
            used += actual;
            assertThat(nodes.get(which).settle(one, actual)).isTrue();
        }

        private void report(int which) {
            try {
                nodes.get(which).reportAll();
            } catch (UnavailableException e) {
                outages++;
            }
        }

        /** What was open has been sent to a provider, and may all have been used. */
        private void die(int which) {
            if (random.nextInt(4) > 0) {
                return;
            }
            for (Reservation one : open.get(which)) {
                used += one.charges().get(0).amount();
            }
            open.get(which).clear();
            nodes.set(which, node(accounts));
        }
    }

    @Test
    @DisplayName("CRASH-01: nodes that die and accounts that fail in every way: the limit is never passed")
    void keepsTheLimitWhateverFails() {
        long refusals = 0;
        long outages = 0;
        long failures = 0;
        for (int seed = 0; seed < 150; seed++) {
            World world = new World(seed);
            world.accounts.failingOneIn = seed % 3 == 0 ? Integer.MAX_VALUE : 6;
            for (int step = 0; step < 400; step++) {
                world.step();
            }
            refusals += world.refusals;
            outages += world.outages;
            failures += world.accounts.failures;
            assertThat(world.accounts.used + world.accounts.leased())
                    .as("nothing that was used is forgotten, seed %s", seed)
                    .isGreaterThanOrEqualTo(world.used);
        }
        assertThat(List.of(refusals, outages, failures))
                .allSatisfy(each -> assertThat(each).isGreaterThan(1_000));
    }

    @Test
    void usesAllOfALimitWhereNothingFails() {
        SharedAccounts accounts = new SharedAccounts(time, new Random(1));
        LeasedQuotaLedger one = node(accounts);
        LeasedQuotaLedger two = node(accounts);
        long got = 0;
        boolean more = true;
        while (more) {
            more = false;
            for (LeasedQuotaLedger node : List.of(one, two)) {
                if (node.tryReserve(key(), List.of(new Charge(limit(1_000), 7)), Duration.ofDays(1))
                        instanceof Reservation reservation) {
                    node.settle(reservation, 5);
                    got += 5;
                    more = true;
                }
            }
            one.reportAll();
            two.reportAll();
        }
        assertThat(got).as("less than what a call needs is left").isBetween(994L, 1_000L);
        assertThat(accounts.used).isEqualTo(got);
        assertThat(accounts.leased()).isZero();
    }

    @Test
    void letsThroughWhoAsksWhileWhatIsMissingGoesBack() throws Exception {
        SharedAccounts accounts = new SharedAccounts(time, new Random(1));
        CompletableFuture<Void> refused = new CompletableFuture<>();
        CompletableFuture<Boolean> other = new CompletableFuture<>();
        AtomicReference<LeasedQuotaLedger> node = new AtomicReference<>();
        QuotaLeases slow =
                new SlowToNote(accounts, refused, () -> other.completeAsync(() -> reserved(node.get(), 10, 6)));
        node.set(LeasedQuotaLedger.byHand(slow, TERMS, Alarm.SILENT, time::nanos, () -> "lease-" + ++ids));
        Reservation reservation =
                (Reservation) node.get().tryReserve(key(), List.of(new Charge(limit(10), 10)), Duration.ofDays(1));
        node.get().settle(reservation, 4);

        node.get().reportAll();

        assertThat(other.get(60, TimeUnit.SECONDS)).as("six of ten are left").isTrue();
    }

    /** Accounts that note what comes back only once somebody was refused because it was not there yet. */
    private record SlowToNote(SharedAccounts accounts, CompletableFuture<Void> refused, Runnable other)
            implements QuotaLeases {

        @Override
        public Answer lease(Ask ask) {
            Answer answer = accounts.lease(ask);
            if (answer instanceof QuotaRefusal) {
                refused.complete(null);
            }
            return answer;
        }

        @Override
        public List<Noted> report(List<Report> reports) {
            if (!refused.isDone()) {
                other.run();
                refused.join();
            }
            return accounts.report(reports);
        }

        @Override
        public boolean raise(QuotaLimit ofLimit, Instant windowStart, int from, int to) {
            return true;
        }

        @Override
        public void reap() {
            accounts.reap();
        }

        @Override
        public QuotaUsage usage(QuotaLimit ofLimit) {
            return accounts.usage(ofLimit);
        }
    }

    @Test
    void letsNothingMoreThroughOnceALimitIsLoweredBelowWhatIsUsed() {
        SharedAccounts accounts = new SharedAccounts(time, new Random(1));
        LeasedQuotaLedger one = node(accounts);
        LeasedQuotaLedger two = node(accounts);
        for (LeasedQuotaLedger node : List.of(one, two)) {
            // leaves ninety units of its lease
            assertThat(reserved(node, 1_000, 10)).isTrue();
        }

        for (LeasedQuotaLedger node : List.of(one, two)) {
            assertThat(reserved(node, 15, 1)).isFalse();
        }

        assertThat(accounts.leased())
                .as("what is held for calls under way, and nothing beside")
                .isEqualTo(20);
    }

    @Test
    void letsThroughWhatALimitAllowsForAsSoonAsItIsRaised() {
        SharedAccounts accounts = new SharedAccounts(time, new Random(1));
        LeasedQuotaLedger node = node(accounts);
        assertThat(reserved(node, 10, 10)).isTrue();
        assertThat(reserved(node, 10, 1)).isFalse();

        assertThat(reserved(node, 20, 10)).isTrue();
        assertThat(reserved(node, 20, 1)).isFalse();
    }

    private boolean reserved(LeasedQuotaLedger node, long limit, long amount) {
        return node.tryReserve(key(), List.of(new Charge(limit(limit), amount)), Duration.ofDays(1))
                instanceof Reservation;
    }

    @Test
    void leasesLessAndLessAsTheLimitComesNear() {
        assertThat(LeaseTerms.block(1, 1, 10_000, 10_000, 100)).isEqualTo(100);
        assertThat(LeaseTerms.block(1, 1, 10_000, 200, 100)).isEqualTo(50);
        assertThat(LeaseTerms.block(1, 1, 10_000, 3, 100)).isEqualTo(1);
        assertThat(LeaseTerms.block(150, 150, 10_000, 200, 100)).isEqualTo(150);
        assertThat(LeaseTerms.block(1, 32, 10_000, 10_000, 1_000))
                .as("for all who wait")
                .isEqualTo(32);
        assertThat(LeaseTerms.block(1, 32, 10_000, 20, 100))
                .as("no more than there is")
                .isEqualTo(20);
    }
}
