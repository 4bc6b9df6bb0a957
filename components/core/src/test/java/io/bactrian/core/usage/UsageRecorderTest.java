package io.bactrian.core.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of records whose store is slow, away, refuses some or ends. */
class UsageRecorderTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final InvocationTarget MODEL =
            InvocationTarget.Model.of(new ProviderId("openai"), "gpt-4o", ModelType.LLM);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final KeptUsage kept = new KeptUsage();
    private final AtomicBoolean away = new AtomicBoolean();
    private final List<UsageRecorder> opened = new ArrayList<>();

    UsageRecorderTest() {
        kept.before((records, losses) -> {
            if (away.get()) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the database does not answer; try again");
            }
        });
    }

    @AfterEach
    void close() {
        away.set(false);
        opened.forEach(UsageRecorder::close);
    }

    private UsageRecorder open(UsageLimits limits) {
        UsageRecorder recorder = UsageRecorder.open(kept, limits, CLOCK, System::nanoTime, UUID.randomUUID());
        opened.add(recorder);
        return recorder;
    }

    private static UsageLimits limits(int capacity, int batch, Duration closing) {
        return new UsageLimits(
                capacity, batch, Duration.ofMillis(2), Duration.ofMillis(1), Duration.ofMillis(10), closing);
    }

    private static void call(UsageRecorder recorder, TenantId tenant, String id) {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        RequestId request = new RequestId(id);
        Invocation invocation = Invocation.of(
                        CallerClaim.ofTenant(tenant, InvokeSource.ROUTE, request, deadline),
                        MODEL,
                        LlmRequest.ofText("hi"))
                .withCaller(new Caller(tenant, null, null, null, InvokeSource.ROUTE, 0, request, deadline));
        recorder.started(invocation).succeeded(invocation, CallObserver.Answer.NONE);
    }

    private static void calls(UsageRecorder recorder, TenantId tenant, int number) {
        for (int i = 0; i < number; i++) {
            call(recorder, tenant, tenant + "-" + i);
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(LONG).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    private List<String> keptIds() {
        return kept.records().stream().map(record -> record.requestId().value()).toList();
    }

    @Test
    void writesInBatchesOfSoManyAtMost() {
        CountDownLatch go = new CountDownLatch(1);
        kept.before((records, losses) -> waitFor(go));
        UsageRecorder recorder = open(limits(1_000, 10, LONG));
        calls(recorder, ACME, 95);

        go.countDown();
        await("all", () -> kept.records().size() == 95);

        assertThat(kept.sizes()).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(10));
        assertThat(kept.sizes()).hasSizeLessThanOrEqualTo(30);
        assertThat(keptIds())
                .as("in the order that calls ended in")
                .startsWith("acme-0", "acme-1")
                .endsWith("acme-94");
        await("nothing to wait", () -> recorder.health().waiting() == 0);
        assertThat(recorder.health().oldest()).isEmpty();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("DB-01: a store that is away and comes back has lost nothing of what could wait")
    void losesNothingWhileTheStoreIsAway() {
        away.set(true);
        UsageRecorder recorder = open(limits(500, 50, LONG));
        calls(recorder, ACME, 500);
        await("a refusal", () -> !recorder.health().storing());
        assertThat(kept.records()).isEmpty();
        assertThat(recorder.health().waiting()).isEqualTo(500);
        assertThat(recorder.health().oldest()).isPresent();

        away.set(false);
        await("all", () -> kept.records().size() == 500);

        assertThat(new HashSet<>(keptIds())).hasSize(500);
        assertThat(recorder.health().lost()).isZero();
        assertThat(recorder.health().storing()).isTrue();
        assertThat(kept.losses()).isEmpty();
    }

    @Test
    void triesAgainWhenNobodyKnowsWhetherTheStoreHasKeptIt() {
        AtomicInteger asked = new AtomicInteger();
        List<UUID> first = new ArrayList<>();
        kept.before((records, losses) -> {
            if (asked.getAndIncrement() == 0) {
                records.forEach(record -> first.add(record.id()));
                throw new UnavailableException(ErrorCode.STORE_OUTCOME_UNKNOWN, "look before you do it again");
            }
        });
        UsageRecorder recorder = open(limits(500, 50, LONG));
        call(recorder, ACME, "one");

        recorder.close();

        assertThat(kept.records())
                .extracting(UsageRecord::id)
                .as("so that it is kept once")
                .isEqualTo(first);
    }

    @Test
    @DisplayName("MEM: what does not fit is counted by tenant, and written down when the store is back")
    void tellsOfWhatIsLostWhenTooManyWait() {
        away.set(true);
        UsageRecorder recorder = open(limits(100, 50, LONG));
        calls(recorder, ACME, 100);
        await("a refusal", () -> !recorder.health().storing());
        calls(recorder, ACME, 7);
        calls(recorder, GLOBEX, 5);
        assertThat(recorder.health().lost()).isEqualTo(12);
        assertThat(recorder.health().waiting()).isEqualTo(100);

        away.set(false);
        await("the losses", () -> kept.losses().size() == 2);

        assertThat(kept.records()).hasSize(100);
        assertThat(kept.losses())
                .extracting(UsageLoss::tenant, UsageLoss::calls)
                .containsExactlyInAnyOrder(tuple(ACME, 7L), tuple(GLOBEX, 5L));
    }

    @Test
    void losesOnlyWhatTheStoreRefusesForGood() {
        kept.before((records, losses) -> {
            if (records.stream().anyMatch(record -> record.requestId().value().equals("acme-13"))) {
                throw new BadRequestException(ErrorCode.INVALID_PARAM, "a name or id is too long");
            }
        });
        UsageRecorder recorder = open(limits(500, 50, LONG));
        calls(recorder, ACME, 60);

        recorder.close();

        assertThat(keptIds()).hasSize(59).doesNotContain("acme-13").doesNotHaveDuplicates();
        assertThat(kept.losses()).singleElement().satisfies(loss -> {
            assertThat(loss.tenant()).isEqualTo(ACME);
            assertThat(loss.calls()).isEqualTo(1);
        });
        assertThat(recorder.health().lost()).isEqualTo(1);
        assertThat(recorder.health().waiting()).isZero();
    }

    @Test
    @DisplayName("CRASH-03: what waits at the end is written, all of it")
    void writesWhatWaitsAtTheEnd() {
        UsageRecorder recorder = open(UsageLimits.USUAL);
        calls(recorder, ACME, 3_210);

        recorder.close();
        recorder.close();

        assertThat(kept.records()).hasSize(3_210);
        assertThat(recorder.health().lost()).isZero();
    }

    @Test
    @DisplayName("CRASH-03: a store that stays away does not keep anybody from ending")
    void endsInTimeWithAStoreThatStaysAway() {
        away.set(true);
        UsageRecorder recorder = open(limits(500, 50, Duration.ofMillis(200)));
        calls(recorder, ACME, 300);

        long before = System.nanoTime();
        recorder.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(recorder.health().lost()).isEqualTo(300);
        call(recorder, ACME, "late");
        assertThat(recorder.health().lost()).as("and what comes later").isEqualTo(301);
    }

    @Test
    void losesCountOfNothingWhenManyEndAtOnce() throws Exception {
        UsageRecorder recorder = open(limits(200, 50, LONG));
        AtomicInteger slow = new AtomicInteger();
        kept.before((records, losses) -> {
            if (slow.incrementAndGet() % 3 == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        });
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            TenantId tenant = new TenantId("t" + i);
            Thread caller = new Thread(() -> calls(recorder, tenant, 5_000));
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            caller.join();
        }

        recorder.close();

        long lost = kept.losses().stream().mapToLong(UsageLoss::calls).sum();
        assertThat(kept.records().size() + lost).isEqualTo(40_000);
        assertThat(lost).isEqualTo(recorder.health().lost());
        assertThat(recorder.health().waiting()).isZero();
    }
}
