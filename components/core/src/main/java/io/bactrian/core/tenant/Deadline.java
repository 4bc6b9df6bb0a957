package io.bactrian.core.tenant;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which a call must be over. It travels with the call, only ever gets sooner, and is the one source of
 * time-outs. Measured on a monotonic clock.
 */
public final class Deadline {

    private final long atNanos;
    private final LongSupplier nanoClock;

    private Deadline(long atNanos, LongSupplier nanoClock) {
        this.atNanos = atNanos;
        this.nanoClock = nanoClock;
    }

    /** The deadline {@code after} from now on the system's monotonic clock. */
    public static Deadline in(Duration after) {
        return in(after, System::nanoTime);
    }

    /** The deadline {@code after} from now on the given clock, which counts nanoseconds. */
    public static Deadline in(Duration after, LongSupplier nanoClock) {
        return new Deadline(nanoClock.getAsLong() + saturatedNanos(after), nanoClock);
    }

    /** The time left; zero when the deadline has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** The nanoseconds left; zero when the deadline has passed. */
    public long remainingNanos() {
        return Math.max(0, atNanos - nanoTime());
    }

    /** What its clock says now, in nanoseconds: means something beside another reading only. */
    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** Whether no time was left when its clock said {@code nanoTime}. */
    public boolean expiredAt(long nanoTime) {
        return atNanos - nanoTime <= 0;
    }

    /** Whether no time is left. */
    public boolean expired() {
        return expiredAt(nanoTime());
    }

    /** This deadline, or the one {@code limit} from now if that is sooner. */
    public Deadline within(Duration limit) {
        long sooner = nanoClock.getAsLong() + saturatedNanos(limit);
        return sooner - atNanos < 0 ? new Deadline(sooner, nanoClock) : this;
    }

    /**
     * This deadline, or the one {@code limit} from the moment at which {@code remainingNanos} were left, if that is sooner.
     *
     * @param remainingNanos what {@link #remainingNanos} has said
     */
    public Deadline within(Duration limit, long remainingNanos) {
        long longer = remainingNanos - saturatedNanos(limit);
        return longer > 0 ? new Deadline(atNanos - longer, nanoClock) : this;
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }

    // a quarter of the range keeps differences of two readings from overflowing
    private static long saturatedNanos(Duration duration) {
        return duration.getSeconds() > Long.MAX_VALUE / 4_000_000_000L ? Long.MAX_VALUE / 4 : duration.toNanos();
    }
}
