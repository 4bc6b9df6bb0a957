package io.bactrian.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What every request passes first, whoever sends it: it is well-formed, of a bearable size, and there is room for it. Says
 * nothing of who it is from.
 */
final class Admission implements Handler<RoutingContext> {

    private final HttpSettings settings;
    private final BooleanSupplier serving;
    private final Predicate<HttpServerRequest> bulky;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * @param settings what is let in
     * @param serving whether routes are there to serve
     * @param bulky which requests bring bodies that whoever reads them bounds: in size and in time
     */
    Admission(HttpSettings settings, BooleanSupplier serving, Predicate<HttpServerRequest> bulky) {
        this.settings = settings;
        this.serving = serving;
        this.bulky = bulky;
    }

    @Override
    public void handle(RoutingContext context) {
        context.response().putHeader("X-Request-Id", Gate.requestId(context).value());
        context.response().putHeader("X-Content-Type-Options", "nosniff");
        if (malformed(context.request())) {
            ErrorAnswer.of(400).send(context);
            return;
        }
        if (tooLarge(context.request())) {
            ErrorAnswer.of(413).send(context);
            return;
        }
        if (!serving.getAsBoolean()) {
            context.response().putHeader("Connection", "close").putHeader("Retry-After", "1");
            ErrorAnswer.of(503).send(context);
            return;
        }
        if (inFlight.incrementAndGet() > settings.workers()) {
            inFlight.decrementAndGet();
            context.response().putHeader("Retry-After", "1");
            ErrorAnswer.of(503).send(context);
            return;
        }
        context.addEndHandler(ended -> inFlight.decrementAndGet());
        if (!bulky.test(context.request())) {
            limitReceiving(context);
        }
        context.next();
    }

    // one path is authorized and dispatched on: no absolute-form target, and one host
    private static boolean malformed(HttpServerRequest request) {
        return !request.uri().startsWith("/")
                || request.headers().getAll("Host").size() > 1;
    }

    private boolean tooLarge(HttpServerRequest request) {
        String declared = request.getHeader("Content-Length");
        try {
            return declared != null && Long.parseLong(declared) > settings.maxBody() && !bulky.test(request);
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private void limitReceiving(RoutingContext context) {
        long timer = context.vertx().setTimer(settings.receiveTimeout().toMillis(), id -> {
            if (!context.request().isEnded() && !context.response().headWritten()) {
                ErrorAnswer.of(408).send(context);
            }
        });
        context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
    }
}
