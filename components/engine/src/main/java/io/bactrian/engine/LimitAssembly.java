package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.RateInterceptor;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateBlocks;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limiter of an installation: shared by all that have its database open, where several can; of this process alone otherwise.
 * None where there are no limits, and no store that tenants could keep some in.
 */
final class LimitAssembly implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LimitAssembly.class);
    private static final Duration BETWEEN_TENDING = Duration.ofMillis(200);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);
    private static final long PATIENCE_SECONDS = 5;

    private final List<RateLimitRule> declared;
    private final @Nullable RateLimiter limiter;
    private final @Nullable ScheduledThreadPoolExecutor tender;

    private LimitAssembly(
            List<RateLimitRule> declared, @Nullable RateLimiter limiter, @Nullable ScheduledThreadPoolExecutor tender) {
        this.declared = declared;
        this.limiter = limiter;
        this.tender = tender;
    }

    /**
     * Reads the limits and makes the limiter.
     *
     * @param store the store; null if there is none
     * @param kept the limits that tenants keep
     * @throws MisconfiguredException naming every setting that is wrong
     */
    static LimitAssembly of(
            Settings settings,
            @Nullable OpenStore store,
            @Nullable TenantId defaultTenant,
            RuleSource<RateLimitRule> kept,
            LongSupplier nanoClock) {
        List<String> problems = new ArrayList<>();
        List<RateLimitRule> declared = RuleSettings.limits(settings, defaultTenant, problems);
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", problems));
        }
        if (declared.isEmpty() && kept.empty()) {
            return new LimitAssembly(declared, null, null);
        }
        List<RateLimit> limits =
                declared.stream().flatMap(rule -> rule.limits().stream()).toList();
        RateBlocks blocks = store == null ? null : store.rateBlocks().orElse(null);
        LOG.info(
                "{} limits of settings, {}",
                limits.size(),
                blocks == null ? "of this process alone" : "shared by all nodes");
        if (blocks == null) {
            return new LimitAssembly(declared, LeasedRateLimiter.inMemory(limits, kept, nanoClock), null);
        }
        RateLimiter limiter =
                LeasedRateLimiter.shared(limits, kept, blocks, UUID.randomUUID().toString(), nanoClock);
        return new LimitAssembly(declared, limiter, tender(limiter, blocks));
    }

    /** The limits of settings. */
    List<RateLimitRule> declared() {
        return declared;
    }

    private static ScheduledThreadPoolExecutor tender(RateLimiter limiter, RateBlocks blocks) {
        ScheduledThreadPoolExecutor tender = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-limits");
            thread.setDaemon(true);
            return thread;
        });
        repeat(tender, limiter::tend, BETWEEN_TENDING);
        repeat(tender, blocks::sweep, BETWEEN_SWEEPS);
        return tender;
    }

    private static void repeat(ScheduledThreadPoolExecutor tender, Runnable work, Duration between) {
        tender.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        // a scheduled task that throws is never run again
                        LOG.debug("what nodes share of limits was not tended, which is tried again: {}", e.toString());
                    }
                },
                between.toMillis(),
                between.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The users' links, with that of the limits before them if there are any. */
    List<Interceptor> before(List<Interceptor> links) {
        if (limiter == null) {
            return links;
        }
        List<Interceptor> all = new ArrayList<>(links);
        all.add(0, RateInterceptor.of(limiter));
        return all;
    }

    /** Gives other nodes what this one has. Before the store. */
    @Override
    public void close() {
        if (tender != null) {
            tender.shutdown();
            try {
                if (!tender.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.debug("limits are tended still");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (limiter != null) {
            limiter.close();
        }
    }
}
