package io.bactrian.engine;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * The readiness of the store: up while calls are served, from memory too for as long as that is allowed. A node that was
 * taken out of service because the database is away would help nobody, as all others miss it as well. Told as details: that
 * it is away, and until when it is done without; and credentials that cannot be opened, which stop only the calls that
 * need them. Not part of liveness: a restart does not bring a database back.
 */
final class StoreHealthCheck extends AbstractHealthCheck {

    private final Supplier<State> state;

    /**
     * How the store is.
     *
     * @param reachable whether the database answered when it was last asked
     * @param serves whether calls are served, from the database or from what is known of it
     * @param lastAnswer when the database last answered; null if it never did
     * @param servesUntil until when what is known serves; null while the database answers
     * @param unreadable how many credentials could not be opened when they were last needed
     */
    record State(
            boolean reachable,
            boolean serves,
            @Nullable Instant lastAnswer,
            @Nullable Instant servesUntil,
            int unreadable) {}

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
        builder.detail("database", now.reachable() ? "answers" : "away");
        if (now.lastAnswer() != null) {
            builder.detail("database.last-answer", now.lastAnswer().toString());
        }
        if (now.servesUntil() != null) {
            builder.detail("serves.until", now.servesUntil().toString());
        }
        if (now.serves()) {
            if (!now.reachable()) {
                builder.message("the database does not answer; what is known of it serves until " + now.servesUntil());
            }
            builder.up();
        } else {
            builder.message("the database does not answer").down();
        }
    }
}
