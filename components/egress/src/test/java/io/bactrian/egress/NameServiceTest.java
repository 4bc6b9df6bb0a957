package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NameServiceTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final List<InetAddress> LOOPBACK = List.of(InetAddress.getLoopbackAddress());

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @DisplayName("UP-12: a name that failed is asked for again within 5 s")
    @Test
    void recovers() {
        AtomicBoolean up = new AtomicBoolean();
        NameResolver resolver = host -> {
            asked.incrementAndGet();
            if (!up.get()) {
                throw new UnknownHostException(host);
            }
            return LOOPBACK;
        };
        try (NameService names = new NameService(resolver, now::get)) {
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp("a.example", SECOND, () -> false));
            up.set(true);
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp("a.example", SECOND, () -> false));
            assertThat(asked).as("not asked twice at once").hasValue(1);

            now.addAndGet(5 * SECOND);

            assertThat(names.lookUp("a.example", SECOND, () -> false)).isEqualTo(LOOPBACK);
        }
    }

    @DisplayName("SSRF-18: a name server that hangs is waited for no longer than allowed, and asked once")
    @Test
    void doesNotWaitForEver() {
        CountDownLatch hang = new CountDownLatch(1);
        NameResolver resolver = host -> {
            asked.incrementAndGet();
            awaitUninterruptibly(hang);
            return LOOPBACK;
        };
        try (NameService names = new NameService(resolver, now::get)) {
            long started = System.nanoTime();
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp("slow.example", SECOND / 5, () -> false));
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp("slow.example", SECOND / 5, () -> false));

            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(5));
            assertThat(asked).hasValue(1);
        } finally {
            hang.countDown();
        }
    }

    @DisplayName("SSRF-18: names that hang do not take ever more threads")
    @Test
    void boundsTheThreads() {
        CountDownLatch hang = new CountDownLatch(1);
        NameResolver resolver = host -> {
            asked.incrementAndGet();
            awaitUninterruptibly(hang);
            return LOOPBACK;
        };
        try (NameService names = new NameService(resolver, now::get)) {
            for (int i = 0; i < 80; i++) {
                String host = "slow" + i + ".example";
                Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp(host, 1_000_000, () -> false));
            }

            assertThat(asked.get()).isLessThanOrEqualTo(64);
        } finally {
            hang.countDown();
        }
    }

    @Test
    void stopsWaitingWhenNobodyWaits() {
        CountDownLatch hang = new CountDownLatch(1);
        try (NameService names = new NameService(
                host -> {
                    awaitUninterruptibly(hang);
                    return LOOPBACK;
                },
                now::get)) {
            long started = System.nanoTime();
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> names.lookUp("slow.example", 20 * SECOND, () -> true));

            assertThat(System.nanoTime() - started).isLessThan(5 * SECOND);
        } finally {
            hang.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException again) {
                // a resolver in native code does not listen either
            }
        }
    }
}
