package io.bactrian.core.limit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A rule and the buckets of those it tells apart. How much it allows and whose calls it is about may change; what was counted
 * stays.
 */
final class RateRule {

    private final boolean kept;
    private final boolean tokens;
    private final ConcurrentMap<RateSubject, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile About about;
    private volatile boolean removed;

    /** What stays of a rule, whatever else changes. */
    record Identity(String name, RateResource resource, Duration per) {
        static Identity of(RateLimit limit) {
            return new Identity(limit.name(), limit.resource(), limit.per());
        }
    }

    private record About(RateLimit limit, boolean ofModels) {
        static About of(RateLimit limit) {
            return new About(
                    limit,
                    !(limit.provider() instanceof RateSelector.Any && limit.model() instanceof RateSelector.Any));
        }
    }

    /** @param kept whether a tenant keeps it, rather than settings */
    RateRule(RateLimit limit, boolean kept) {
        this.kept = kept;
        this.tokens = limit.resource() == RateResource.TOKENS;
        this.about = About.of(limit);
    }

    RateLimit limit() {
        return about.limit();
    }

    /** Holds for another limit from now on, which has the same identity. */
    void change(RateLimit limit) {
        removed = false;
        if (!limit.equals(about.limit())) {
            about = About.of(limit);
        }
    }

    /** Holds no more, until it is changed again. */
    void remove() {
        removed = true;
    }

    boolean removed() {
        return removed;
    }

    boolean kept() {
        return kept;
    }

    boolean countsTokens() {
        return tokens;
    }

    ConcurrentMap<RateSubject, Bucket> buckets() {
        return buckets;
    }

    boolean isAbout(RateSubject call) {
        About now = about;
        RateLimit limit = now.limit();
        return limit.tenant().admits(call.tenant())
                && limit.app().admits(call.app())
                && limit.apiKey().admits(call.apiKey())
                && (!now.ofModels()
                        || limit.provider().admits(call.provider())
                                && limit.model().admits(call.model()));
    }

    /** Those of a call's values that tell it from others. */
    RateSubject distinct(RateSubject call) {
        RateLimit limit = about.limit();
        return new RateSubject(
                call.tenant(),
                limit.app().distinct(call.app()),
                limit.provider().distinct(call.provider()),
                limit.model().distinct(call.model()),
                limit.apiKey().distinct(call.apiKey()));
    }
}
