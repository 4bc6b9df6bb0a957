package io.bactrian.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing at keys and tokens down. An address that has presented too many wrong ones has nothing looked up for it for a
 * while, the longer the more often it comes to that; so has everybody, for what is left of the window, when all together have
 * presented too many. A key that was good a short while ago is looked up all the same: a customer behind the same address goes on.
 * What is remembered is bounded: 10,000 addresses, and the SHA-256 of 10,000 good keys. Thread-safe.
 */
public final class AuthenticationThrottle {

    private static final int MOST_ADDRESSES = 10_000;
    private static final int MOST_KEYS = 10_000;
    private static final Duration GOOD_FOR = Duration.ofMinutes(15);
    private static final int MOST_DOUBLINGS = 30;

    private final ThrottleSettings settings;
    private final Set<Peer> trustedProxies;
    private final Listener listener;
    private final LongSupplier nanoClock;
    private final Cache<Peer, Tally> tallies;
    private final Cache<String, Boolean> good;
    private final AtomicReference<Window> all;

    /** Is told when an address is refused from now on: once, not for each attempt. May block. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Somebody is refused.
         *
         * @param whom the address, or {@code everybody}
         * @param failures how many wrong keys there were
         * @param lasting for how long
         */
        void refused(String whom, int failures, Duration lasting);
    }

    /**
     * What is known of an address.
     *
     * @param began when its window began
     * @param failures how many wrong keys it has presented since
     * @param trips how often it has been refused
     * @param until until when it is refused; the past if it is not
     */
    private record Tally(long began, int failures, int trips, long until) {}

    /** The wrong keys of everybody since a moment. */
    private record Window(long began, int failures) {}

    /**
     * What came of a presented secret.
     *
     * @param <T> whom secrets tell
     */
    sealed interface Judgement<T> {

        /** It is somebody's. */
        record Known<T>(T who) implements Judgement<T> {}

        /** It is nobody's. */
        record Unknown<T>() implements Judgement<T> {}

        /** It was not looked up. */
        record Refused<T>(Duration comeBackIn) implements Judgement<T> {}
    }

    /**
     * @param settings how much is too much
     * @param listener is told who is refused
     * @param nanoClock a monotonic clock in nanoseconds
     */
    public AuthenticationThrottle(ThrottleSettings settings, Listener listener, LongSupplier nanoClock) {
        this.settings = settings;
        this.listener = listener;
        this.nanoClock = nanoClock;
        this.trustedProxies = settings.trustedProxies().stream().map(Peer::of).collect(Collectors.toUnmodifiableSet());
        this.tallies = Caffeine.newBuilder()
                .maximumSize(MOST_ADDRESSES)
                .expireAfterAccess(settings.longest().multipliedBy(2))
                .ticker(nanoClock::getAsLong)
                .build();
        this.good = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .expireAfterWrite(GOOD_FOR)
                .ticker(nanoClock::getAsLong)
                .build();
        this.all = new AtomicReference<>(new Window(nanoClock.getAsLong(), 0));
    }

    /** Who made a request. */
    Peer peer(HttpServerRequest request) {
        return Peer.of(request, trustedProxies);
    }

    /**
     * How long nothing is looked up for whoever presents a secret; empty if it may be. Does not block.
     *
     * @param presented the secret; null for something that cannot be one
     */
    Optional<Duration> refusal(Peer peer, @Nullable String presented) {
        return presented != null && good.getIfPresent(digest(presented)) != null ? Optional.empty() : refusal(peer);
    }

    private Optional<Duration> refusal(Peer peer) {
        long now = nanoClock.getAsLong();
        Tally tally = tallies.getIfPresent(peer);
        if (tally != null && tally.until() - now > 0) {
            return Optional.of(Duration.ofNanos(tally.until() - now));
        }
        Window window = Objects.requireNonNull(all.get());
        long left = window.began() + settings.window().toNanos() - now;
        return window.failures() >= settings.allFailures() && left > 0
                ? Optional.of(Duration.ofNanos(left))
                : Optional.empty();
    }

    /**
     * Asks for whom a secret is, unless too many were wrong. As long as the lookup takes.
     *
     * @param presented the secret; null for something that cannot be one
     * @param lookup whom it tells; empty for nobody
     */
    <T> Judgement<T> judge(Peer peer, @Nullable String presented, Function<String, Optional<T>> lookup) {
        String digest = presented == null ? "" : digest(presented);
        // asked again here, where few lookups are made at a time: a burst that began together is not let through
        // together
        if (good.getIfPresent(digest) == null) {
            Optional<Duration> refusal = refusal(peer);
            if (refusal.isPresent()) {
                return new Judgement.Refused<>(refusal.get());
            }
        }
        Optional<T> who = presented == null ? Optional.empty() : lookup.apply(presented);
        if (who.isPresent()) {
            good.put(digest, true);
            return new Judgement.Known<>(who.get());
        }
        good.invalidate(digest);
        failed(peer);
        return new Judgement.Unknown<>();
    }

    private void failed(Peer peer) {
        long now = nanoClock.getAsLong();
        AtomicBoolean tripped = new AtomicBoolean();
        Tally tally = tallies.asMap().compute(peer, (same, before) -> next(before, now, tripped));
        Window window = all.updateAndGet(
                before -> now - before.began() >= settings.window().toNanos()
                        ? new Window(now, 1)
                        : new Window(before.began(), before.failures() + 1));
        if (tripped.get()) {
            listener.refused(peer.text(), settings.failures(), Duration.ofNanos(tally.until() - now));
        }
        if (window.failures() == settings.allFailures()) {
            listener.refused(
                    "everybody",
                    window.failures(),
                    Duration.ofNanos(window.began() + settings.window().toNanos() - now));
        }
    }

    private Tally next(@Nullable Tally before, long now, AtomicBoolean tripped) {
        if (before == null) {
            return counted(new Tally(now, 0, 0, now), now, tripped);
        }
        // who has been quiet for as long as anybody is refused begins anew
        boolean forgiven = now - before.until() >= settings.longest().toNanos();
        int trips = forgiven ? 0 : before.trips();
        boolean over = now - before.began() >= settings.window().toNanos();
        return counted(
                new Tally(over ? now : before.began(), over ? 0 : before.failures(), trips, before.until()),
                now,
                tripped);
    }

    private Tally counted(Tally tally, long now, AtomicBoolean tripped) {
        int failures = tally.failures() + 1;
        if (failures < settings.failures()) {
            return new Tally(tally.began(), failures, tally.trips(), tally.until());
        }
        tripped.set(true);
        double doubled = settings.window().toNanos() * Math.pow(2, Math.min(tally.trips(), MOST_DOUBLINGS));
        long lasting = (long) Math.min(settings.longest().toNanos(), doubled);
        return new Tally(now, 0, tally.trips() + 1, now + lasting);
    }

    private static String digest(String secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
