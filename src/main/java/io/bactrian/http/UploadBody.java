package io.bactrian.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, to be read by a worker. The client is asked for a piece when the one before it has been read, so that
 * there is one in memory at a time however large the body is and however slow the disk.
 */
final class UploadBody extends InputStream {

    private final HttpServerRequest request;
    private final Context context;
    private final Duration patience;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Buffer piece = Buffer.buffer();
    private int read;
    private boolean ended;
    private volatile boolean late;

    /** What came of asking: bytes, the end, or that the connection broke. */
    private sealed interface Piece {

        record Bytes(Buffer bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    /**
     * Made on the request's own thread; the request is paused, and stays it.
     *
     * @param request the request
     * @param context the thread that it lives on
     * @param patience how long a client may take for a piece
     */
    UploadBody(HttpServerRequest request, Context context, Duration patience) {
        this.request = request;
        this.context = context;
        this.patience = patience;
        request.handler(bytes -> pieces.add(new Piece.Bytes(bytes)));
        request.endHandler(end -> pieces.add(new Piece.End()));
        request.exceptionHandler(cause -> pieces.add(new Piece.Broken(cause)));
    }

    /** Whether the client took too long. */
    boolean late() {
        return late;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        while (!ended && read == piece.length()) {
            next();
        }
        if (ended) {
            return -1;
        }
        int some = Math.min(length, piece.length() - read);
        piece.getBytes(read, read + some, buffer, offset);
        read += some;
        return some;
    }

    private void next() throws IOException {
        context.runOnContext(asked -> request.fetch(1));
        Piece came = await();
        if (came == null) {
            late = true;
            throw new IOException("the client sent nothing for " + patience.toSeconds() + " s");
        }
        if (came instanceof Piece.Broken broken) {
            throw new IOException("the connection broke", broken.cause());
        }
        ended = came instanceof Piece.End;
        piece = came instanceof Piece.Bytes more ? more.bytes() : Buffer.buffer();
        read = 0;
    }

    private @Nullable Piece await() throws IOException {
        try {
            return pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        }
    }
}
