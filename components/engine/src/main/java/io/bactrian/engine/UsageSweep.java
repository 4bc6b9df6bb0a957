package io.bactrian.engine;

import io.bactrian.core.usage.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes usage that is older than it is to be kept, in steps that hold nobody up. */
final class UsageSweep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsageSweep.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration BETWEEN = Duration.ofHours(1);
    private static final int STEP = 1_000;
    private static final long PATIENCE_SECONDS = 5;

    private final UsageStore usage;
    private final Duration retention;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor sweeper;

    UsageSweep(UsageStore usage, Duration retention, Clock clock) {
        this.usage = usage;
        this.retention = retention;
        this.clock = clock;
        this.sweeper = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-usage-sweep");
            thread.setDaemon(true);
            return thread;
        });
        sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        sweeper.scheduleWithFixedDelay(this::sweep, FIRST.toSeconds(), BETWEEN.toSeconds(), TimeUnit.SECONDS);
    }

    void sweep() {
        try {
            Instant before = clock.instant().minus(retention);
            long removed = 0;
            int step = STEP;
            while (step == STEP && !sweeper.isShutdown()) {
                step = usage.removeBefore(before, STEP);
                removed += step;
            }
            LOG.debug("{} usage records were older than {} and are removed", removed, retention);
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            LOG.warn("old usage records were not removed, which is tried again in an hour: {}", e.toString());
        }
    }

    @Override
    public void close() {
        // a statement under way comes to its end: an interruption would cost the embedded database its file
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the removal of old usage records did not end in {} s", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
