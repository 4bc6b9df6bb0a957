package io.bactrian.core.limit;

import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;
import java.util.function.LongSupplier;

/** The units of one process, which gets all that are free. */
final class MemoryUnits implements UnitSource {

    private final long amount;
    private final LongSupplier nanoClock;
    // the clock may count from anywhere, also past its greatest number
    private final long origin;
    private final RateWindow window;

    MemoryUnits(RateLimit limit, LongSupplier nanoClock) {
        this.amount = limit.amount();
        this.nanoClock = nanoClock;
        this.origin = nanoClock.getAsLong();
        this.window = RateWindow.empty(limit.per(), 0);
    }

    @Override
    public UnitsGranted take(UnitsWanted wanted) {
        return window.take(nanoClock.getAsLong() - origin, amount, wanted, 1);
    }

    @Override
    public long block(long need) {
        return need == 0 ? 0 : amount;
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
