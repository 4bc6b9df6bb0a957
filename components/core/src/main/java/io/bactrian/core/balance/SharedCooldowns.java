package io.bactrian.core.balance;

import io.bactrian.core.error.InvokeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has nodes share who is out: tells the others at a steady pace, and learns what they tell. Calls never wait for it, and while
 * the store is away each node goes by what it finds itself.
 */
public final class SharedCooldowns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedCooldowns.class);

    /** Beyond this many at a time, those that come last are not told: each node finds out for itself. */
    private static final int MOST_WAITING = 10_000;

    private final LoadBalancingManager manager;
    private final CooldownStore store;
    private final Map<CooldownKey, Cooldown> waiting = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor scheduler;

    private SharedCooldowns(LoadBalancingManager manager, CooldownStore store) {
        this.manager = manager;
        this.store = store;
        this.scheduler = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-cooldowns");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Begins to share.
     *
     * @param interval how often the store is asked; what one node finds is known to the others after twice that
     */
    public static SharedCooldowns start(LoadBalancingManager manager, CooldownStore store, Duration interval) {
        SharedCooldowns shared = new SharedCooldowns(manager, store);
        manager.onCooldown(shared::tell);
        shared.scheduler.scheduleWithFixedDelay(
                shared::exchange, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return shared;
    }

    private void tell(Cooldown cooldown) {
        if (waiting.size() < MOST_WAITING) {
            waiting.merge(
                    cooldown.key(), cooldown, (one, other) -> other.until().isAfter(one.until()) ? other : one);
        }
    }

    /** Tells and learns, once. Never throws: a task that does is never run again. */
    void exchange() {
        try {
            List<Cooldown> mine = List.copyOf(waiting.values());
            if (!mine.isEmpty()) {
                store.put(mine);
                mine.forEach(told -> waiting.remove(told.key(), told));
            }
            store.current().forEach(manager::learn);
        } catch (InvokeException e) {
            LOG.debug("who is out is not shared for now: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("who is out could not be shared", e);
        }
    }

    /** Shares no more. */
    @Override
    public void close() {
        scheduler.shutdown();
    }
}
