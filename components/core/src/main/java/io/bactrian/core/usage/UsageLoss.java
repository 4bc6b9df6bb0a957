package io.bactrian.core.usage;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records of calls that could not be kept, told by their number.
 *
 * @param id its own id: one that is kept twice counts once
 * @param tenant whose calls they were; null for calls without one
 * @param calls how many
 * @param from when the first of them was lost
 * @param to when the last of them was lost, at the latest
 */
public record UsageLoss(UUID id, @Nullable TenantId tenant, long calls, Instant from, Instant to) {}
