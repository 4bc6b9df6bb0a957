package io.bactrian.core.access;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Denials that are not in the audit log yet, equal ones counted with each other. Many add, one takes out.
 */
final class DenialTallies {

    private final Map<Denial, Tally> tallies = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong untold = new AtomicLong();
    private final DenialLimits limits;
    private final LongSupplier nanoClock;

    private record Denial(@Nullable TenantId tenant, String actor, String action, String subject, String outcome) {}

    /**
     * How often something was denied.
     *
     * @param began when the first of a minute was, in nanoseconds
     * @param first when the first that is not written yet was
     * @param unwritten how many are not written yet
     * @param written whether any of this minute is
     */
    private record Tally(long began, Instant first, long unwritten, boolean written) {}

    DenialTallies(DenialLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    void add(AuditEvent event) {
        Denial denial = new Denial(event.tenant(), event.actor(), event.action(), event.subject(), event.outcome());
        if (tallies.size() >= limits.capacity() && !tallies.containsKey(denial)) {
            dropped.addAndGet(event.count());
            untold.addAndGet(event.count());
            return;
        }
        tallies.compute(denial, (key, known) -> {
            if (known == null) {
                return new Tally(nanoClock.getAsLong(), event.at(), event.count(), false);
            }
            Instant first = known.unwritten() == 0 ? event.at() : known.first();
            return new Tally(known.began(), first, known.unwritten() + event.count(), known.written());
        });
    }

    /**
     * Takes some out that are to be written now.
     *
     * @param all whether those are too that others may follow within their minute
     */
    List<AuditEvent> take(int most, boolean all) {
        List<AuditEvent> taken = new ArrayList<>();
        long now = nanoClock.getAsLong();
        for (Denial denial : tallies.keySet()) {
            if (taken.size() >= most) {
                break;
            }
            tallies.computeIfPresent(denial, (key, tally) -> {
                boolean over = now - tally.began() >= limits.together().toNanos();
                if (tally.unwritten() == 0) {
                    return over ? null : tally;
                }
                if (tally.written() && !over && !all) {
                    return tally;
                }
                taken.add(event(key, tally));
                return over ? null : new Tally(tally.began(), tally.first(), 0, true);
            });
        }
        return taken;
    }

    private static AuditEvent event(Denial denial, Tally tally) {
        return new AuditEvent(
                tally.first(),
                denial.tenant(),
                denial.actor(),
                denial.action(),
                denial.subject(),
                denial.outcome(),
                tally.unwritten());
    }

    /** How many were dropped that nobody has taken down; from now on somebody has. */
    long takeDropped() {
        return untold.getAndSet(0);
    }

    /** Dropped ones that were not taken down after all. */
    void putBackDropped(long number) {
        untold.addAndGet(number);
    }

    /** Counts some as dropped that were taken out and cannot be written. */
    void drop(List<AuditEvent> events) {
        long number = events.stream().mapToLong(AuditEvent::count).sum();
        dropped.addAndGet(number);
        untold.addAndGet(number);
    }

    long dropped() {
        return dropped.get();
    }

    long waiting() {
        return tallies.values().stream().mapToLong(Tally::unwritten).sum();
    }
}
