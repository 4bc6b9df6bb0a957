package io.bactrian.core.usage;

import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A store that keeps all it is given, unless it is told to refuse. */
public final class KeptUsage implements UsageStore {

    /** Batches quickly made, so that nobody waits for them. */
    public static final UsageLimits QUICK = new UsageLimits(
            10_000, 500, Duration.ofMillis(2), Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofSeconds(5));

    private final List<UsageRecord> records = new CopyOnWriteArrayList<>();
    private final List<UsageLoss> losses = new CopyOnWriteArrayList<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private volatile BiConsumer<List<UsageRecord>, List<UsageLoss>> before = (some, lost) -> {};

    /** Has something be done before anything is kept: an exception keeps it from being kept. */
    public KeptUsage before(BiConsumer<List<UsageRecord>, List<UsageLoss>> work) {
        before = work;
        return this;
    }

    @Override
    public void append(List<UsageRecord> some, List<UsageLoss> lost) {
        before.accept(some, lost);
        sizes.add(some.size());
        records.addAll(some);
        losses.addAll(lost);
    }

    public List<UsageRecord> records() {
        return new ArrayList<>(records);
    }

    public List<UsageLoss> losses() {
        return new ArrayList<>(losses);
    }

    /** How many records came at a time. */
    public List<Integer> sizes() {
        return new ArrayList<>(sizes);
    }

    @Override
    public UsageReport report(UsageQuery query) {
        throw new UnsupportedOperationException("nobody asks for sums here");
    }

    @Override
    public int removeBefore(Instant time, int most) {
        throw new UnsupportedOperationException("nothing is old here");
    }

    @Override
    public void removeTenant(TenantId tenant) {
        throw new UnsupportedOperationException("nobody goes from here");
    }
}
