package io.bactrian.http;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileGrant;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.RequestId;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves files by signed links, to whoever has one. A link that does not hold is answered the same whatever is wrong with
 * it, and whether there is such a file or not; the file is looked for with the tenant that the link was signed for.
 */
final class FileHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(FileHandler.class);

    private static final ErrorAnswer FORBIDDEN = new ErrorAnswer(
            403,
            ErrorCode.ACCESS_DENIED.text(),
            "the link does not lead to a file, or does not any more: have it made anew",
            null,
            null);

    private final ServedFiles files;
    private final HttpSettings settings;
    private final WorkerExecutor executor;
    private final OpenDownloads downloads;

    /**
     * @param files what is served
     * @param settings how patient to be
     * @param executor where the store is asked and content is read
     * @param downloads counts what is being written
     */
    FileHandler(ServedFiles files, HttpSettings settings, WorkerExecutor executor, OpenDownloads downloads) {
        this.files = files;
        this.settings = settings;
        this.executor = executor;
        this.downloads = downloads;
    }

    /**
     * What was found.
     *
     * @param head the head of the answer
     * @param content its body; null for none
     */
    private record Found(FileHead head, @Nullable FileContent content) {}

    @Override
    public void handle(RoutingContext context) {
        downloads.begun();
        // a body is nothing that a link could ask for: it is not waited for
        executor.executeBlocking(() -> find(context.request()), false).onComplete(found -> {
            if (found.failed()) {
                fail(context, found.cause());
                downloads.ended();
            } else if (found.result().isEmpty()) {
                FORBIDDEN.send(context);
                downloads.ended();
            } else {
                answer(context, found.result().get());
            }
        });
    }

    /** What a link leads to; empty if it does not hold. */
    private Optional<Found> find(HttpServerRequest request) {
        // as it was sent: what is decoded differently here and there is signed for neither
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        return files.urls().verify(request.method().name(), path, query).map(grant -> find(grant, request));
    }

    private Found find(FileGrant grant, HttpServerRequest request) {
        StoredFile file = files.enabled().test(grant.tenant())
                ? files.store().find(grant.tenant(), grant.id()).orElseThrow(FileStore::notFound)
                : refuse();
        FileHead head = FileHead.of(file, grant, request.headers(), files.now());
        boolean body = request.method().equals(HttpMethod.GET) && head.length() > 0;
        return new Found(head, body ? files.store().open(file.tenant(), file.id(), head.from(), head.length()) : null);
    }

    private static StoredFile refuse() {
        throw FileStore.notFound();
    }

    private void answer(RoutingContext context, Found found) {
        HttpServerResponse response = context.response();
        if (response.headWritten() || response.closed()) {
            // the client has gone, or was told that its own request took too long
            end(found.content());
            return;
        }
        response.setStatusCode(found.head().status());
        found.head().headers().forEach(response::putHeader);
        FileContent content = found.content();
        if (content == null) {
            response.end();
            downloads.ended();
            return;
        }
        long deadline = context.vertx()
                .setTimer(
                        settings.answerTimeout().toMillis(),
                        late -> Connections.cut(context.request().connection()));
        new FilePump(content, context.request(), executor, context.vertx(), settings.slowClient(), () -> {
                    context.vertx().cancelTimer(deadline);
                    downloads.ended();
                })
                .next();
    }

    private void end(@Nullable FileContent unread) {
        executor.executeBlocking(
                        () -> {
                            if (unread != null) {
                                unread.close();
                            }
                            return true;
                        },
                        false)
                .onComplete(closed -> downloads.ended());
    }

    private static void fail(RoutingContext context, Throwable failure) {
        RequestId requestId = Gate.requestId(context);
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known instanceof BadRequestException) {
            // the same for all that are not there, to the letter
            new ErrorAnswer(known.code().httpStatus(), known.code().text(), known.getMessage(), null, null)
                    .send(context);
            return;
        }
        if (known == null) {
            LOG.error("request {} for a file failed", requestId, failure);
        } else {
            LOG.warn("request {} for a file failed: {}", requestId, known.toString());
        }
        ErrorAnswer.of(failure, requestId).send(context);
    }
}
