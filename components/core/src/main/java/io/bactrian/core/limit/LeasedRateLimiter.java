package io.bactrian.core.limit;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.limit.RateBlocks.PermitsGranted;
import io.bactrian.core.limit.RateBlocks.PermitsWanted;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of one process, or shared by several that take blocks of them: those of settings, and those that tenants keep.
 * What is not in use is forgotten where that lets nobody exceed a limit; when too many are in use, new ones are refused (MEM-03).
 */
public final class LeasedRateLimiter implements RateLimiter {

    private static final Logger LOG = LoggerFactory.getLogger(LeasedRateLimiter.class);

    /** How many of those that limits tell apart are known at once. */
    public static final int MOST_SUBJECTS = 200_000;

    /** How long after its deadline a call that never said that it ended is taken to have. */
    public static final Duration MARGIN = Duration.ofSeconds(5);

    /** What holds for calls whose deadline is later. */
    public static final Duration LONGEST_CALL = Duration.ofHours(24);

    private static final int FIRST_SWEEP = 1_024;
    private static final long BETWEEN_SWEEPS = Duration.ofSeconds(1).toNanos();

    private final RateRules rules;
    private final Function<Counted, Bucket> maker;
    private final LongSupplier nanoClock;
    private final int mostSubjects;
    private final Set<Bucket> untidy = ConcurrentHashMap.newKeySet();
    private final AtomicInteger subjects = new AtomicInteger();
    private final ReentrantLock sweeping = new ReentrantLock();
    private volatile int nextSweep = FIRST_SWEEP;
    private volatile long sweptAt;

    private LeasedRateLimiter(
            List<RateLimit> limits,
            RuleSource<RateLimitRule> kept,
            Function<Consumer<Bucket>, Function<Counted, Bucket>> maker,
            LongSupplier nanoClock,
            int mostSubjects) {
        this.rules = new RateRules(limits, kept, this::forgotten);
        this.maker = maker.apply(untidy::add);
        this.nanoClock = nanoClock;
        this.mostSubjects = mostSubjects;
        this.sweptAt = nanoClock.getAsLong() - BETWEEN_SWEEPS;
    }

    /**
     * Limits of this process alone.
     *
     * @param limits those of settings
     * @param kept those that tenants keep
     * @param nanoClock counts nanoseconds
     */
    public static LeasedRateLimiter inMemory(
            List<RateLimit> limits, RuleSource<RateLimitRule> kept, LongSupplier nanoClock) {
        return inMemory(limits, kept, nanoClock, MOST_SUBJECTS);
    }

    /** As {@link #inMemory(List, RuleSource, LongSupplier)}, with those of settings alone. */
    public static LeasedRateLimiter inMemory(List<RateLimit> limits, LongSupplier nanoClock) {
        return inMemory(limits, RuleSource.none(), nanoClock);
    }

    static LeasedRateLimiter inMemory(
            List<RateLimit> limits, RuleSource<RateLimitRule> kept, LongSupplier nanoClock, int mostSubjects) {
        return new LeasedRateLimiter(
                limits,
                kept,
                untidy -> counted -> counted.limit().resource() == RateResource.CONCURRENT
                        ? new PermitBucket(counted, null, nanoClock, untidy)
                        : new WindowBucket(counted, new MemoryUnits(counted, nanoClock), nanoClock, untidy),
                nanoClock,
                mostSubjects);
    }

    /**
     * Limits that several processes share; {@link #tend} is to be called several times a second.
     *
     * @param limits those of settings
     * @param kept those that tenants keep
     * @param blocks what they share
     * @param node this process: no two have the same, not even one after the other
     * @param nanoClock counts nanoseconds
     */
    public static LeasedRateLimiter shared(
            List<RateLimit> limits,
            RuleSource<RateLimitRule> kept,
            RateBlocks blocks,
            String node,
            LongSupplier nanoClock) {
        return new LeasedRateLimiter(
                limits,
                kept,
                untidy -> counted -> counted.limit().resource() == RateResource.CONCURRENT
                        ? new PermitBucket(counted, lessor(counted, blocks, node), nanoClock, untidy)
                        : new WindowBucket(counted, new SharedUnits(counted, blocks), nanoClock, untidy),
                nanoClock,
                MOST_SUBJECTS);
    }

    /** As {@link #shared(List, RuleSource, RateBlocks, String, LongSupplier)}, with those of settings alone. */
    public static LeasedRateLimiter shared(
            List<RateLimit> limits, RateBlocks blocks, String node, LongSupplier nanoClock) {
        return shared(limits, RuleSource.none(), blocks, node, nanoClock);
    }

    private static PermitBucket.Lessor lessor(Counted counted, RateBlocks blocks, String node) {
        return new PermitBucket.Lessor() {
            @Override
            public PermitsGranted lease(PermitsWanted wanted) {
                return blocks.lease(counted.key(), node, wanted);
            }

            @Override
            public void giveBack(int keep) {
                blocks.giveBack(counted.key(), node, keep);
            }
        };
    }

