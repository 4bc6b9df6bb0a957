package io.bactrian.http;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.http.AuthenticationThrottle.Judgement;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request for a route passes before anything else of it is looked at: a route cannot forget it. An API key
 * gives the tenant; without one only callers on this machine pass, as the default tenant. A key that is not in force is
 * refused with the same answer whatever is wrong with it, and never becomes the default tenant (INNER-01).
 *
 * <p>At the administration nobody passes without a key, and the operator's token passes too; nowhere else it does.
 */
final class Gate implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String IDENTITY = Identity.class.getName();
    private static final String REQUEST_ID = RequestId.class.getName();
    private static final String BEARER = "bearer ";
    private static final int LONGEST_KEY = 512;

    private final Authenticator authenticator;
    private final AuthenticationThrottle throttle;
    private final @Nullable Administration administration;
    private final HttpSettings settings;
    private final WorkerExecutor executor;

    /**
     * @param authenticator recognizes API keys
     * @param throttle slows guessing down
     * @param administration who is let at it; null if it is not served
     * @param settings what is let in
     * @param executor where keys are looked up
     */
    Gate(
            Authenticator authenticator,
            AuthenticationThrottle throttle,
            @Nullable Administration administration,
            HttpSettings settings,
            WorkerExecutor executor) {
        this.authenticator = authenticator;
        this.throttle = throttle;
        this.administration = administration;
        this.settings = settings;
        this.executor = executor;
    }

    /** Whose request it is; null if it did not pass a gate. */
    static @Nullable Identity identity(RoutingContext context) {
        return context.get(IDENTITY);
    }

    /** The id of the request. */
    static RequestId requestId(RoutingContext context) {
        RequestId known = context.get(REQUEST_ID);
        if (known != null) {
            return known;
        }
        RequestId fresh = new RequestId("req-" + UUID.randomUUID());
        context.put(REQUEST_ID, fresh);
        return fresh;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        // the router compares this path as well: what is authorized is what is dispatched on (INNER-09)
        Administration administered = Administration.covers(context.normalizedPath()) ? administration : null;
        if (administered != null && !OwnSite.is(request)) {
            ErrorAnswer.of(403).send(context);
            return;
        }
        List<String> presented = request.headers().getAll("Authorization");
        if (presented.isEmpty()) {
            if (administered == null && settings.anonymousOnLoopback() && LocalCaller.is(request)) {
                pass(context, Identity.TenantCaller.ANONYMOUS);
            } else {
                ErrorAnswer.of(401).send(context);
            }
            return;
        }
        authenticate(context, presented.size() == 1 ? bearer(presented.get(0)) : null, administered);
    }

    private void authenticate(RoutingContext context, @Nullable String key, @Nullable Administration administered) {
        Peer peer = throttle.peer(context.request());
        Optional<Duration> refusal = throttle.refusal(peer, key);
        if (refusal.isPresent()) {
            ErrorAnswer.tooManyAttempts(refusal.get()).send(context);
            return;
        }
        // the lookup may ask the database: not on the event loop, and no byte of the body is lost meanwhile
        context.request().pause();
        executor.executeBlocking(() -> throttle.judge(peer, key, presented -> identity(presented, administered)), false)
                .onComplete(judged -> {
                    context.request().resume();
                    if (judged.failed()) {
                        ErrorAnswer.of(judged.cause(), requestId(context)).send(context);
                        return;
                    }
                    answered(context, judged.result());
                });
    }

    private Optional<Identity> identity(String key, @Nullable Administration administered) {
        if (administered != null && administered.operatorToken().matches(key)) {
            return Optional.of(new Identity.Operator());
        }
        return authenticator.authenticate(key).flatMap(record -> caller(record, administered != null));
    }

    private Optional<Identity> caller(ApiKeyRecord key, boolean administered) {
        try {
            return Optional.of(new Identity.TenantCaller(
                    key.tenant(),
                    key.user(),
                    key.app(),
                    new ApiKeyId(key.id()),
                    administered ? authenticator.actor(key) : null));
        } catch (RefusedException e) {
            // it acts as somebody who is no member any more
            LOG.debug("API key {} is of no use: {}", key.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private static void answered(RoutingContext context, Judgement<Identity> judgement) {
        if (judgement instanceof Judgement.Known<Identity> known) {
            pass(context, known.who());
        } else if (judgement instanceof Judgement.Refused<Identity> refused) {
            ErrorAnswer.tooManyAttempts(refused.comeBackIn()).send(context);
        } else {
            LOG.debug("request {} refused: no API key in force", requestId(context));
            ErrorAnswer.of(401).send(context);
        }
    }

    private static void pass(RoutingContext context, Identity identity) {
        context.put(IDENTITY, identity);
        // what has been used for authentication is nobody else's business (HDR-05, HDR-06)
        context.request().headers().remove("Authorization").remove("Cookie").remove("Proxy-Authorization");
        context.next();
    }

    private static @Nullable String bearer(String header) {
        if (header.length() > LONGEST_KEY || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return null;
        }
        return header.substring(BEARER.length()).strip();
    }
}
