package io.bactrian.core.balance;

import io.bactrian.core.config.BalancingStrategy;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

/** Names who is next, by a strategy; whether they can be used is not its business. Lock-free. */
abstract class Picker {

    /** 2^64 divided by the golden ratio: its multiples are spread as evenly as can be, however many there are. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final int size;

    private Picker(int size) {
        this.size = size;
    }

    /** @param random gives a number below another */
    static Picker of(
            BalancingStrategy strategy, BalancedCredential[] credentials, Slot[] slots, IntUnaryOperator random) {
        return switch (strategy) {
            case ROUND_ROBIN -> new RoundRobin(slots.length);
            case WEIGHTED -> new Weighted(credentials);
            case POWER_OF_TWO -> new PowerOfTwo(credentials, slots, random);
        };
    }

    /** Who is next. */
    abstract int next(long now);

    /** Where to begin when they are taken in turn. */
    int start() {
        return ThreadLocalRandom.current().nextInt(size);
    }

    /** A number without any resemblance to the one it is made of (the finaliser of SplitMix64). */
    static long mixed(long number) {
        long z = number + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static final class RoundRobin extends Picker {

        private final int size;
        // nodes and pools that start together should not all begin with the first
        private final AtomicLong count;

        RoundRobin(int size) {
            super(size);
            this.size = size;
            this.count = new AtomicLong(ThreadLocalRandom.current().nextInt(size));
        }

        @Override
        int next(long now) {
            return (int) Math.floorMod(count.getAndIncrement(), (long) size);
        }
    }

    /** In proportion to the weights, and as evenly as can be: no random run of one after the same. */
    private static final class Weighted extends Picker {

        private final long[] upTo;
        private final long total;
        private final AtomicLong count =
                new AtomicLong(ThreadLocalRandom.current().nextLong());

        Weighted(BalancedCredential[] credentials) {
            super(credentials.length);
            this.upTo = new long[credentials.length];
            long sum = 0;
            for (int i = 0; i < credentials.length; i++) {
                sum += credentials[i].weight();
                upTo[i] = sum;
            }
            this.total = sum;
        }

        @Override
        int next(long now) {
            // 63 bits of a fraction of one, times the sum of the weights
            long fraction = (count.getAndIncrement() * GOLDEN) >>> 1;
            long point = Math.multiplyHigh(fraction, total * 2);
            int low = 0;
            int high = upTo.length - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (point < upTo[middle]) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    private static final class PowerOfTwo extends Picker {

        private final BalancedCredential[] credentials;
        private final Slot[] slots;
        private final IntUnaryOperator random;

        PowerOfTwo(BalancedCredential[] credentials, Slot[] slots, IntUnaryOperator random) {
            super(slots.length);
            this.random = random;
            this.credentials = credentials;
            this.slots = slots;
        }

        @Override
        int next(long now) {
            int one = random.applyAsInt(slots.length);
            int other = random.applyAsInt(slots.length - 1);
            other = other >= one ? other + 1 : other;
            return cost(one, now) <= cost(other, now) ? one : other;
        }

        private double cost(int index, long now) {
            return slots[index].load.cost(now, credentials[index].weight());
        }
    }
}
