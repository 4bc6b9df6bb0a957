package io.bactrian.core.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node's part of a limit that nodes share: its leases, and what it spends of them. Its lock is
 * never held while the shared accounts are asked.
 */
final class LeasedMeter extends Meter {

    /** The limit as it was last asked for: its account, unit and period never change. */
    QuotaLimit limit;

    /** The one that is spent from; null if there is none. */
    @Nullable
    Lease current;

    /** All that are not done with, the current one among them. */
    final List<Lease> leases = new ArrayList<>();

    /** Who asks for more just now; null if nobody does. */
    @Nullable
    CompletableFuture<Void> asking;

    /** What those need who wait for whoever asks: the next one asks for them too. */
    long demand;

    /** Why there was no more when it was last asked for; null if there was. */
    @Nullable
    QuotaRefusal refusal;

    private long refusedUntil;

    /** How often units went back to the shared accounts. */
    private long returns;

    /** How many of those returns are under way: where they are nobody can tell. */
    private int returning;

    boolean retired;

    /** How many thresholds of alerts were reached, as far as this node knows. */
    int level;

    private Instant levelOf = Instant.MIN;
    private long levelOfLimit = -1;

    LeasedMeter(QuotaLimit limit) {
        this.limit = limit;
    }

    /** Units that this node may spend. */
    final class Lease implements Hold {

        final String id;
        final Instant windowStart;
        // by the node's clock, and rather too early: the period ends, the lease expires
        final long endsAt;
        long expiresAt;
        // the highest limit that any of it was leased by
        long limit;
        long amount;
        long held;
        long used;
        long left;
        long spentAt;
        boolean lost;

        private Lease(String id, Instant windowStart, long endsAt) {
            this.id = id;
            this.windowStart = windowStart;
            this.endsAt = endsAt;
        }

        long free() {
            return amount - held - used;
        }

        boolean spendable(long nanos) {
            return !lost && nanos - endsAt < 0 && nanos - expiresAt < 0;
        }

        void hold(long units, long nanos) {
            held += units;
            spentAt = nanos;
        }

        @Override
        public long settle(Charge charge, long actual) {
            lock.lock();
            try {
                held -= charge.amount();
                // one that was lost counts as used in full by those who found it
                long charged = lost ? actual : Math.min(actual, Math.max(charge.amount(), free()));
                used += charged;
                if (charged < charge.amount()) {
                    // others may fit in now
                    refusal = null;
                }
                return actual - charged;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether so much can be spent at once of a limit. What was leased by a higher one is not what it allows for. */
    boolean fits(long units, long ofLimit, long nanos) {
        if (units == 0) {
            return true;
        }
        Lease lease = current;
        return lease != null && lease.spendable(nanos) && lease.limit <= ofLimit && units <= lease.free();
    }

    /** Lets go of a lease by a higher limit, since the limit was lowered; whether there was one. What is held of it stays held. */
    boolean lowered(long limitNow) {
        Lease lease = current;
        if (lease == null || lease.limit <= limitNow || asking != null) {
            return false;
        }
        current = null;
        return true;
    }

    /** Whether it was just now found that there is not as much; that is not asked again for a moment. */
    boolean refusedJustNow(QuotaLimit wanted, long units, long nanos) {
        QuotaRefusal known = refusal;
        return known != null && nanos - refusedUntil < 0 && units >= known.asked() && wanted.equals(known.limit());
    }

    /** How many units are missing. */
    long lacking(long units, long nanos) {
        Lease lease = current;
        return lease != null && lease.spendable(nanos) ? Math.max(1, units - lease.free()) : units;
    }

    /** Takes over what was leased by a limit. */
    void add(QuotaLeases.Granted granted, long byLimit, long sentNanos, Duration duration) {
        Lease lease = find(granted.lease());
        if (lease == null) {
            Instant end = granted.window().end();
            long endsAt = end == null
                    ? sentNanos + Long.MAX_VALUE / 2
                    : sentNanos + saturated(Duration.between(granted.now(), end));
            lease = new Lease(granted.lease(), granted.window().start(), endsAt);
            lease.spentAt = sentNanos;
            leases.add(lease);
            Lease before = current;
            if (before != null && before.windowStart.equals(lease.windowStart)) {
                // it was not there any more
                before.lost = true;
            }
            current = lease;
        }
        lease.limit = lease.free() == 0 ? byLimit : Math.max(lease.limit, byLimit);
        lease.amount += granted.added();
        lease.left = granted.left();
        lease.expiresAt = sentNanos + duration.toNanos();
        refusal = null;
    }

    private @Nullable Lease find(String id) {
        for (Lease lease : leases) {
            if (lease.id.equals(id)) {
                return lease;
            }
        }
        return null;
    }

    private static long saturated(Duration duration) {
        return duration.getSeconds() > Long.MAX_VALUE / 4_000_000_000L ? Long.MAX_VALUE / 4 : duration.toNanos();
    }

    /** Forgets a lease. */
    void remove(Lease lease) {
        leases.remove(lease);
        if (lease == current) {
            current = null;
        }
    }

    /** Units go back to the shared accounts. */
    void returns() {
        returns++;
        returning++;
    }

    /** They are there, or are not going to be. */
    void returned() {
        returning--;
    }

    /** Tells answers that know of all returns, as long as it stays the same, from others. */
    long returnsKnown() {
        return returning > 0 ? -1 : returns;
    }

    /** Whether an answer may not know of units that went back, when it was asked for at this state of {@link #returnsKnown}. */
    boolean wentBackSince(long known) {
        return known != returns;
    }

    /** Remembers for a while that there was not enough, but not beyond the moment at which there may be again. */
    void refused(QuotaRefusal why, long sentNanos, Duration atMost) {
        Instant resetsAt = why.resetsAt();
        Duration untilThen = resetsAt == null ? atMost : Duration.between(why.now(), resetsAt);
        refusal = why;
        refusedUntil = sentNanos + (untilThen.compareTo(atMost) < 0 ? untilThen : atMost).toNanos();
    }

    /** Gives a lease up of which nobody knows what it holds: it expires by itself and counts as used. */
    void doubt(@Nullable Lease lease) {
        if (lease != null) {
            lease.lost = true;
            if (lease == current) {
                current = null;
            }
        }
    }

    /** The thresholds reached in a period, by a limit; what was reached in another, or of another, does not count. */
    int level(Instant windowStart, long ofLimit) {
        if (!windowStart.equals(levelOf) || ofLimit != levelOfLimit) {
            levelOf = windowStart;
            levelOfLimit = ofLimit;
            level = 0;
        }
        return level;
    }

    /** Whoever asked has been answered; gives what the others wait for. */
    CompletableFuture<Void> answered() {
        CompletableFuture<Void> waiting = Objects.requireNonNull(asking);
        asking = null;
        return waiting;
    }

    /** Whether nothing depends on it. */
    boolean idle() {
        return leases.isEmpty() && asking == null;
    }
}
