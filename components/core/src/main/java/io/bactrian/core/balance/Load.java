package io.bactrian.core.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one deployment has to do, how fast it is and how often it fails: a peak-sensitive moving average, which forgets, so that
 * who was slow is tried again. Counts lose nothing; averages may lose a sample when two come at the same instant.
 */
final class Load {

    private static final double FORGETTING_NANOS = 10_000_000_000.0;
    private static final double LEAST_NANOS = 1_000.0;
    private static final double ERROR_WEIGHT = 0.1;
    private static final double ERROR_PENALTY = 9;

    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile Average average = new Average(0, 0, 0);

    private record Average(double nanos, double errorRate, long at) {

        double nanosAt(long now) {
            return nanos == 0 ? 0 : nanos * Math.exp(-Math.max(0, now - at) / FORGETTING_NANOS);
        }

        double errorRateAt(long now) {
            return errorRate == 0 ? 0 : errorRate * Math.exp(-Math.max(0, now - at) / FORGETTING_NANOS);
        }
    }

    void begin() {
        requests.increment();
        inFlight.incrementAndGet();
    }

    void over() {
        inFlight.decrementAndGet();
    }

    void answered(long now, long nanos) {
        Average last = average;
        double before = last.nanosAt(now);
        // what gets slower is believed at once, what gets faster little by little
        double next = nanos > before ? nanos : before + (nanos - before) * 0.3;
        average = new Average(next, last.errorRateAt(now) * (1 - ERROR_WEIGHT), now);
    }

    void failed(long now) {
        errors.increment();
        Average last = average;
        average = new Average(last.nanosAt(now), last.errorRateAt(now) * (1 - ERROR_WEIGHT) + ERROR_WEIGHT, now);
    }

    /** What a call would cost there, relative to others. */
    double cost(long now, int weight) {
        Average last = average;
        return (last.nanosAt(now) + LEAST_NANOS)
                * (inFlight.get() + 1)
                * (1 + ERROR_PENALTY * last.errorRateAt(now))
                / weight;
    }

    long requests() {
        return requests.sum();
    }

    long errors() {
        return errors.sum();
    }

    int inFlight() {
        return inFlight.get();
    }

    long averageNanos(long now) {
        return (long) average.nanosAt(now);
    }
}
