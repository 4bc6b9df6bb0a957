package io.bactrian.http;

import io.bactrian.core.file.FileContent;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the content of a file to a client: a piece is read once the one before it has left, so that there is one in memory
 * at a time however large the file is and however slow the client. No thread waits for the client meanwhile.
 */
final class FilePump {

    private static final Logger LOG = LoggerFactory.getLogger(FilePump.class);
    private static final int PIECE = 64 * 1_024;

    private final FileContent content;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final WorkerExecutor executor;
    private final Vertx vertx;
    private final Duration patience;
    private final Runnable ended;
    private final byte[] piece = new byte[PIECE];

    /**
     * @param content what to write; closed in the end
     * @param request the request that asks for it
     * @param executor where it is read
     * @param vertx keeps the time
     * @param patience how long a client may take for a piece
     * @param ended called once all is over
     */
    FilePump(
            FileContent content,
            HttpServerRequest request,
            WorkerExecutor executor,
            Vertx vertx,
            Duration patience,
            Runnable ended) {
        this.content = content;
        this.request = request;
        this.response = request.response();
        this.executor = executor;
        this.vertx = vertx;
        this.patience = patience;
        this.ended = ended;
    }

    /** Begins, or goes on with the next piece. Each step is followed by just one other, so one of them sees the end. */
    void next() {
        executor.executeBlocking(() -> content.read(piece), false).onComplete(read -> {
            if (read.failed()) {
                LOG.warn("a file could not be read to its end", read.cause());
                abort();
            } else if (response.closed()) {
                close();
            } else if (read.result() < 0) {
                response.end();
                close();
            } else {
                write(read.result());
            }
        });
    }

    private void write(int length) {
        long timer = vertx.setTimer(patience.toMillis(), late -> {
            LOG.debug("a client stopped reading its file");
            Connections.cut(request.connection());
        });
        response.write(Buffer.buffer(length).appendBytes(piece, 0, length)).onComplete(written -> {
            vertx.cancelTimer(timer);
            if (written.failed()) {
                close();
            } else {
                next();
            }
        });
    }

    /** The client must not take the part that it has got for all of it: the connection goes before it is complete. */
    private void abort() {
        Connections.cut(request.connection());
        close();
    }

    private void close() {
        executor.executeBlocking(
                        () -> {
                            content.close();
                            return true;
                        },
                        false)
                .onFailure(failure -> LOG.debug("a file was not closed", failure))
                .onComplete(closed -> ended.run());
    }
}
