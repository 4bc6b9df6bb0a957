package io.bactrian.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** Answers with a document in JSON that is the same for everybody. */
final class DocumentHandler implements Handler<RoutingContext> {

    private final Supplier<String> document;

    /** @param document gives it; the same each time, and quickly but for the first */
    DocumentHandler(Supplier<String> document) {
        this.document = document;
    }

    @Override
    public void handle(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            context.response().putHeader("Allow", "GET");
            ErrorAnswer.of(405).send(context);
            return;
        }
        context.vertx().executeBlocking(document::get, false).onComplete(made -> {
            if (made.failed()) {
                context.fail(made.cause());
                return;
            }
            context.response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-cache")
                    .end(made.result());
        });
    }
}
