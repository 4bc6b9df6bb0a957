package io.bactrian.core.limit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The permits of calls that are under way. */
final class Permits {

    private static final long LONG = Long.MAX_VALUE / 2;

    private final Set<Permit> all = ConcurrentHashMap.newKeySet();
    // no permit's time is over before
    private final AtomicLong earliest;

    Permits(long now) {
        this.earliest = new AtomicLong(now + LONG);
    }

    void add(Permit permit) {
        all.add(permit);
        lower(permit.until());
    }

    void remove(Permit permit) {
        all.remove(permit);
    }

    private void lower(long until) {
        long known = earliest.get();
        while (until - known < 0 && !earliest.weakCompareAndSetVolatile(known, until)) {
            known = earliest.get();
        }
    }

    /** Ends those of calls that should have ended by now; whether there were any. */
    boolean reap(long now) {
        long known = earliest.get();
        if (now - known < 0) {
            return false;
        }
        earliest.compareAndSet(known, now + LONG);
        boolean any = false;
        for (Permit permit : all) {
            if (now - permit.until() >= 0) {
                any = true;
                permit.end();
            } else {
                lower(permit.until());
            }
        }
        return any;
    }
}
