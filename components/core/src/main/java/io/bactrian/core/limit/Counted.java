package io.bactrian.core.limit;

/**
 * One thing that is counted: a rule, whose limit may change, for one of those it tells apart.
 *
 * @param rule the rule
 * @param subject those of a call's values that it tells calls apart by, and its tenant
 */
record Counted(RateRule rule, RateSubject subject) {

    RateLimit limit() {
        return rule.limit();
    }

    /** How many there may be now. */
    long amount() {
        return rule.limit().amount();
    }

    /** As it is known to others now. */
    RateKey key() {
        return new RateKey(rule.limit(), subject, rule.kept());
    }
}
