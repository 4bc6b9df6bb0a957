package io.bactrian.model.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.egress.EgressResponse;
import io.bactrian.egress.SseReader;
import io.bactrian.json.ChatChunkReader;
import io.bactrian.json.OpenAiError;
import io.bactrian.json.OpenAiErrorReply;
import io.bactrian.json.OpenAiJson;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A streamed chat completion. Pulls: the server is read from when the next piece is asked for, in the thread that asks,
 * so a slow reader slows the server and nothing is kept. Its end is proper after {@code [DONE]}, or after a finish
 * reason where the server leaves that out; anything else is a truncated answer.
 */
final class OpenAiStream implements ModelStream {

    private final EgressResponse response;
    private final SseReader events;
    private final ChatChunkReader reader;
    private final Function<OpenAiError, InvokeException> errors;
    private @Nullable LlmResultChunk next;
    private boolean begun;
    private boolean ended;
    private volatile boolean closed;

    OpenAiStream(EgressResponse response, ChatChunkReader reader, Function<OpenAiError, InvokeException> errors) {
        this.response = response;
        this.events = response.events();
        this.reader = reader;
        this.errors = errors;
    }

    @Override
    public boolean hasNext() {
        if (closed) {
            return false;
        }
        if (next == null && !ended) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public LlmResultChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer is over");
        }
        LlmResultChunk piece = next;
        next = null;
        if (piece == null) {
            throw new NoSuchElementException("the answer is over");
        }
        return piece;
    }

    @Override
    public void close() {
        closed = true;
        // a call that is over has ended already, and its connection serves others
        response.cancel();
    }

    private @Nullable LlmResultChunk advance() {
        boolean good = false;
        try {
            LlmResultChunk piece = read();
            if (!begun && piece != null && (piece.hasContent() || piece.finishReason() != null)) {
                begun = true;
                response.firstTokenSeen();
            }
            good = true;
            return piece;
        } catch (InvokeException error) {
            if (closed) {
                return null;
            }
            throw error;
        } finally {
            if (!good) {
                ended = true;
                response.cancel();
            }
        }
    }

    private @Nullable LlmResultChunk read() {
        while (events.next()) {
            if (events.length() == 0) {
                continue;
            }
            if (events.dataIs("[DONE]")) {
                return done();
            }
            if ("error".equals(events.event())) {
                throw errors.apply(errorEvent());
            }
            LlmResultChunk piece = piece();
            if (piece != null) {
                return piece;
            }
        }
        return endOfBody();
    }

    private @Nullable LlmResultChunk piece() {
        try {
            return reader.read(events.buffer(), events.offset(), events.length());
        } catch (OpenAiErrorReply reply) {
            throw errors.apply(reply.error());
        }
    }

    private OpenAiError errorEvent() {
        OpenAiError error = OpenAiJson.readError(events.buffer(), events.offset(), events.length());
        return error.isEmpty() ? OpenAiError.of(events.data()) : error;
    }

    private @Nullable LlmResultChunk done() {
        if (!reader.begun()) {
            throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "the provider's stream ended without an answer");
        }
        end();
        return reader.finished() ? null : reader.lastPiece();
    }

    private @Nullable LlmResultChunk endOfBody() {
        if (closed) {
            return null;
        }
        // without a length a lost connection looks like the end, so half an event is a sign that it was lost (STR-02)
        boolean whole = !events.truncated() || delimited();
        if (!reader.finished() || !whole) {
            throw new ProtocolException(
                    ErrorCode.STREAM_TRUNCATED,
                    "the provider's stream broke off before it said that the answer is finished");
        }
        end();
        return null;
    }

    private boolean delimited() {
        return response.header("content-length").isPresent()
                || response.header("transfer-encoding").isPresent();
    }

    private void end() {
        ended = true;
        // gives the connection back if nothing but the end mark is left; never waits
        response.close();
    }
}
