package io.bactrian.core.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much of a limit is used.
 *
 * @param limit the limit
 * @param used what has been used in its present period
 * @param held what is reserved for calls under way, or leased to nodes and not used yet
 * @param resetsAt when the present period ends, or something is let go of; null if nothing comes back by itself
 */
public record QuotaUsage(
        QuotaLimit limit, long used, long held, @Nullable Instant resetsAt) {

    /** What is left. */
    public long left() {
        return limit.unlimited() ? Long.MAX_VALUE : Math.max(0, limit.limit() - used - held);
    }
}
