package io.bactrian.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many who ask the same: one of them asks the database. */
class FlightTest {

    private static final int CALLERS = 200;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>();
    private final Flight flight = new Flight(this::clock);
    private final AtomicReference<String> known = new AtomicReference<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    private long clock() {
        Runnable now = meanwhile.getAndSet(null);
        if (now != null) {
            now.run();
        }
        return nanos.get();
    }

    private String ask() {
        asked.incrementAndGet();
        try {
            assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        known.set("answer");
        return "answer";
    }

    private String fail() {
        ask();
        known.set(null);
        throw new IllegalStateException("away");
    }

    private List<Future<String>> all(Callable<String> call) {
        List<Future<String>> running = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            running.add(callers.submit(call));
        }
        await().until(() -> asked.get() == 1);
        answered.countDown();
        return running;
    }

    @Test
    @DisplayName("CACHE-05: one asks, and all others have its answer")
    void asksOnceForEverybody() throws Exception {
        for (Future<String> one : all(() -> flight.get(known::get, this::ask))) {
            assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    @DisplayName("DB-03: a failure is told to those who waited for it, and asked about anew shortly after")
    void tellsAFailureToEverybodyWhoWaited() {
        for (Future<String> one : all(() -> flight.get(known::get, this::fail))) {
            assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("away");
        }
        assertThat(asked).hasValue(1);

        nanos.addAndGet(Duration.ofMillis(201).toNanos());

        assertThat(flight.get(known::get, this::ask)).isEqualTo("answer");
    }

    @Test
    @DisplayName("DB-03: those who have an answer do not wait for a newer one, nor ask again at once after a failure")
    void makesNobodyWaitWhoHasAnAnswer() throws Exception {
        Future<String> first = callers.submit(() -> flight.get(known::get, this::ask));
        await().until(() -> asked.get() == 1);
        assertThat(flight.<String>tryGet(this::ask)).isNull();
        answered.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("answer");

        assertThatThrownBy(() -> flight.<String>tryGet(this::fail)).hasMessage("away");
        assertThat(flight.<String>tryGet(this::ask)).isNull();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(flight.<String>tryGet(this::ask)).isEqualTo("answer");
        assertThat(asked).hasValue(3);
    }

    @Test
    @DisplayName("DB-03: who comes just after a failure does not ask, though it looked before")
    void asksNotIfAnotherHasFailedMeanwhile() {
        answered.countDown();
        assertThatThrownBy(() -> flight.<String>tryGet(this::fail)).hasMessage("away");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        meanwhile.set(() -> assertThatThrownBy(() ->
                        callers.submit(() -> flight.<String>tryGet(this::fail)).get(20, TimeUnit.SECONDS))
                .hasRootCauseMessage("away"));

        assertThat(flight.<String>tryGet(this::ask)).isNull();
        assertThat(asked).hasValue(2);
    }
}
