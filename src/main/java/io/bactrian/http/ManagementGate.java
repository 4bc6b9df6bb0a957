package io.bactrian.http;

import io.bactrian.core.credential.Secret;
import io.bactrian.http.AuthenticationThrottle.Judgement;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final AuthenticationThrottle throttle;

    /**
     * @param operatorToken opens the port to other machines
     * @param throttle slows guessing at it down
     */
    ManagementGate(Secret operatorToken, AuthenticationThrottle throttle) {
        this.operatorToken = operatorToken;
        this.throttle = throttle;
    }

    @Override
    public void handle(RoutingContext context) {
        if (LocalCaller.is(context.request())) {
            known(context);
            return;
        }
        if (probe(context)) {
            context.next();
            return;
        }
        List<String> presented = context.request().headers().getAll("Authorization");
        if (presented.isEmpty()) {
            ErrorAnswer.of(401).send(context);
            return;
        }
        String token = presented.size() == 1 && presented.get(0).startsWith(BEARER)
                ? presented.get(0).substring(BEARER.length())
                : null;
        Peer peer = throttle.peer(context.request());
        Optional<Duration> refusal = throttle.refusal(peer, token);
        if (refusal.isPresent()) {
            ErrorAnswer.tooManyAttempts(refusal.get()).send(context);
            return;
        }
        // whoever is told of a refusal may have to wait for the database
        context.request().pause();
        context.vertx()
                .executeBlocking(() -> throttle.judge(peer, token, this::operator), false)
                .onComplete(judged -> {
                    context.request().resume();
                    answered(context, judged);
                });
    }

    private Optional<Boolean> operator(String token) {
        return operatorToken.matches(token) ? Optional.of(true) : Optional.empty();
    }

    private static void answered(RoutingContext context, AsyncResult<Judgement<Boolean>> judged) {
        if (judged.failed()) {
            ErrorAnswer.of(judged.cause(), Gate.requestId(context)).send(context);
        } else if (judged.result() instanceof Judgement.Known<Boolean>) {
            known(context);
        } else if (judged.result() instanceof Judgement.Refused<Boolean> refused) {
            ErrorAnswer.tooManyAttempts(refused.comeBackIn()).send(context);
        } else {
            ErrorAnswer.of(401).send(context);
        }
    }

    private static void known(RoutingContext context) {
        if (context.normalizedPath().equals(HEALTH) && context.request().query() == null) {
            // whoever may see all of it is shown all of it; a probe is told as little as possible
            context.reroute(HEALTH + IN_FULL);
            return;
        }
        context.next();
    }

    private static boolean probe(RoutingContext context) {
        return PROBES.contains(context.normalizedPath()) && context.request().query() == null;
    }
}
