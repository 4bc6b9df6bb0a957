package io.bactrian.engine;

import io.bactrian.core.access.DenialHealth;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * How the taking down of denials is: always up, as calls are served and refused without it. Told as details: what waits, and what
 * was dropped.
 */
final class DenialHealthCheck extends AbstractHealthCheck {

    private final Supplier<DenialHealth> state;

    DenialHealthCheck(Supplier<DenialHealth> state) {
        super("bactrian", "bactrian-audit");
        this.state = state;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DenialHealth now = state.get();
        builder.detail("audit.denials-waiting", now.waiting());
        builder.detail("audit.denials-dropped", now.dropped());
        if (!now.storing()) {
            builder.message("the database does not take denials down: " + now.waiting() + " wait");
        } else if (now.dropped() > 0) {
            builder.message(now.dropped() + " denials are in the audit log only as a number since the start");
        }
        builder.up();
    }
}
