package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.usage.UsageLimits;
import io.bactrian.core.usage.UsageRecorder;
import io.bactrian.core.usage.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an installation with a store takes down of every call: one row of usage, for as long as it is to be kept. */
final class UsageAssembly implements AutoCloseable {

    static final String ENABLED = "bactrian.usage.enabled";
    static final String RETENTION = "bactrian.usage.retention";

    private static final Duration KEPT_FOR = Duration.ofDays(90);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final @Nullable UsageStore usage;
    private final @Nullable UsageRecorder recorder;
    private final @Nullable RetentionSweep sweep;

    private UsageAssembly(
            @Nullable UsageStore usage, @Nullable UsageRecorder recorder, @Nullable RetentionSweep sweep) {
        this.usage = usage;
        this.recorder = recorder;
        this.sweep = sweep;
    }

    /**
     * Reads the settings and begins to take down.
     *
     * @param store the store; null if there is none
     * @throws MisconfiguredException naming the setting that is wrong
     */
    static UsageAssembly of(Settings settings, @Nullable OpenStore store, Clock clock, LongSupplier nanoClock) {
        Duration retention = new SettingReader(settings, "bactrian.usage.").duration("retention", KEPT_FOR, LONGEST);
        boolean enabled = settings.flag(ENABLED, store != null);
        if (store == null) {
            if (enabled) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        ENABLED + " asks for usage records, and there is no store to keep them: set "
                                + OpenStore.ENABLED + ", or leave " + ENABLED + " out");
            }
            return new UsageAssembly(null, null, null);
        }
        UsageStore usage = store.usage();
        // what was taken down before goes in time, also when nothing is any more
        RetentionSweep sweep = new RetentionSweep("usage", usage::removeBefore, retention, clock);
        UsageRecorder recorder =
                enabled ? UsageRecorder.open(usage, UsageLimits.USUAL, clock, nanoClock, UUID.randomUUID()) : null;
        return new UsageAssembly(usage, recorder, sweep);
    }

    /** Those who learn of calls, and the one who takes their usage down. */
    List<CallObserver> beside(List<CallObserver> observers) {
        if (recorder == null) {
            return observers;
        }
        List<CallObserver> all = new ArrayList<>(observers);
        all.add(recorder);
        return all;
    }

    /** Where usage is kept; empty without a store. */
    Optional<UsageStore> usage() {
        return Optional.ofNullable(usage);
    }

    /** How it is taken down; empty if it is not. */
    Optional<UsageHealthCheck> health() {
        return Optional.ofNullable(recorder).map(open -> new UsageHealthCheck(open::health));
    }

    @Override
    public void close() {
        if (sweep != null) {
            sweep.close();
        }
        if (recorder != null) {
            recorder.close();
        }
    }
}
