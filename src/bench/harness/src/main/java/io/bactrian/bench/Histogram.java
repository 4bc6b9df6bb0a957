package io.bactrian.bench;

/** Counts times in steps of one sixteenth; for many threads, each with its own. */
final class Histogram {

    private static final int SUB = 16;

    private final long[] counts = new long[64 * SUB];

    void add(long nanos) {
        counts[index(Math.max(1, nanos))]++;
    }

    void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    long count() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** The time that this share of all stayed within, in nanoseconds. */
    long quantile(double share) {
        long wanted = (long) Math.ceil(count() * share);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return upper(i);
            }
        }
        return 0;
    }

    private static int index(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int sub = power < 4 ? 0 : (int) (nanos >>> (power - 4)) & (SUB - 1);
        return power * SUB + sub;
    }

    private static long upper(int index) {
        int power = index / SUB;
        return power < 4 ? 1L << power : (1L << power) + ((index % SUB + 1L) << (power - 4));
    }
}
