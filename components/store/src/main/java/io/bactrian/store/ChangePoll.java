package io.bactrian.store;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the changes of other processes: one query for the numbers above the last one seen, at a steady pace and
 * whenever it is woken.
 */
final class ChangePoll implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangePoll.class);

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final long PATIENCE_MILLIS = 500;

    private record Change(TenantId tenant, long number) {}

    private final Database database;
    private final Versions versions;
    private final Clock clock;
    private final Consumer<TenantId> changed;
    private final Consumer<Boolean> away;
    private final ScheduledThreadPoolExecutor scheduler;
    private final AtomicReference<@Nullable CompletableFuture<Void>> asked = new AtomicReference<>();
    private volatile boolean reachable;
    private boolean gone;
    private volatile @Nullable Instant lastAnswer;
    private @Nullable Instant lastWarning;
    private long seen;

    /**
     * @param database its own connection, so that it does not wait behind calls
     * @param versions learns the numbers
     * @param clock tells when the database last answered
     * @param changed told of each tenant that another process has changed
     * @param away told when the database goes away, and when it is back
     */
    ChangePoll(Database database, Versions versions, Clock clock, Consumer<TenantId> changed, Consumer<Boolean> away) {
        this.database = database;
        this.versions = versions;
        this.clock = clock;
        this.changed = changed;
        this.away = away;
        this.scheduler = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-store-poll");
            thread.setDaemon(true);
            return thread;
        });
        // one that is woken while it closes does nothing
        scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Learns all numbers, then goes on looking. */
    void start(Duration interval) {
        look();
        scheduler.scheduleWithFixedDelay(
                this::lookOrWarn, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks soon. Returns at once; many calls make one look. */
    void wake() {
        soon();
    }

    /**
     * Looks now, and returns when that is done; after half a second in any case. Many calls at a time make one look.
     */
    void lookNow() {
        if (!reachable) {
            return;
        }
        try {
            soon().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("what has changed is not known yet", e);
        }
    }

    /** A look that has not begun yet. */
    private CompletableFuture<Void> soon() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> waiting = asked.compareAndExchange(null, mine);
        if (waiting != null) {
            return waiting;
        }
        scheduler.execute(() -> {
            asked.set(null);
            lookOrWarn();
            mine.complete(null);
        });
        return mine;
    }

    private void look() {
        List<Change> changes = database.answer(() -> database.sql(ChangeStatements.CHANGES_SINCE)
                .param("since", seen)
                .query((row, n) -> new Change(new TenantId(row.getString("tenant_id")), row.getLong("version")))
                .list());
        for (Change change : changes) {
            if (versions.raise(change.tenant(), change.number())) {
                changed.accept(change.tenant());
            }
            seen = Math.max(seen, change.number());
        }
        lastAnswer = clock.instant();
        reachable = true;
        gone(false);
    }

    /** One that is slow or short of connections may still serve those who have one: that is not gone. */
    private void failed(InvokeException e) {
        reachable = false;
        gone(SqlStates.connectionLost(SqlStates.of(e)));
        warn(e.getMessage(), null);
    }

    private void gone(boolean now) {
        if (now != gone) {
            gone = now;
            away.accept(now);
        }
    }

    private void lookOrWarn() {
        try {
            look();
        } catch (InvokeException e) {
            failed(e);
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

    /** For how long the database has not answered; zero if it did when it was last asked. */
    Duration silence() {
        Instant last = lastAnswer;
        if (reachable || last == null) {
            return Duration.ZERO;
        }
        // it does not answer: that cannot be no time at all
        Duration since = Duration.between(last, clock.instant());
        return since.compareTo(Duration.ZERO) > 0 ? since : Duration.ofNanos(1);
    }

    /**
     * Whether the database has answered within a time, so that what is known of it may be relied on. A time shorter than it
     * takes to look a few times would have everybody ask the database for everything.
     */
    boolean answeredWithin(Duration time) {
        Instant last = lastAnswer;
        Duration most = time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
        return last != null && Duration.between(last, clock.instant()).compareTo(most) <= 0;
    }

    /** Lets a look that is under way come to its end: interrupting it would close the file of an embedded database. */
    @Override
    public void close() {
        scheduler.shutdown();
    }
}
