package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.json.OpenAiJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a model's stream as server-sent events in the shape of OpenAI's chat API, ending with {@code data: [DONE]}. Each
 * event leaves as it comes; a client that goes away ends the stream at its provider; one that does not read slows it down
 * and is given up in the end (STR-07, STR-08). Errors before the first event get a status of their own, later ones an
 * event {@code data: {"error":…}}.
 */
final class SseWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SseWriter.class);
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
    private static final byte[] END = {'\n', '\n'};

    private final OpenStreams streams;
    private final Duration slowClient;
    private final Clock clock;

    SseWriter(OpenStreams streams, Duration slowClient, Clock clock) {
        this.streams = streams;
        this.slowClient = slowClient;
        this.clock = clock;
    }

    /** Writes all of a stream and closes it. Blocks until that is done. */
    void write(ModelStream stream, HttpServerResponse response, RequestId requestId) {
        AtomicBoolean gone = new AtomicBoolean();
        Semaphore room = new Semaphore(0);
        response.closeHandler(closed -> {
            gone.set(true);
            stream.close();
            room.release();
        });
        response.exceptionHandler(failure -> stream.close());
        streams.add(stream);
        try (stream) {
            if (response.closed()) {
                return;
            }
            copy(stream, response, room);
            if (streams.closed()) {
                throw new UnavailableException(ErrorCode.CANCELLED, "the server stops: ask again");
            }
            if (!gone.get()) {
                response.end(Buffer.buffer("data: [DONE]\n\n"));
            }
        } catch (RuntimeException e) {
            if (gone.get() || response.closed()) {
                LOG.debug("request {}: the client went away", requestId);
            } else {
                fail(e, response, requestId);
            }
        } finally {
            streams.remove(stream);
        }
    }

    private void copy(ModelStream stream, HttpServerResponse response, Semaphore room) {
        // the first piece decides whether the answer has begun or is an error
        boolean more = stream.hasNext();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        Instant created = clock.instant();
        for (boolean first = true; more; first = false) {
            response.write(event(stream.next(), created, first));
            awaitRoom(response, room);
            more = stream.hasNext();
        }
    }

    private static Buffer event(LlmResultChunk chunk, Instant created, boolean first) {
        byte[] json = OpenAiJson.writeChunk(chunk, created, first);
        return Buffer.buffer(json.length + DATA.length + END.length)
                .appendBytes(DATA)
                .appendBytes(json)
                .appendBytes(END);
    }

    private void awaitRoom(HttpServerResponse response, Semaphore room) {
        if (!response.writeQueueFull()) {
            return;
        }
        room.drainPermits();
        response.drainHandler(drained -> room.release());
        if (!response.writeQueueFull()) {
            return;
        }
        try {
            if (!room.tryAcquire(slowClient.toMillis(), TimeUnit.MILLISECONDS)) {
                response.reset();
                throw new UnavailableException(ErrorCode.CANCELLED, "the client stopped reading its stream");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(ErrorCode.CANCELLED, "the server stops");
        }
    }

    private static void fail(RuntimeException failure, HttpServerResponse response, RequestId requestId) {
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known == null) {
            LOG.error("request {} failed while its answer was written", requestId, failure);
        } else {
            LOG.debug(
                    "request {}: the stream ended with {}",
                    requestId,
                    known.code().text());
        }
        ErrorAnswer answer = ErrorAnswer.of(failure, requestId);
        if (!response.headWritten()) {
            response.setChunked(false);
            answer.send(response);
            return;
        }
        response.end(Buffer.buffer("data: " + answer.json() + "\n\n"));
    }
}
