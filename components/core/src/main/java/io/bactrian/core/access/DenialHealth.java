package io.bactrian.core.access;

/**
 * How the taking down of denials is.
 *
 * @param waiting how many denials are not in the audit log yet
 * @param dropped how many were dropped since the start, as there were too many different ones
 * @param storing whether the audit log took what it was given last
 */
public record DenialHealth(long waiting, long dropped, boolean storing) {}
