package io.bactrian.engine;

import io.bactrian.core.access.DenialLimits;
import io.bactrian.core.access.DenialLog;
import io.bactrian.core.config.AuditLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an installation takes down of what happens: in its store, for as long as it is to be kept; without one in memory. */
final class AuditAssembly implements AutoCloseable {

    static final String KEEP = "bactrian.audit.keep";

    private static final Duration KEPT_FOR = Duration.ofDays(365);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final AuditLog log;
    private final @Nullable DenialLog denials;
    private final @Nullable RetentionSweep sweep;

    private AuditAssembly(AuditLog log, @Nullable DenialLog denials, @Nullable RetentionSweep sweep) {
        this.log = log;
        this.denials = denials;
        this.sweep = sweep;
    }

    /**
     * Reads the settings and begins to take down.
     *
     * @param store the store; null if there is none
     * @param memory where it goes without one, which nobody waits for
     * @throws io.bactrian.core.error.MisconfiguredException naming the setting that is wrong
     */
    static AuditAssembly of(
            Settings settings, @Nullable OpenStore store, AuditLog memory, Clock clock, LongSupplier nanoClock) {
        Duration keep = new SettingReader(settings, "bactrian.audit.").duration("keep", KEPT_FOR, LONGEST);
        if (store == null) {
            return new AuditAssembly(memory, null, null);
        }
        DenialLog denials = DenialLog.open(store.audit(), DenialLimits.USUAL, clock, nanoClock);
        return new AuditAssembly(
                denials, denials, new RetentionSweep("audit", store.audit()::removeBefore, keep, clock));
    }

    /** Takes down what happens; nobody waits for it who is refused. */
    AuditLog log() {
        return log;
    }

    /** How the taking down of denials is; empty if nobody waits for it anyway. */
    Optional<DenialHealthCheck> health() {
        return Optional.ofNullable(denials).map(open -> new DenialHealthCheck(open::health));
    }

    @Override
    public void close() {
        if (sweep != null) {
            sweep.close();
        }
        if (denials != null) {
            denials.close();
        }
    }
}
