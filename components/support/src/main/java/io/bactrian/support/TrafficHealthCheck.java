package io.bactrian.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The readiness of an endpoint, judged by the calls that pass it; none is made for the sake of the check, which would
 * cost money. Down once three calls in a row got no proper answer from the other side; up again with the next answer, or
 * after a minute, since an installation that gets no traffic while it is down would never learn that the outage is over.
 */
public class TrafficHealthCheck extends AbstractHealthCheck {

    private static final int ENOUGH = 3;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final CallTraffic traffic;
    private final Clock clock;
    private final Map<String, String> details;

    /**
     * @param group the component's scheme
     * @param id the id of the check, unique in the context
     * @param traffic the calls to judge by
     * @param clock tells how long ago an outage was
     * @param details what else is shown; no secret, no URL
     */
    public TrafficHealthCheck(String group, String id, CallTraffic traffic, Clock clock, Map<String, String> details) {
        super(group, id);
        this.traffic = traffic;
        this.clock = clock;
        this.details = Map.copyOf(details);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        details.forEach(builder::detail);
        builder.detail("calls", traffic.calls());
        builder.detail("failures", traffic.failures());
        CallTraffic.Outage outage = traffic.outage();
        Instant at = outage.at();
        if (outage.code() == null || at == null) {
            builder.up();
            return;
        }
        builder.detail("error.code", outage.code().text());
        builder.detail("failures.in.a.row", outage.inARow());
        boolean fresh = at.plus(REMEMBERED).isAfter(clock.instant());
        if (outage.inARow() >= ENOUGH && fresh) {
            builder.message("the last " + outage.inARow() + " calls got no proper answer: "
                    + outage.code().text());
            builder.down();
        } else {
            builder.up();
        }
    }
}
