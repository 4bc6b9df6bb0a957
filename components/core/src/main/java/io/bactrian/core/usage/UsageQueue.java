package io.bactrian.core.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written: so many at most, those on their way into the store among them. Many put in and one takes out, none of
 * them with a lock.
 */
final class UsageQueue {

    private final Queue<RunningUsage> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;
    private volatile @Nullable RunningUsage onItsWay;
    private volatile boolean closed;

    UsageQueue(int capacity) {
        this.capacity = capacity;
    }

    /** How many there are with this one; 0 if it was not taken, as there are too many. */
    int offer(RunningUsage usage) {
        int there = size.incrementAndGet();
        if (there > capacity || closed) {
            size.decrementAndGet();
            return 0;
        }
        waiting.add(usage);
        if (closed && waiting.remove(usage)) {
            // nobody comes for it any more
            size.decrementAndGet();
            return 0;
        }
        return there;
    }

    /** Some of those that wait, for the one who writes them; they count as waiting until they are {@link #gone}. */
    List<RunningUsage> take(int most) {
        List<RunningUsage> taken = new ArrayList<>();
        RunningUsage next = waiting.peek();
        onItsWay = next;
        while (next != null && taken.size() < most) {
            taken.add(waiting.remove());
            next = waiting.peek();
        }
        return taken;
    }

    /** Some of those that were taken are written, or counted as lost. */
    void gone(int number) {
        size.addAndGet(-number);
    }

    /** All that were taken are. */
    void allGone() {
        onItsWay = null;
    }

    int size() {
        return size.get();
    }

    /** The one that waits longest; null if none does. */
    @Nullable
    RunningUsage oldest() {
        RunningUsage taken = onItsWay;
        return taken == null ? waiting.peek() : taken;
    }

    /** Takes no more. */
    void close() {
        closed = true;
        waiting.clear();
    }
}
