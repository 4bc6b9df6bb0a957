package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.http.AuthenticationThrottle.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is refused after how many wrong keys, and for how long. */
class AuthenticationThrottleTest {

    private static final ThrottleSettings SETTINGS =
            new ThrottleSettings(10, 25, Duration.ofMinutes(1), Duration.ofMinutes(15), Set.of());
    private static final Peer GUESSER = Peer.of("203.0.113.9");
    private static final Peer OTHER = Peer.of("198.51.100.7");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<String> told = new ArrayList<>();
    private final Set<String> inForce = new HashSet<>(Set.of("good"));
    private final AtomicInteger lookups = new AtomicInteger();
    private final AuthenticationThrottle throttle = new AuthenticationThrottle(
            SETTINGS, (whom, failures, lasting) -> told.add(whom + " " + failures + " " + lasting), nanos::get);

    private Judgement<String> present(Peer peer, String key) {
        return throttle.judge(peer, key, presented -> {
            lookups.incrementAndGet();
            return Optional.of(presented).filter(inForce::contains);
        });
    }

    private void guess(Peer peer, int times) {
        for (int i = 0; i < times; i++) {
            present(peer, "guess-" + nanos.get() + "-" + i);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void looksNothingUpForWhoHasPresentedTooManyWrongKeys() {
        guess(GUESSER, 10);
        assertThat(lookups).hasValue(10);
        assertThat(present(GUESSER, "another")).isInstanceOf(Judgement.Refused.class);
        assertThat(present(GUESSER, "good")).as("never seen to be good").isInstanceOf(Judgement.Refused.class);
        assertThat(throttle.refusal(GUESSER, "another")).contains(Duration.ofMinutes(1));
        assertThat(lookups).hasValue(10);
        assertThat(present(OTHER, "good")).isEqualTo(new Judgement.Known<>("good"));
    }

    @Test
    void goesOnServingKeysThatWereGoodAShortWhileAgo() {
        assertThat(present(GUESSER, "good")).isEqualTo(new Judgement.Known<>("good"));
        guess(GUESSER, 10);
        assertThat(throttle.refusal(GUESSER, "good")).isEmpty();
        assertThat(present(GUESSER, "good")).isEqualTo(new Judgement.Known<>("good"));
        inForce.clear();
        assertThat(present(GUESSER, "good")).as("withdrawn").isEqualTo(new Judgement.Unknown<>());
        assertThat(present(GUESSER, "good")).as("withdrawn, again").isInstanceOf(Judgement.Refused.class);
    }

    @Test
    void forgetsWhatIsLongerAgoThanTheWindow() {
        guess(GUESSER, 9);
        pass(Duration.ofMinutes(1));
        guess(GUESSER, 9);
        assertThat(throttle.refusal(GUESSER, null)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void refusesTwiceAsLongEachTimeUpToTheLongest() {
        List<Duration> refusals = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            guess(GUESSER, 10);
            Duration refusal = throttle.refusal(GUESSER, null).orElseThrow();
            refusals.add(refusal);
            pass(refusal);
        }
        assertThat(refusals.stream().map(Duration::toMinutes)).containsExactly(1L, 2L, 4L, 8L, 15L, 15L, 15L);
        pass(Duration.ofMinutes(15));
        guess(GUESSER, 10);
        assertThat(throttle.refusal(GUESSER, null)).as("after being quiet").contains(Duration.ofMinutes(1));
    }

    @Test
    void tellsOfEachRefusalOnce() {
        guess(GUESSER, 20);
        assertThat(told).containsExactly("203.0.113.9 10 PT1M");
    }

    @Test
    void boundsWhatManyAddressesPresentTogether() {
        present(OTHER, "good");
        for (int i = 0; i < 25; i++) {
            guess(Peer.of("203.0.113." + i), 1);
        }
        assertThat(told).containsExactly("everybody 25 PT1M");
        assertThat(present(Peer.of("192.0.2.1"), "unheard of")).isInstanceOf(Judgement.Refused.class);
        assertThat(present(OTHER, "good")).isEqualTo(new Judgement.Known<>("good"));
        pass(Duration.ofMinutes(1));
        assertThat(present(Peer.of("192.0.2.1"), "unheard of")).isEqualTo(new Judgement.Unknown<>());
    }

    @Test
    @DisplayName("CONC: a burst that begins together is not let through together")
    void countsExactlyUnderFire() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AuthenticationThrottle wide = new AuthenticationThrottle(
                new ThrottleSettings(10, 1_000_000, Duration.ofMinutes(1), Duration.ofMinutes(15), Set.of()),
                (whom, failures, lasting) -> refused.incrementAndGet(),
                nanos::get);
        ExecutorService four = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String key = "guess-" + i;
            all.add(four.submit(() -> wide.judge(GUESSER, key, presented -> {
                lookups.incrementAndGet();
                return Optional.empty();
            })));
        }
        for (Future<?> one : all) {
            one.get();
        }
        four.shutdown();
        // those that were being looked up when the tenth failed
        assertThat(lookups.get()).isBetween(10, 13);
        assertThat(refused).hasValue(1);
    }

    @Test
    void countsAddressesAsTheyAreHandedOut() {
        assertThat(Peer.of("2001:db8:1:2::1")).isEqualTo(Peer.of("2001:db8:1:2:ffff::9"));
        assertThat(Peer.of("2001:db8:1:2::1").text()).isEqualTo("2001:0db8:0001:0002::/64");
        assertThat(Peer.of("2001:db8:1:3::1")).isNotEqualTo(Peer.of("2001:db8:1:2::1"));
        assertThat(Peer.of("::ffff:203.0.113.9")).isEqualTo(GUESSER);
        assertThat(Peer.of("::ffff:cb00:7109")).isEqualTo(GUESSER);
        assertThat(Peer.of("fe80::1%eth0").text()).isEqualTo("fe80:0000:0000:0000::/64");
        for (String nothing : new String[] {null, "", "unknown", "example.org", "1.2.3", "203.0.113.9:80"}) {
            assertThat(Peer.of(nothing).text()).as(String.valueOf(nothing)).isEqualTo("unknown");
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new ThrottleSettings(0, 1, Duration.ofMinutes(1), Duration.ofMinutes(1), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThrottleSettings(2, 1, Duration.ofMinutes(1), Duration.ofMinutes(1), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThrottleSettings(1, 1, Duration.ofMinutes(2), Duration.ofMinutes(1), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ThrottleSettings(
                        1, 1, Duration.ofMinutes(1), Duration.ofMinutes(1), Set.of("proxy.example")))
                .hasMessageContaining("proxy.example");
    }
}
