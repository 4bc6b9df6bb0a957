package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;

/** The units that several processes share. */
final class SharedUnits implements UnitSource {

    /** What one asks for at a time, as a part of the amount. */
    private static final int BLOCKS = 64;

    private static final int CALLS = 4;

    private final Counted counted;
    private final RateBlocks blocks;

    SharedUnits(Counted counted, RateBlocks blocks) {
        this.counted = counted;
        this.blocks = blocks;
    }

    @Override
    public UnitsGranted take(UnitsWanted wanted) {
        return blocks.take(counted.key(), wanted);
    }

    @Override
    public long block(long need) {
        return Math.max(counted.amount() / BLOCKS, CALLS * need);
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public boolean idle(long now) {
        // what was used is known where it is shared
        return true;
    }
}
