package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.RequestId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a stream as server-sent events: a model's in the shape of OpenAI's chat API, ending with {@code data: [DONE]}; any
 * other as its converter to an {@link java.io.InputStream} writes it. Each event leaves as it comes; a client that goes away ends the stream at its provider; one that does not read slows it down
 * and is given up in the end (STR-07, STR-08). Errors before the first event get a status of their own, later ones an
 * event {@code data: {"error":…}}.
 */
final class SseWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SseWriter.class);

    private final OpenStreams streams;
    private final Duration slowClient;
    private final Clock clock;

    SseWriter(OpenStreams streams, Duration slowClient, Clock clock) {
        this.streams = streams;
        this.slowClient = slowClient;
        this.clock = clock;
    }

    /** Writes all of a model's stream and closes it. Blocks until that is done. */
    void write(ModelStream stream, HttpServerResponse response, RequestId requestId) {
        write(stream, new SseEvents.OfModel(stream, clock.instant()), response, requestId);
    }

    /**
     * Writes all of a stream and closes it. Blocks until that is done.
     *
     * @param events gives the events; closed with the stream
     */
    void write(AnswerStream<?> stream, SseEvents events, HttpServerResponse response, RequestId requestId) {
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
            copy(events, response, room);
            if (streams.closed()) {
                throw new UnavailableException(ErrorCode.CANCELLED, "the server stops: ask again");
            }
            if (!gone.get()) {
                response.end(events.ending());
            }
        } catch (RuntimeException e) {
            if (gone.get() || response.closed()) {
                LOG.debug("request {}: the client went away", requestId);
            } else {
                fail(e, events, response, requestId);
            }
        } finally {
            streams.remove(stream);
            endFor(response);
        }
    }

    /** A response whose client has gone counts as written: nobody is to begin it anew. */
    private static void endFor(HttpServerResponse response) {
        if (!response.ended() && (response.headWritten() || response.closed())) {
            response.end().onFailure(gone -> LOG.trace("nobody was there to read the end"));
        }
    }

    private void copy(SseEvents events, HttpServerResponse response, Semaphore room) {
        // the first piece decides whether the answer has begun or is an error
        Buffer event = events.next();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        while (event != null) {
            response.write(event);
            awaitRoom(response, room);
            event = events.next();
        }
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

    private static void fail(
            RuntimeException failure, SseEvents events, HttpServerResponse response, RequestId requestId) {
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
        response.end(events.error(answer.json()));
    }
}
