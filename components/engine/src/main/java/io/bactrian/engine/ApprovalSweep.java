package io.bactrian.engine;

import io.bactrian.core.tool.ApprovalStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes approvals that expired long ago. Nothing but room depends on it. */
final class ApprovalSweep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalSweep.class);
    private static final Duration KEPT_FOR = Duration.ofDays(30);
    private static final long HOURS_BETWEEN = 1;

    private final ApprovalStore approvals;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor sweeper;

    ApprovalSweep(ApprovalStore approvals, Clock clock) {
        this.approvals = approvals;
        this.clock = clock;
        this.sweeper = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-approvals-sweep");
            thread.setDaemon(true);
            return thread;
        });
        sweeper.scheduleWithFixedDelay(this::sweep, HOURS_BETWEEN, HOURS_BETWEEN, TimeUnit.HOURS);
    }

    private void sweep() {
        try {
            approvals.removeExpired(clock.instant().minus(KEPT_FOR));
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            LOG.warn("old approvals were not removed, which is tried again in an hour: {}", e.toString());
        }
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
