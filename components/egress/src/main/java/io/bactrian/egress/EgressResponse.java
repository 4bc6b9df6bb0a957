package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose head has arrived. The body is read in one of three ways: whole, as a stream, as events; each is bounded by
 * the request's limits and ends with an {@link InvokeException} if it does not end well. One thread reads;
 * {@link #cancel()} and {@link #close()} may come from any.
 */
public final class EgressResponse implements AutoCloseable {

    private static final int FIRST_GUESS = 8_192;
    private static final int TRUSTED_LENGTH = 1 << 20;

    private final EgressCall call;
    private final int status;
    private final ResponseHeaders headers;
    private final BodyStream body;
    private final long length;

    EgressResponse(EgressCall call, ClassicHttpResponse head, ResponseHeaders headers, TimeValue keepAlive)
            throws IOException {
        this.call = call;
        this.status = head.getCode();
        this.headers = headers;
        HttpEntity entity = head.getEntity();
        InputStream content = entity == null ? null : entity.getContent();
        this.length = content == null ? 0 : entity.getContentLength();
        boolean delimited = entity == null || entity.isChunked() || length >= 0;
        this.body =
                new BodyStream(call, content == null ? InputStream.nullInputStream() : content, delimited, keepAlive);
        if (length == 0) {
            call.complete(keepAlive);
        }
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The first value of a header, under its name in any case. */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /** The headers. */
    public ResponseHeaders headers() {
        return headers;
    }

    /**
     * Reads the whole body, and ends the call.
     *
     * @throws InvokeException {@code RESPONSE_TOO_LARGE}, {@code STREAM_TRUNCATED}, {@code PROTOCOL_ERROR}, or a time-out
     */
    public byte[] readAll() {
        InputStream in = body();
        // a length that is only announced is no reason to set memory aside
        if (length < 0 || length > TRUSTED_LENGTH) {
            return collect(in, Integer.MAX_VALUE);
        }
        byte[] whole = new byte[(int) length];
        int read = 0;
        int count = 0;
        while (count >= 0 && read < whole.length) {
            count = body.read(whole, read, whole.length - read);
            read += Math.max(0, count);
        }
        if (count >= 0) {
            // the end has to be seen for the connection to be given back
            body.read(new byte[1], 0, 1);
        }
        return read == whole.length ? whole : Arrays.copyOf(whole, read);
    }

    /** Reads the beginning of the body, at most that many bytes, and ends the call: for the text of an error (UP-10). */
    public byte[] readAtMost(int max) {
        try (InputStream in = decodable()) {
            return collect(in, max);
        } catch (IOException never) {
            throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "The answer of " + call.host() + " cannot be read");
        }
    }

    /**
     * The body as a stream. Its methods throw {@link InvokeException}s, not {@link IOException}s.
     *
     * @throws ProtocolException {@code PROTOCOL_ERROR} if it is compressed, which was not asked for; {@code
     *     RESPONSE_TOO_LARGE} if it announces more bytes than the limits allow
     */
    public InputStream body() {
        if (length > Math.min(call.limits().maxResponseBytes(), Integer.MAX_VALUE - 8)) {
            throw call.failed(Failures.bodyTooLarge(call.host(), call.limits().maxResponseBytes()));
        }
        return decodable();
    }

    /**
     * The body as events. The clock between bytes then counts data: comments do not restart it (STR-06).
     *
     * @throws ProtocolException {@code PROTOCOL_ERROR} if the answer is no event stream (STR-10)
     */
    public SseReader events() {
        String type = headers.value("content-type");
        if (status == 204 || type != null && !isEventStream(type)) {
            throw call.failed(new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR,
                    call.host() + " answered with status " + status + " and no event stream (text/event-stream)"));
        }
        InputStream in = body();
        body.dataResetsIdle();
        return new SseReader(in, call.limits(), body::progress);
    }

    /** The answer has begun to say something: the clock of {@link EgressRequest.Builder#firstToken} stops. By the one who reads. */
    public void firstTokenSeen() {
        call.clock().firstTokenSeen();
    }

    /** Ends the call from whatever thread: the socket is closed at once, a read that blocks wakes with {@code CANCELLED}. */
    public void cancel() {
        call.end(Ending.CANCELLED);
    }

    /**
     * Ends the call: a body that was read to its end has given its connection back already; an unfinished one is cut, never
     * drained.
     */
    @Override
    public void close() {
        body.close();
    }

    private InputStream decodable() {
        @Nullable String coding = headers.value("content-encoding");
        if (coding != null && !coding.isBlank() && !"identity".equalsIgnoreCase(coding.strip())) {
            throw call.failed(new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR, call.host() + " answered in a content coding that was not asked for"));
        }
        return body;
    }

    private static boolean isEventStream(String type) {
        int parameters = type.indexOf(';');
        String media = parameters < 0 ? type : type.substring(0, parameters);
        return "text/event-stream".equals(media.strip().toLowerCase(Locale.ROOT));
    }

    private static byte[] collect(InputStream in, int max) {
        try {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.min(max, FIRST_GUESS));
            byte[] part = new byte[Math.min(max, FIRST_GUESS)];
            int left = max;
            while (left > 0) {
                int read = in.read(part, 0, Math.min(left, part.length));
                if (read < 0) {
                    break;
                }
                whole.write(part, 0, read);
                left -= read;
            }
            return whole.toByteArray();
        } catch (IOException never) {
            throw new ProtocolException(ErrorCode.PROTOCOL_ERROR, "The answer cannot be read");
        }
    }

    @Override
    public String toString() {
        return "EgressResponse[" + status + " from " + call.host() + "]";
    }
}
