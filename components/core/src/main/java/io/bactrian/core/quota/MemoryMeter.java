package io.bactrian.core.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is used and held of one limit, in memory. */
final class MemoryMeter extends Meter {

    // a clock may be set back by so much after the end of a stretch
    private static final long SET_BACK_MILLIS = 3_600_000;

    private final QuotaPeriod period;
    private final MillisClock clock;
    private @Nullable Window window;
    private boolean retired;

    /** Tells the time in milliseconds since the epoch, without garbage. */
    @FunctionalInterface
    interface MillisClock {
        long millis();
    }

    MemoryMeter(QuotaPeriod period, MillisClock clock) {
        this.period = period;
        this.clock = clock;
    }

    /** One stretch of the period. What was reserved in it is settled in it, also after its end. */
    final class Window implements Hold {

        private final long startsAt;
        private final long endsAt;
        private final @Nullable RollingParts parts;
        private long held;
        private long used;
        private int level;
        private long levelOf = -1;

        private Window(QuotaPeriod.Window stretch) {
            this.startsAt = stretch.start().toEpochMilli();
            Instant end = stretch.end();
            this.endsAt = end == null ? Long.MAX_VALUE : end.toEpochMilli();
            this.parts = period instanceof QuotaPeriod.Rolling rolling ? new RollingParts(rolling) : null;
        }

        long used() {
            return used;
        }

        long held() {
            return held;
        }

        boolean fits(long amount, long limit) {
            long left = limit - used - held;
            return amount <= left;
        }

        void hold(long amount) {
            held += amount;
        }

        private void advance(long now) {
            if (parts != null) {
                parts.advance(now);
                used = parts.total();
            }
        }

        @Override
        public long settle(Charge charge, long actual) {
            lock.lock();
            try {
                advance(clock.millis());
                held -= charge.amount();
                long room = Math.max(charge.amount(), charge.limit().limit() - used - held);
                long charged = Math.min(actual, room);
                used += charged;
                if (parts != null) {
                    parts.add(charged);
                }
                return actual - charged;
            } finally {
                lock.unlock();
            }
        }

        int level() {
            return level;
        }

        /** Notes how many thresholds an amount has reached. In one stretch of a calendar that only grows. */
        int raise(long amount, long limit, Alarm alarm) {
            boolean mayFall = parts != null || levelOf != limit;
            level = mayFall ? alarm.level(level, amount, limit) : Math.max(level, alarm.level(amount, limit));
            levelOf = limit;
            return level;
        }

        /** Tells of thresholds that what is used has reached since they were last told. */
        @Override
        public void tell(QuotaLimit limit, Alarm alarm) {
            int before;
            int after;
            long amount;
            lock.lock();
            try {
                before = level;
                amount = used;
                after = raise(amount, limit.limit(), alarm);
            } finally {
                lock.unlock();
            }
            alarm.tell(limit, amount, before, after);
        }

        @Nullable
        Instant resetsAt(long needed) {
            if (parts == null) {
                return endsAt == Long.MAX_VALUE ? null : Instant.ofEpochMilli(endsAt);
            }
            long at = parts.freedAt(needed);
            return at == Long.MAX_VALUE ? null : Instant.ofEpochMilli(at);
        }

        private boolean over(long now) {
            return now >= endsAt;
        }
    }

    /** The present stretch. A clock that is set back does not bring a former one back: no limit is had twice. */
    Window window(long now) {
        Window present = window;
        if (present == null || present.over(now)) {
            present = new Window(period.window(Instant.ofEpochMilli(now)));
            window = present;
        }
        present.advance(now);
        return present;
    }

    /** Whether it has been given up: another has taken its place. */
    boolean retired() {
        return retired;
    }

    /** Gives it up if nothing depends on it. */
    boolean retire(long now) {
        lock.lock();
        try {
            Window present = window;
            if (present != null) {
                present.advance(now);
                retired = present.held == 0 && (present.used == 0 || present.over(now - SET_BACK_MILLIS));
            }
            return retired;
        } finally {
            lock.unlock();
        }
    }
}
