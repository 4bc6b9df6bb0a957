package io.bactrian.core.limit;

/**
 * One thing that is counted: a limit, for one of those it tells apart.
 *
 * @param limit the limit
 * @param subject those of a call's values that it tells calls apart by, and its tenant
 * @param kept whether the tenant keeps it, rather than settings: one of each may have a name in common
 */
public record RateKey(RateLimit limit, RateSubject subject, boolean kept) {}
