package io.bactrian.core.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A limit and the buckets of those it tells apart. */
final class RateRule {

    private final RateLimit limit;
    private final boolean tokens;
    private final boolean ofModels;
    private final ConcurrentMap<RateSubject, Bucket> buckets = new ConcurrentHashMap<>();

    RateRule(RateLimit limit) {
        this.limit = limit;
        this.tokens = limit.resource() == RateResource.TOKENS;
        this.ofModels = !(limit.provider() instanceof RateSelector.Any && limit.model() instanceof RateSelector.Any);
    }

    RateLimit limit() {
        return limit;
    }

    boolean countsTokens() {
        return tokens;
    }

    ConcurrentMap<RateSubject, Bucket> buckets() {
        return buckets;
    }

    boolean isAbout(RateSubject call) {
        return limit.tenant().admits(call.tenant())
                && limit.app().admits(call.app())
                && limit.apiKey().admits(call.apiKey())
                && (!ofModels
                        || limit.provider().admits(call.provider())
                                && limit.model().admits(call.model()));
    }

    /** Those of a call's values that tell it from others. */
    RateSubject distinct(RateSubject call) {
        return new RateSubject(
                call.tenant(),
                limit.app().distinct(call.app()),
                limit.provider().distinct(call.provider()),
                limit.model().distinct(call.model()),
                limit.apiKey().distinct(call.apiKey()));
    }
}
