package io.bactrian.store;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the changes of other processes: one query for the numbers above the last one seen. */
final class ChangePoll implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangePoll.class);

    private record Change(TenantId tenant, long number) {}

    private final Database database;
    private final Versions versions;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor scheduler;
    private volatile boolean reachable;
    private volatile @Nullable Instant lastAnswer;
    private @Nullable Instant lastWarning;
    private long seen;

    ChangePoll(Database database, Versions versions, Clock clock) {
        this.database = database;
        this.versions = versions;
        this.clock = clock;
        this.scheduler = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-store-poll");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Learns all numbers, then goes on looking. */
    void start(Duration interval) {
        look();
        scheduler.scheduleWithFixedDelay(
                this::lookOrWarn, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<Change> changes = database.answer(() -> database.sql(StoreStatements.CHANGES_SINCE)
                .param("since", seen)
                .query((row, n) -> new Change(new TenantId(row.getString("tenant_id")), row.getLong("version")))
                .list());
        for (Change change : changes) {
            versions.raise(change.tenant(), change.number());
            seen = Math.max(seen, change.number());
        }
        reachable = true;
        lastAnswer = clock.instant();
    }

    private void lookOrWarn() {
        try {
            look();
        } catch (InvokeException e) {
            reachable = false;
            warn(e.getMessage(), null);
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            reachable = false;
            warn("looking for changes failed", e);
        }
    }

    /** Once a minute, and not for what closing the store brings about. */
    private void warn(String reason, @Nullable RuntimeException cause) {
        Instant now = clock.instant();
        boolean told = lastWarning != null && Duration.between(lastWarning, now).toSeconds() < 60;
        if (!told && !scheduler.isShutdown()) {
            lastWarning = now;
            LOG.warn("the database does not answer; what is known of it serves on for a while: {}", reason, cause);
        }
    }

    boolean reachable() {
        return reachable;
    }

    @Nullable
    Instant lastAnswer() {
        return lastAnswer;
    }

    /** Whether the database has answered within a time, so that what is known of it may be relied on. */
    boolean answeredWithin(Duration time) {
        Instant last = lastAnswer;
        return last != null && Duration.between(last, clock.instant()).compareTo(time) <= 0;
    }

    /** Lets a look that is under way come to its end: interrupting it would close the file of an embedded database. */
    @Override
    public void close() {
        scheduler.shutdown();
    }
}
