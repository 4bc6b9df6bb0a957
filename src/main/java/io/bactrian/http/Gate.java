package io.bactrian.http;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
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
 */
final class Gate implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String IDENTITY = Identity.class.getName();
    private static final String REQUEST_ID = RequestId.class.getName();
    private static final String BEARER = "bearer ";
    private static final int LONGEST_KEY = 512;

    private final Authenticator authenticator;
    private final HttpSettings settings;
    private final WorkerExecutor executor;

    /**
     * @param authenticator recognizes API keys
     * @param settings what is let in
     * @param executor where keys are looked up
     */
    Gate(Authenticator authenticator, HttpSettings settings, WorkerExecutor executor) {
        this.authenticator = authenticator;
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
        List<String> presented = request.headers().getAll("Authorization");
        if (presented.isEmpty()) {
            if (settings.anonymousOnLoopback() && LocalCaller.is(request)) {
                pass(context, new Identity(TenantId.DEFAULT, null, null, null));
            } else {
                ErrorAnswer.of(401).send(context);
            }
            return;
        }
        String key = presented.size() == 1 ? bearer(presented.get(0)) : null;
        if (key == null) {
            ErrorAnswer.of(401).send(context);
            return;
        }
        // the lookup may ask the database: not on the event loop, and no byte of the body is lost meanwhile
        request.pause();
        executor.executeBlocking(() -> authenticator.authenticate(key), false).onComplete(found -> {
            request.resume();
            if (found.failed()) {
                ErrorAnswer.of(found.cause(), requestId(context)).send(context);
                return;
            }
            answered(context, found.result());
        });
    }

    private static void answered(RoutingContext context, Optional<ApiKeyRecord> found) {
        if (found.isEmpty()) {
            LOG.debug("request {} refused: no API key in force", requestId(context));
            ErrorAnswer.of(401).send(context);
            return;
        }
        ApiKeyRecord key = found.get();
        pass(context, new Identity(key.tenant(), key.user(), key.app(), new ApiKeyId(key.id())));
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
