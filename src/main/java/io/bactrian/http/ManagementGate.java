package io.bactrian.http;

import io.bactrian.core.credential.Secret;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/**
 * What requests to the management port pass: those made on this machine and for it, and those with the operator's token.
 * The two probes alone are for everybody, since those who probe have no token; they get no detail.
 */
final class ManagementGate implements Handler<RoutingContext> {

    private static final Set<String> PROBES = Set.of("/health/live", "/health/ready");
    private static final String HEALTH = "/health";
    private static final String IN_FULL = "?exposureLevel=full&data=true";
    private static final String BEARER = "Bearer ";

    private final Secret operatorToken;

    ManagementGate(Secret operatorToken) {
        this.operatorToken = operatorToken;
    }

    @Override
    public void handle(RoutingContext context) {
        boolean known = LocalCaller.is(context.request()) || operator(context);
        if (known
                && context.normalizedPath().equals(HEALTH)
                && context.request().query() == null) {
            // whoever may see all of it is shown all of it; a probe is told as little as possible
            context.reroute(HEALTH + IN_FULL);
            return;
        }
        if (known || probe(context)) {
            context.next();
            return;
        }
        ErrorAnswer.of(401).send(context);
    }

    private static boolean probe(RoutingContext context) {
        return PROBES.contains(context.normalizedPath()) && context.request().query() == null;
    }

    private boolean operator(RoutingContext context) {
        List<String> presented = context.request().headers().getAll("Authorization");
        return presented.size() == 1
                && presented.get(0).startsWith(BEARER)
                && operatorToken.matches(presented.get(0).substring(BEARER.length()));
    }
}
