package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;

/** Where a bucket gets units from. Asked by one thread at a time. */
interface UnitSource {

    UnitsGranted take(UnitsWanted wanted);

    /** How many units to ask for beyond those that are needed. */
    long block(long need);

    /** Whether others take from it too: then what it refuses now it may give a moment later. */
    boolean shared();

    /** Whether it would be the same if it had just been made. */
    boolean idle(long now);
}
