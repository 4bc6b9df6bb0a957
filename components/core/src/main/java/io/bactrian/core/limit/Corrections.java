package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.Correction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be put right and has not been told yet, by slice. Bounded: of slices that count no more, what would be given back
 * is of no use.
 */
final class Corrections {

    private static final int MOST_SLICES = 4 * RateWindow.COUNTED;

    private final Map<Long, Long> bySlice = new HashMap<>();
    private volatile boolean any;

    boolean isEmpty() {
        return !any;
    }

    synchronized void add(long slice, long units) {
        if (units == 0) {
            return;
        }
        if (bySlice.size() >= MOST_SLICES) {
            bySlice.entrySet().removeIf(entry -> entry.getValue() < 0 && entry.getKey() < slice - RateWindow.COUNTED);
        }
        // what was used beyond the estimate counts whenever it is told: one slice stands for all
        bySlice.merge(units > 0 ? Long.MAX_VALUE : slice, units, Long::sum);
        any = true;
    }

    synchronized List<Correction> drain() {
        if (bySlice.isEmpty()) {
            return List.of();
        }
        List<Correction> drained = new ArrayList<>(bySlice.size());
        bySlice.forEach((slice, units) -> drained.add(new Correction(slice, units)));
        bySlice.clear();
        any = false;
        return drained;
    }

    /**
     * Keeps what could not be told.
     *
     * @param perhapsTold whether it may have been told all the same: then nothing is given back, which would be twice
     */
    void keep(List<Correction> untold, boolean perhapsTold) {
        for (Correction correction : untold) {
            if (correction.units() > 0 || !perhapsTold) {
                add(correction.slice(), correction.units());
            }
        }
    }
}
