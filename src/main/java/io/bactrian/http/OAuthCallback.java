package io.bactrian.http;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.RequestId;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers persons who come back from a provider that they were sent to, in plain text. What they bring along is all the right
 * that it takes; it stands in the URL, so that is passed on and written nowhere.
 */
final class OAuthCallback implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(OAuthCallback.class);

    private final Authorizations authorizations;
    private final WorkerExecutor executor;

    /**
     * @param authorizations finishes them
     * @param executor where the provider is asked
     */
    OAuthCallback(Authorizations authorizations, WorkerExecutor executor) {
        this.authorizations = authorizations;
        this.executor = executor;
    }

    @Override
    public void handle(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            context.response().putHeader("Allow", "GET");
            ErrorAnswer.of(405).send(context);
            return;
        }
        // as it was sent: the decoding is not the server's business
        String uri = context.request().uri();
        int mark = uri.indexOf('?');
        String query = mark < 0 ? null : uri.substring(mark + 1);
        executor.executeBlocking(() -> authorizations.finish(query), false).onComplete(finished -> {
            if (finished.succeeded()) {
                answer(context, 200, finished.result());
            } else {
                fail(context, finished.cause());
            }
        });
    }

    private static void fail(RoutingContext context, Throwable failure) {
        RequestId requestId = Gate.requestId(context);
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known == null) {
            LOG.error("authorization {} failed", requestId, failure);
            ErrorAnswer.of(failure, requestId).send(context);
            return;
        }
        LOG.warn("authorization {} was not finished: {}", requestId, known.toString());
        answer(context, known.code().httpStatus(), known.code().text() + ": " + known.getMessage());
    }

    private static void answer(RoutingContext context, int status, String sentence) {
        if (context.response().headWritten() || context.response().closed()) {
            // the person has gone
            return;
        }
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(sentence + "\n");
    }
}
