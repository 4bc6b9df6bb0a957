package io.bactrian.http;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.file.UploadGrant;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files in by tickets, from whoever has one. A ticket that does not hold is answered the same whatever is wrong with it.
 * It is used up when the file begins to come in: one that breaks off, is too large or of another kind needs a new one. A file is
 * stored whole or not at all.
 */
final class UploadHandler implements Handler<RoutingContext> {

    /** How many files come in at a time. */
    static final int THREADS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(UploadHandler.class);

    private static final ErrorAnswer FORBIDDEN = new ErrorAnswer(
            403,
            ErrorCode.ACCESS_DENIED.text(),
            "the ticket does not let a file in, or does not any more: have it made anew",
            null,
            null);

    private final ServedFiles files;
    private final HttpSettings settings;
    private final WorkerExecutor checking;
    private final WorkerExecutor storing;
    private final OpenDownloads open;
    private final AtomicInteger comingIn = new AtomicInteger();

    /**
     * @param files where files are put
     * @param settings how patient to be
     * @param checking where tickets are looked at
     * @param storing where files are written
     * @param open counts what is under way
     */
    UploadHandler(
            ServedFiles files,
            HttpSettings settings,
            WorkerExecutor checking,
            WorkerExecutor storing,
            OpenDownloads open) {
        this.files = files;
        this.settings = settings;
        this.checking = checking;
        this.storing = storing;
        this.open = open;
    }

    /** Whether a request is one for a ticket to allow: its body has limits of its own. */
    static boolean concerns(HttpServerRequest request) {
        boolean sends =
                request.method().equals(HttpMethod.PUT) || request.method().equals(HttpMethod.POST);
        return sends && request.uri().startsWith(FileUrls.UPLOADS);
    }

    @Override
    public void handle(RoutingContext context) {
        context.request().pause();
        open.begun();
        checking.executeBlocking(() -> admitted(context.request()), false).onComplete(found -> {
            if (found.failed()) {
                refuse(context, found.cause());
            } else if (found.result().isEmpty()) {
                refuse(context, FORBIDDEN);
            } else if (comingIn.incrementAndGet() > THREADS) {
                comingIn.decrementAndGet();
                context.response().putHeader("Retry-After", "1");
                refuse(context, ErrorAnswer.of(503));
            } else {
                takeIn(context, found.result().get());
            }
        });
    }

    /** What the ticket allows; empty if it does not hold. */
    private Optional<UploadGrant> admitted(HttpServerRequest request) {
        // as it was sent: what is decoded differently here and there is signed for neither
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        Optional<UploadGrant> grant = files.urls()
                .verifyUpload(request.method().name(), path, query)
                .filter(allowed -> files.enabled().test(allowed.tenant()));
        grant.ifPresent(allowed -> {
            allowed.check(type(request), length(request));
            if (encoded(request)) {
                throw new BadRequestException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a file is sent as it is: without a Content-Encoding");
            }
        });
        return grant;
    }

    private static String type(HttpServerRequest request) {
        // two of them contradict each other
        return String.join(",", request.headers().getAll("Content-Type"));
    }

    private static long length(HttpServerRequest request) {
        String declared = request.getHeader("Content-Length");
        return declared == null ? -1 : Long.parseLong(declared);
    }

    private static boolean encoded(HttpServerRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        return encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity");
    }

    private void takeIn(RoutingContext context, UploadGrant grant) {
        UploadBody body =
                new UploadBody(context.request(), context.vertx().getOrCreateContext(), settings.slowClient());
        long deadline = context.vertx()
                .setTimer(
                        settings.answerTimeout().toMillis(),
                        late -> Connections.cut(context.request().connection()));
        storing.executeBlocking(() -> stored(context, grant, body), false).onComplete(stored -> {
            context.vertx().cancelTimer(deadline);
            comingIn.decrementAndGet();
            if (stored.succeeded() && stored.result().isPresent()) {
                created(context, stored.result().get());
                open.ended();
            } else if (stored.succeeded()) {
                refuse(context, FORBIDDEN);
            } else if (body.late()) {
                refuse(context, ErrorAnswer.of(408));
            } else {
                refuse(context, stored.cause());
            }
        });
    }

    /**
     * A file that was stored.
     *
     * @param file the file
     * @param link leads to it
     */
    private record Stored(StoredFile file, String link) {}

    /** Stores the file; empty if the ticket was used before. */
    private Optional<Stored> stored(RoutingContext context, UploadGrant grant, UploadBody body) {
        if (!files.nonces().use(grant.tenant(), grant.nonce(), grant.expiresAt())) {
            return Optional.empty();
        }
        StoredFile file = files.store().put(grant.tenant(), grant.file(), grant.checked(body));
        Caller owner = new Caller(
                grant.tenant(),
                grant.owner(),
                null,
                null,
                InvokeSource.HTTP,
                0,
                Gate.requestId(context),
                Deadline.in(settings.answerTimeout()));
        return Optional.of(new Stored(file, files.urls().sign(owner, file, FileDisposition.INLINE)));
    }

    private static void created(RoutingContext context, Stored stored) {
        StoredFile file = stored.file();
        JsonObject answer = new JsonObject()
                .put("id", file.id().value())
                .put("name", file.name())
                .put("mime_type", file.mimeType())
                .put("size", file.size())
                .put("sha256", file.sha256())
                .put("url", stored.link());
        if (context.response().closed() || context.response().headWritten()) {
            LOG.debug("a file was stored, but its client has gone");
            return;
        }
        context.response()
                .setStatusCode(201)
                .putHeader("Location", stored.link())
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(answer.encode());
    }

    private void refuse(RoutingContext context, Throwable failure) {
        RequestId requestId = Gate.requestId(context);
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known == null) {
            LOG.error("request {} to put a file failed", requestId, failure);
        } else if (known.code().httpStatus() >= 500 && known.code() != ErrorCode.STREAM_TRUNCATED) {
            LOG.warn("request {} to put a file failed: {}", requestId, known.toString());
        } else {
            LOG.debug(
                    "request {} to put a file was refused: {}",
                    requestId,
                    known.code().text());
        }
        // it is the client that broke off
        boolean broken = known != null && known.code() == ErrorCode.STREAM_TRUNCATED;
        refuse(context, broken ? ErrorAnswer.of(400) : ErrorAnswer.of(failure, requestId));
    }

    private void refuse(RoutingContext context, ErrorAnswer answer) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            // what the client still sends is dropped, so that it gets to read the answer
            request.handler(dropped -> {}).endHandler(end -> {}).exceptionHandler(broken -> {});
            request.resume();
        }
        answer.send(context);
        open.ended();
    }
}
