package io.bactrian.engine;

import io.bactrian.core.usage.UsageHealth;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * How the recording of usage is: always up, as calls are served without it, and a node that is taken out of service records no
 * better. Told as details: what waits, for how long the oldest has, and what was lost.
 */
final class UsageHealthCheck extends AbstractHealthCheck {

    private final Supplier<UsageHealth> state;

    UsageHealthCheck(Supplier<UsageHealth> state) {
        super("bactrian", "bactrian-usage");
        this.state = state;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        UsageHealth now = state.get();
        builder.detail("usage.waiting", now.waiting());
        builder.detail("usage.lost", now.lost());
        now.oldest().ifPresent(age -> builder.detail("usage.oldest-unwritten", age.toString()));
        if (!now.storing()) {
            builder.message("the database does not take usage records: " + now.waiting() + " wait");
        } else if (now.lost() > 0) {
            builder.message(now.lost() + " usage records were lost since the start");
        }
        builder.up();
    }
}
