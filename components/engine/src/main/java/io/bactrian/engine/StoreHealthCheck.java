package io.bactrian.engine;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The readiness of the store: up while the database answers. Credentials that cannot be opened are told as a detail; they
 * stop only the calls that need them. Not part of liveness: a restart does not bring a database back.
 */
final class StoreHealthCheck extends AbstractHealthCheck {

    private final Supplier<State> state;

    /**
     * How the store is.
     *
     * @param reachable whether the database answered when it was last asked
     * @param unreadable how many credentials could not be opened when they were last needed
     */
    record State(boolean reachable, int unreadable) {}

    StoreHealthCheck(Supplier<State> state) {
        super("bactrian", "bactrian-store");
        this.state = state;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        State now = state.get();
        builder.detail("credentials.unreadable", now.unreadable());
        if (now.reachable()) {
            builder.up();
        } else {
            builder.message("the database does not answer").down();
        }
    }
}