    @Override
    public RatePermit acquire(RateSubject subject, LongSupplier tokens, Deadline deadline, @Nullable RatePermit held) {
        LeasedPermit already = held instanceof LeasedPermit leased ? leased : null;
        RateRule[] present = rules.of(subject.tenant());
        if (present.length == 0) {
            return RatePermit.NONE;
        }
        Hold[] holds = new Hold[present.length];
        int taken = 0;
        long estimate = -1;
        try {
            for (RateRule rule : present) {
                if (!rule.isAbout(subject)) {
                    continue;
                }
                long units = 1;
                if (rule.countsTokens()) {
                    estimate = estimate < 0 ? tokens.getAsLong() : estimate;
                    units = estimate;
                }
                Hold hold = units <= 0 ? null : taken(rule, subject, units, deadline, already);
                if (hold != null) {
                    holds[taken++] = hold;
                }
            }
        } catch (RuntimeException e) {
            // all or nothing
            for (int i = taken - 1; i >= 0; i--) {
                holds[i].undo();
            }
            throw e;
        }
        return taken == 0 ? RatePermit.NONE : new LeasedPermit(Arrays.copyOf(holds, taken), already);
    }

    /** What a call gets under a rule; null if it has that already. */
    private @Nullable Hold taken(
            RateRule rule, RateSubject subject, long units, Deadline deadline, @Nullable LeasedPermit already) {
        RateSubject distinct = rule.distinct(subject);
        while (true) {
            Bucket bucket = bucket(rule, distinct);
            if (already != null && already.holds(bucket)) {
                return null;
            }
            Hold hold = bucket.take(units, until(deadline));
            if (hold != null) {
                return hold;
            }
            forget(rule, distinct, bucket);
        }
    }

    private long until(Deadline deadline) {
        return nanoClock.getAsLong() + Math.min(deadline.remainingNanos(), LONGEST_CALL.toNanos()) + MARGIN.toNanos();
    }

    private Bucket bucket(RateRule rule, RateSubject distinct) {
        Bucket known = rule.buckets().get(distinct);
        if (known != null) {
            return known;
        }
        makeRoom();
        return rule.buckets().computeIfAbsent(distinct, subject -> {
            subjects.incrementAndGet();
            return maker.apply(new Counted(rule, subject));
        });
    }

    private void forget(RateRule rule, RateSubject distinct, Bucket bucket) {
        if (rule.buckets().remove(distinct, bucket)) {
            subjects.decrementAndGet();
        }
    }

    private void makeRoom() {
        int known = subjects.get();
        boolean full = known >= mostSubjects;
        boolean due = full ? nanoClock.getAsLong() - sweptAt >= BETWEEN_SWEEPS : known >= nextSweep;
        if (due && sweeping.tryLock()) {
            try {
                sweep();
            } finally {
                sweeping.unlock();
            }
        }
        if (subjects.get() >= mostSubjects) {
            throw new UnavailableException(
                    ErrorCode.OVERLOADED,
                    "limits tell more than " + mostSubjects + " tenants, applications, models or API keys apart that"
                            + " were all in use lately; try again later, or have fewer limits with '*'");
        }
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        rules.forEach(rule -> tidied(rule, now));
        sweptAt = now;
        nextSweep = Math.max(FIRST_SWEEP, Math.min(2 * subjects.get(), mostSubjects));
    }

    private void tidied(RateRule rule, long now) {
        rule.buckets().forEach((distinct, bucket) -> {
            if (bucket.retire(now)) {
                forget(rule, distinct, bucket);
            }
        });
    }

    /** Whether nothing of a rule counts any more that is no longer in force. */
    private boolean forgotten(RateRule rule) {
        tidied(rule, nanoClock.getAsLong());
        return rule.buckets().isEmpty();
    }

    /** How many of those that limits tell apart are known. */
    int subjects() {
        return subjects.get();
    }

    @Override
    public void tend() {
        tend(false);
    }

    /** What is still in use goes when its time is over. */
    @Override
    public void close() {
        tend(true);
    }

    private void tend(boolean all) {
        long now = nanoClock.getAsLong();
        for (Bucket bucket : new ArrayList<>(untidy)) {
            // before it is looked at: what comes in meanwhile is looked at next time
            untidy.remove(bucket);
            if (more(bucket, now, all)) {
                untidy.add(bucket);
            }
        }
    }

    private static boolean more(Bucket bucket, long now, boolean all) {
        try {
            return bucket.tend(now, all);
        } catch (RuntimeException e) {
            LOG.warn("{} could not give others what it does not need", bucket.limit(), e);
            return true;
        }
    }
}
