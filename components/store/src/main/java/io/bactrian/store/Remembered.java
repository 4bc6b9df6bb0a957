package io.bactrian.store;

import io.bactrian.core.config.Flight;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every call asks about its tenant, answered from memory. An answer serves while its tenant's number is the one it was
 * read under, and is read anew now and then even so. While the database does not answer it serves on, but no longer than is
 * allowed after the database last did: a change elsewhere cannot be noticed meanwhile.
 *
 * @param <K> the question, which names its tenant
 * @param <V> the answer
 */
final class Remembered<K, V> {

    private static final int MOST = 100_000;
    private static final Duration KEPT_FOR = Duration.ofSeconds(30);
    private static final Duration JUST_READ = Duration.ofSeconds(1);

    private final Rule rule;
    private final Clock clock;
    private final LruCache<K, Slot<V>> slots = new LruCache<>(MOST);

    private record Known<V>(V answer, long version, Instant readAt) {}

    private static final class Slot<V> {
        private final Flight flight = new Flight(System::nanoTime);
        private volatile @Nullable Known<V> known;
    }

    /**
     * How long answers serve.
     *
     * @param versions the tenants' numbers
     * @param poll tells when the database last answered
     * @param staleIfError how long afterwards they serve on
     */
    record Rule(Versions versions, ChangePoll poll, Duration staleIfError) {}

    Remembered(Rule rule, Clock clock) {
        this.rule = rule;
        this.clock = clock;
    }

    V get(TenantId tenant, K question, Supplier<V> load) {
        long version = rule.versions().of(tenant);
        if (version == 0) {
            // a tenant that this process has not heard of may be there in a moment
            return load.get();
        }
        Slot<V> slot = slots.get(question, Slot::new);
        Known<V> last = slot.known;
        if (last == null || last.version() != version || !serves()) {
            Supplier<Known<V>> read = () -> read(slot, tenant, load);
            return slot.flight.get(() -> current(slot, tenant), read).answer();
        }
        if (younger(last, KEPT_FOR) || !rule.poll().reachable()) {
            return last.answer();
        }
        try {
            Known<V> fresh = slot.flight.tryGet(() -> read(slot, tenant, load));
            return fresh == null ? last.answer() : fresh.answer();
        } catch (UnavailableException e) {
            return last.answer();
        }
    }

    private boolean serves() {
        return rule.poll().answeredWithin(rule.staleIfError());
    }

    private boolean younger(Known<V> last, Duration time) {
        return Duration.between(last.readAt(), clock.instant()).compareTo(time) < 0;
    }

    /** What another thread has read while this one waited. */
    private @Nullable Known<V> current(Slot<V> slot, TenantId tenant) {
        Known<V> last = slot.known;
        if (last == null || last.version() != rule.versions().of(tenant)) {
            return null;
        }
        return younger(last, JUST_READ) || younger(last, KEPT_FOR) && serves() ? last : null;
    }

    private Known<V> read(Slot<V> slot, TenantId tenant, Supplier<V> load) {
        // as old as the question, not as the answer
        long version = rule.versions().of(tenant);
        Instant asked = clock.instant();
        Known<V> fresh = new Known<>(load.get(), version, asked);
        slot.known = fresh;
        return fresh;
    }
}
