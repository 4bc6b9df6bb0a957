package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the audit log are wanted: the newest first.
 *
 * @param before those with a lower number than this; null for the newest
 * @param most how many at most, 1 to {@value Page#LONGEST}
 * @param action those of this action; null for any
 * @param outcomes those of one of these outcomes; empty for any
 * @param since those that happened then or later; null for any time
 */
public record AuditQuery(
        @Nullable Long before,
        int most,
        @Nullable String action,
        Set<String> outcomes,
        @Nullable Instant since) {

    private static final int MOST_OUTCOMES = 20;

    /** Those of an action and an outcome, at any time. */
    public AuditQuery(@Nullable Long before, int most, @Nullable String action, @Nullable String outcome) {
        this(before, most, action, outcome == null ? Set.of() : Set.of(outcome), null);
    }

    /** @throws BadRequestException with {@code invalid_param} if the number is none that it can be */
    public AuditQuery {
        if (most < 1 || most > Page.LONGEST) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a page has 1 to " + Page.LONGEST + " entries, not " + most);
        }
        if (outcomes.size() > MOST_OUTCOMES) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "at most " + MOST_OUTCOMES + " outcomes can be asked for at a time");
        }
        outcomes = Set.copyOf(outcomes);
    }

    /** The newest events, so many at most. */
    public static AuditQuery latest(int most) {
        return new AuditQuery(null, most, null, Set.of(), null);
    }

    /** The same, of what comes before a number. */
    public AuditQuery before(@Nullable Long number) {
        return new AuditQuery(number, most, action, outcomes, since);
    }

    /** Whether an entry is wanted. */
    boolean wants(AuditEntry entry) {
        AuditEvent event = entry.event();
        return (before == null || entry.id() < before)
                && (action == null || action.equals(event.action()))
                && (outcomes.isEmpty() || outcomes.contains(event.outcome()))
                && (since == null || !event.at().isBefore(since));
    }
}
