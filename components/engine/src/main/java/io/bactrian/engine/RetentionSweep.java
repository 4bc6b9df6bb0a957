package io.bactrian.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is older than it is to be kept, in steps that hold nobody up. */
final class RetentionSweep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration BETWEEN = Duration.ofHours(1);
    private static final int STEP = 1_000;
    private static final long PATIENCE_SECONDS = 5;

    private final String what;
    private final Removal removal;
    private final Duration retention;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor sweeper;

    /** Removes some of what is older than a moment: how many, fewer than asked for if there are no more. */
    @FunctionalInterface
    interface Removal {
        int before(Instant moment, int most);
    }

    /**
     * @param what what is removed, as the log and the thread call it: {@code usage}
     * @param removal removes it
     * @param retention how long it is kept
     */
    RetentionSweep(String what, Removal removal, Duration retention, Clock clock) {
        this.what = what;
        this.removal = removal;
        this.retention = retention;
        this.clock = clock;
        this.sweeper = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-" + what + "-sweep");
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
                step = removal.before(before, STEP);
                removed += step;
            }
            LOG.debug("{} records of {} were older than {} and are removed", removed, what, retention);
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            LOG.warn("old records of {} were not removed, which is tried again in an hour: {}", what, e.toString());
        }
    }

    @Override
    public void close() {
        // a statement under way comes to its end: an interruption would cost the embedded database its file
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the removal of old records of {} did not end in {} s", what, PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
