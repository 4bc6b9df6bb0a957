package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;
import java.util.function.LongSupplier;

/** The units of one process, which gets all that are free. */
final class MemoryUnits implements UnitSource {

    private final Counted counted;
    private final LongSupplier nanoClock;
    // the clock may count from anywhere, also past its greatest number
    private final long origin;
    private final RateWindow window;

    MemoryUnits(Counted counted, LongSupplier nanoClock) {
        this.counted = counted;
        this.nanoClock = nanoClock;
        this.origin = nanoClock.getAsLong();
        this.window = RateWindow.empty(counted.limit().per(), 0);
    }

    @Override
    public UnitsGranted take(UnitsWanted wanted) {
        return window.take(nanoClock.getAsLong() - origin, counted.amount(), wanted, 1);
    }

    @Override
    public long block(long need) {
        return need == 0 ? 0 : counted.amount();
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public boolean idle(long now) {
        return window.idle(now - origin);
    }
}
