package io.bactrian.store;

import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

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

    private final Rule rule;
    private final Clock clock;
    private final LruCache<K, Known<V>> known = new LruCache<>(MOST);

    private record Known<V>(V answer, long version, Instant readAt) {}

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
        Known<V> last = known.get(question);
        if (last == null || last.version() != version || !rule.poll().answeredWithin(rule.staleIfError())) {
            return read(question, version, load);
        }
        Duration age = Duration.between(last.readAt(), clock.instant());
        if (age.compareTo(KEPT_FOR) < 0 || !rule.poll().reachable()) {
            return last.answer();
        }
        try {
            return read(question, version, load);
        } catch (UnavailableException e) {
            return last.answer();
        }
    }

    private V read(K question, long version, Supplier<V> load) {
        Instant asked = clock.instant();
        V answer = load.get();
        // a tenant that this process has not heard of may be there in a moment
        if (version > 0) {
            known.put(question, new Known<>(answer, version, asked));
        }
        return answer;
    }
}
