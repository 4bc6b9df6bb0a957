package io.bactrian.core.access;

import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An audit log that nobody who is refused waits for. Denials are kept in memory, without I/O, and one thread carries them into the
 * log in batches; everything else goes into the log at once.
 *
 * <p><b>Equal denials.</b> The first one is in the log soon. Those that are equal to it (the same actor, action, subject and
 * outcome) and follow it within {@link DenialLimits#together} are one more entry, with their count.
 *
 * <p><b>Overflow.</b> At most {@link DenialLimits#capacity} different denials are kept in memory; others that come then are dropped.
 * How many is counted, written into the log as an event of its own, warned of once a minute, and shown by {@link #health}. While the
 * log cannot be written it is tried again, with longer and longer pauses.
 *
 * <p><b>The end.</b> {@link #close} writes what waits within {@link DenialLimits#closing}, and warns of what it could not write.
 * Denials of the last {@link DenialLimits#interval}, and further equal ones of the last {@link DenialLimits#together}, are lost with
 * a process that is killed.
 */
public final class DenialLog implements AuditLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DenialLog.class);
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AuditLog log;
    private final DenialLimits limits;
    private final DenialTallies tallies;
    private final DenialWriter writer;
    private final Thread thread;

    private DenialLog(AuditLog log, DenialLimits limits, Clock clock, LongSupplier nanoClock) {
        this.log = log;
        this.limits = limits;
        this.tallies = new DenialTallies(limits, nanoClock);
        this.writer = new DenialWriter(log, tallies, limits, clock, nanoClock);
        this.thread = new Thread(writer, "bactrian-denial-writer");
        thread.setDaemon(true);
    }

    /**
     * Begins to carry denials.
     *
     * @param log where everything goes in the end; to be closed after this
     * @param limits how much is kept and how long
     * @param clock when something was lost
     * @param nanoClock counts nanoseconds
     */
    public static DenialLog open(AuditLog log, DenialLimits limits, Clock clock, LongSupplier nanoClock) {
        DenialLog denials = new DenialLog(log, limits, clock, nanoClock);
        denials.thread.start();
        return denials;
    }

    @Override
    public void append(AuditEvent event) {
        if (Denials.outcomes().contains(event.outcome())) {
            tallies.add(event);
        } else {
            log.append(event);
        }
    }

    @Override
    public void appendAll(List<AuditEvent> events) {
        events.forEach(this::append);
    }

    @Override
    public List<AuditEvent> latest(int most) {
        return log.latest(most);
    }

    @Override
    public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
        return log.find(tenant, query);
    }

    @Override
    public int removeBefore(Instant before, int most) {
        return log.removeBefore(before, most);
    }

    /** How the taking down of denials is. */
    public DenialHealth health() {
        return new DenialHealth(tallies.waiting(), tallies.dropped(), writer.storing());
    }

    /** Writes what waits, within {@link DenialLimits#closing} and a second, and ends. */
    @Override
    public void close() {
        writer.close();
        LockSupport.unpark(thread);
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, limits.closing().toNanos() + GRACE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long unwritten = tallies.waiting();
        if (unwritten > 0) {
            LOG.warn("{} denials were not taken down before the end, as the audit log did not take them", unwritten);
        }
    }
}
