package io.bactrian.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DenialLogTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final Kept kept = new Kept();
    private final AtomicLong nanos = new AtomicLong();
    private @Nullable DenialLog open;

    /** An audit log that may be away. */
    private static final class Kept implements AuditLog {
        final List<AuditEvent> events = new CopyOnWriteArrayList<>();
        volatile @Nullable Supplier<RuntimeException> refusal;

        @Override
        public void append(AuditEvent event) {
            appendAll(List.of(event));
        }

        @Override
        public void appendAll(List<AuditEvent> all) {
            Supplier<RuntimeException> reason = refusal;
            if (reason != null) {
                throw reason.get();
            }
            events.addAll(all);
        }

        @Override
        public List<AuditEvent> latest(int most) {
            return events;
        }

        @Override
        public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
            return new PageOf<>(List.of(), null);
        }

        @Override
        public int removeBefore(Instant before, int most) {
            return 0;
        }

        long total() {
            return events.stream().mapToLong(AuditEvent::count).sum();
        }
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    private DenialLog log(int capacity) {
        DenialLimits limits = new DenialLimits(
                capacity, 3, Duration.ofMillis(1), Duration.ofMinutes(1), Duration.ofMillis(5), Duration.ofSeconds(20));
        open = DenialLog.open(kept, limits, Clock.systemUTC(), nanos::get);
        return open;
    }

    private static AuditEvent denial(String subject) {
        return new AuditEvent(NOON, ACME, "dora", "model.invoke", subject, "access_denied");
    }

    @Test
    void writesADenialSoonAndEqualOnesOfAMinuteTogether() {
        DenialLog log = log(100);
        log.append(denial("gpt"));
        await().untilAsserted(() -> assertThat(kept.events).containsExactly(denial("gpt")));

        for (int i = 1; i <= 5; i++) {
            log.append(new AuditEvent(NOON.plusSeconds(i), ACME, "dora", "model.invoke", "gpt", "access_denied"));
        }
        log.append(denial("other"));
        await().untilAsserted(() -> assertThat(kept.events).containsExactly(denial("gpt"), denial("other")));
        assertThat(log.health().waiting()).isEqualTo(5);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        await().untilAsserted(() -> assertThat(kept.events)
                .hasSize(3)
                .last()
                .isEqualTo(
                        new AuditEvent(NOON.plusSeconds(1), ACME, "dora", "model.invoke", "gpt", "access_denied", 5)));
        assertThat(log.health()).isEqualTo(new DenialHealth(0, 0, true));

        // the minute is over: the next one is the first of another
        log.append(denial("gpt"));
        await().untilAsserted(() -> assertThat(kept.events).hasSize(4));
    }

    @Test
    void writesEverythingElseAtOnce() {
        AuditEvent done = new AuditEvent(NOON, ACME, "ada", "credential.update", "x", "done");

        log(100).append(done);

        assertThat(kept.events).containsExactly(done);
    }

    @Test
    void losesNothingWhileTheLogIsAwayForATime() {
        kept.refusal = () -> new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "away");
        DenialLog log = log(100);
        for (int i = 0; i < 20; i++) {
            log.append(denial("s" + i));
        }
        await().untilAsserted(() -> assertThat(log.health().storing()).isFalse());
        assertThat(kept.events).isEmpty();

        kept.refusal = null;

        await().untilAsserted(() -> assertThat(kept.events).hasSize(20));
        assertThat(kept.events).extracting(AuditEvent::subject).doesNotHaveDuplicates();
        assertThat(log.health()).isEqualTo(new DenialHealth(0, 0, true));
    }

    @Test
    void countsWhatIsTooManyAndWritesTheNumberDown() {
        kept.refusal = () -> new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "away");
        DenialLog log = log(4);
        for (int i = 0; i < 50; i++) {
            log.append(denial("s" + i));
        }
        assertThat(log.health().dropped()).isPositive();

        kept.refusal = null;

        await().untilAsserted(() -> assertThat(kept.total()).isEqualTo(50));
        assertThat(kept.events)
                .filteredOn(event -> event.action().equals("audit.drop"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.outcome()).isEqualTo("dropped"));
    }

    @Test
    void doesNotStopAtWhatTheLogRefusesForGood() {
        DenialLog log = log(100);
        kept.refusal = () -> new BadRequestException(ErrorCode.INVALID_PARAM, "not this one");
        log.append(denial("bad"));
        await().untilAsserted(() -> assertThat(log.health().dropped()).isEqualTo(1));

        kept.refusal = null;
        log.append(denial("good"));

        await().untilAsserted(() ->
                assertThat(kept.events).extracting(AuditEvent::subject).containsExactlyInAnyOrder("denials", "good"));
    }

    @Test
    void writesAtTheEndWhatWaitsForItsMinute() {
        DenialLog log = log(100);
        for (int i = 0; i < 10; i++) {
            log.append(denial("gpt"));
        }

        log.close();

        assertThat(kept.total()).isEqualTo(10);
        assertThat(log.health().waiting()).isZero();
    }

    @Test
    void losesNoneOfManyThatComeAtOnce() throws InterruptedException {
        DenialLog log = log(1_000);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = List.of("a", "b", "c", "d").stream()
                .map(name -> new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                    for (int i = 0; i < 1_000; i++) {
                        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                        log.append(denial("s" + i % 7));
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        log.close();

        assertThat(kept.total()).isEqualTo(4_000);
    }
}
