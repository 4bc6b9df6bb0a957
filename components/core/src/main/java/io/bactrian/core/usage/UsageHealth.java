package io.bactrian.core.usage;

import java.time.Duration;
import java.util.Optional;

/**
 * How the recording of usage is.
 *
 * @param waiting how many records are not kept yet
 * @param oldest how long the oldest of them has waited; empty if none does
 * @param lost how many were lost since the start
 * @param storing whether the store took what it was given last
 */
public record UsageHealth(int waiting, Optional<Duration> oldest, long lost, boolean storing) {}
