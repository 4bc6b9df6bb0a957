package io.bactrian.core.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many of the calls of about the last minute failed: of six spans of ten seconds each. Lock-free, and roughly right. */
final class FailureWindow {

    private static final int SPANS = 6;
    private static final long SPAN_NANOS = 10_000_000_000L;

    private final AtomicLongArray calls = new AtomicLongArray(SPANS);
    private final AtomicLongArray failures = new AtomicLongArray(SPANS);
    private final AtomicLong newest = new AtomicLong(Long.MIN_VALUE);

    void count(long now, boolean failed) {
        int span = span(now);
        calls.incrementAndGet(span);
        if (failed) {
            failures.incrementAndGet(span);
        }
    }

    /** Whether at least so many calls were made, and at least half of them failed. */
    boolean mostlyFailing(long now, int leastCalls) {
        span(now);
        long made = 0;
        long failed = 0;
        for (int i = 0; i < SPANS; i++) {
            made += calls.get(i);
            failed += failures.get(i);
        }
        return made >= leastCalls && failed * 2 >= made;
    }

    /** The span of a moment; those that have passed since the newest one begin anew. */
    private int span(long now) {
        long number = Math.floorDiv(now, SPAN_NANOS);
        long last = newest.get();
        if (number > last && newest.compareAndSet(last, number)) {
            long from = last == Long.MIN_VALUE ? number : Math.max(last + 1, number - SPANS + 1);
            for (long each = from; each <= number; each++) {
                int index = Math.floorMod(each, SPANS);
                calls.set(index, 0);
                failures.set(index, 0);
            }
        }
        return Math.floorMod(number, SPANS);
    }
}
