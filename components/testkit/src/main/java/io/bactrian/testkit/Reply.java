package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FaultServer} does with one request: an answer, a fault, or an answer that turns into a fault after a
 * counted byte. Immutable; every method gives a changed copy. Offsets count body bytes, chunk framing left out; for
 * {@link #bytes(byte[])} and {@link #dribble} they count from the status line.
 */
public final class Reply {

    enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE,
        RAW,
        NO_BODY
    }

    enum Ending {
        KEEP_ALIVE,
        CLOSE,
        RESET,
        HALF_CLOSE,
        STALL
    }

    private int status = 200;
    private List<Header> headers = List.of();
    private List<Integer> informational = List.of();
    private ReplyBody body = ReplyBody.EMPTY;
    private Framing framing = Framing.LENGTH;
    private Ending ending = Ending.KEEP_ALIVE;
    private long endingAt = Long.MAX_VALUE;
    private long declaredLength = -1;
    private boolean onAccept;
    private boolean silent;
    private boolean terminator = true;
    private int[] sizes = {};
    private int every;
    private Duration beforeHeaders = Duration.ZERO;
    private Duration betweenChunks = Duration.ZERO;
    private long gateAt = Long.MAX_VALUE;
    private @Nullable CountDownLatch gate;

    private Reply() {}

    private Reply(Reply other) {
        status = other.status;
        headers = other.headers;
        informational = other.informational;
        body = other.body;
        framing = other.framing;
        ending = other.ending;
        endingAt = other.endingAt;
        declaredLength = other.declaredLength;
        onAccept = other.onAccept;
        silent = other.silent;
        terminator = other.terminator;
        sizes = other.sizes;
        every = other.every;
        beforeHeaders = other.beforeHeaders;
        betweenChunks = other.betweenChunks;
        gateAt = other.gateAt;
        gate = other.gate;
    }

    private Reply with(Consumer<Reply> change) {
        Reply copy = new Reply(this);
        change.accept(copy);
        return copy;
    }

    /** An answer of type {@code application/json} with its length declared. */
    public static Reply json(int status, String body) {
        return body(status, "application/json", body.getBytes(UTF_8));
    }

    /** An answer with a body of any type, its length declared. */
    public static Reply body(int status, String contentType, byte[] body) {
        return status(status).contentType(contentType).with(reply -> {
            reply.body = ReplyBody.of(body);
            reply.framing = Framing.LENGTH;
        });
    }

    /** An answer without a body; 1xx, 204 and 304 go without a length too (RFC 9110 section 8.6). */
    public static Reply status(int status) {
        boolean bodiless = status < 200 || status == 204 || status == 304;
        return new Reply().with(reply -> {
            reply.status = status;
            reply.framing = bodiless ? Framing.NO_BODY : Framing.LENGTH;
        });
    }

    /** The given bytes and nothing else, status line and all; then FIN, unless {@link #keepAlive()} follows. */
    public static Reply bytes(byte[] wholeRawResponse) {
        return new Reply().with(reply -> {
            reply.body = ReplyBody.of(wholeRawResponse);
            reply.framing = Framing.RAW;
            reply.ending = Ending.CLOSE;
        });
    }

    /** The bytes of {@link #bytes(byte[])} one at a time: the status line too is slow. */
    public static Reply dribble(byte[] wholeRawResponse, Duration perByte) {
        return bytes(wholeRawResponse).splitEvery(1).delayBetweenChunks(perByte);
    }

    /** A chunked 200 of type {@code text/event-stream}, one chunk {@code data: LINE} and an empty line for each line. */
    public static Reply sse(String... dataLines) {
        List<byte[]> events = Arrays.stream(dataLines)
                .map(line -> ("data: " + line + "\n\n").getBytes(UTF_8))
                .toList();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.forEach(all::writeBytes);
        return sseRaw(all.toByteArray())
                .chunkSizes(events.stream().mapToInt(event -> event.length).toArray());
    }

    /** A chunked 200 of type {@code text/event-stream} with exactly this body. */
    public static Reply sseRaw(byte[] body) {
        return body(200, "text/event-stream", body).chunked();
    }

    /** A chunked answer whose body is the block over and over, one chunk each; it may be far larger than memory. */
    public static Reply repeating(int status, String contentType, byte[] block, long times) {
        return status(status)
                .contentType(contentType)
                .chunked()
                .splitEvery(block.length)
                .with(reply -> reply.body = new ReplyBody(block.clone(), times));
    }

    /** An answer whose body is sent compressed, with {@code Content-Encoding: gzip}. Offsets count compressed bytes. */
    public static Reply gzip(int status, String contentType, byte[] plain) {
        return gzip(status, contentType, plain, 1);
    }

    /** As {@link #gzip(int, String, byte[])}, the plain text being the block over and over: a small bomb. */
    public static Reply gzip(int status, String contentType, byte[] block, long times) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (long i = 0; i < times; i++) {
                gzip.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body(status, contentType, packed.toByteArray()).header("Content-Encoding", "gzip");
    }

    /** RST as soon as the connection is accepted, before a byte is read. On a reused connection: at the request. */
    public static Reply resetOnAccept() {
        return silence(Ending.RESET).with(reply -> reply.onAccept = true);
    }

    /** FIN as soon as the connection is accepted. On a reused connection: at the request. */
    public static Reply closeOnAccept() {
        return silence(Ending.CLOSE).with(reply -> reply.onAccept = true);
    }

    /** The bytes as soon as the connection is accepted, whatever the client says; then FIN. For broken handshakes. */
    public static Reply bytesOnAccept(byte[] raw) {
        return bytes(raw).with(reply -> reply.onAccept = true);
    }

    /** Reads the request, then RST without a byte of an answer. */
    public static Reply resetAfterRequest() {
        return silence(Ending.RESET);
    }

    /** Reads the request, then FIN without a byte of an answer. */
    public static Reply closeAfterRequest() {
        return silence(Ending.CLOSE);
    }

    /** The head of a chunked 200, then RST. */
    public static Reply resetAfterHeaders() {
        return body(200, "application/json", new byte[0]).chunked().resetAfterBytes(0);
    }

    /** Reads the request and never answers; the connection stays open until one side ends it. */
    public static Reply blackHole() {
        return silence(Ending.STALL);
    }

    private static Reply silence(Ending ending) {
        return new Reply().with(reply -> {
            reply.framing = Framing.NO_BODY;
            reply.silent = true;
            reply.ending = ending;
        });
    }

    /** Interim answers, to be followed by a final one. */
    public static Informational informational(int... statuses) {
        return new Informational(statuses.clone());
    }

    /** Interim answers still without their final one. */
    public static final class Informational {

        private final int[] statuses;

        private Informational(int[] statuses) {
            this.statuses = statuses;
        }

        /** The interim answers, then this one. */
        public Reply then(Reply last) {
            return last.with(reply ->
                    reply.informational = Arrays.stream(statuses).boxed().toList());
        }
    }

    /** Adds a header line after those there are; the value goes out as it is, one byte for each character. */
    public Reply header(String name, String value) {
        return with(reply -> {
            List<Header> all = new ArrayList<>(headers);
            all.add(new Header(name, value));
            reply.headers = List.copyOf(all);
        });
    }

    /** Replaces the content type. */
    public Reply contentType(String contentType) {
        return with(reply -> {
            List<Header> all = new ArrayList<>(headers);
            all.removeIf(header -> header.named("Content-Type"));
            all.add(new Header("Content-Type", contentType));
            reply.headers = List.copyOf(all);
        });
    }

    /** Sends the body chunked, in one chunk unless it is split. */
    public Reply chunked() {
        return with(reply -> reply.framing = Framing.CHUNKED);
    }

    /** Sends the body with neither length nor chunks: it ends with the connection (RFC 9112 section 6.3, rule 8). */
    public Reply untilClose() {
        return with(reply -> {
            reply.framing = Framing.UNTIL_CLOSE;
            reply.ending = Ending.CLOSE;
        });
    }

    /** Splits the body into pieces of these sizes, each flushed; what is left is the last piece. */
    public Reply chunkSizes(int... sizes) {
        if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("a piece needs at least one byte: " + Arrays.toString(sizes));
        }
        int[] copy = sizes.clone();
        return with(reply -> {
            reply.sizes = copy;
            reply.every = 0;
        });
    }

    /** Splits the body into pieces of {@code n} bytes, each flushed. */
    public Reply splitEvery(int n) {
        return chunkSizes(n).with(reply -> {
            reply.sizes = new int[0];
            reply.every = n;
        });
    }

    /** Waits before the first byte of the answer. */
    public Reply delayHeaders(Duration delay) {
        return with(reply -> reply.beforeHeaders = delay);
    }

    /** Waits before each piece of the body but the first. */
    public Reply delayBetweenChunks(Duration delay) {
        return with(reply -> reply.betweenChunks = delay);
    }

    /** Sends {@code k} body bytes, then goes on only when the gate is open. */
    public Reply gateAfterBytes(long k, CountDownLatch gate) {
        return with(reply -> {
            reply.gateAt = k;
            reply.gate = gate;
        });
    }

    /** FIN after {@code k} body bytes and without a last chunk, be it in the middle of a chunk. No TLS close_notify. */
    public Reply closeAfterBytes(long k) {
        return endAt(k, Ending.CLOSE);
    }

    /** RST after {@code k} body bytes. */
    public Reply resetAfterBytes(long k) {
        return endAt(k, Ending.RESET);
    }

    /** FIN after {@code k} body bytes, but the connection is still read until the client ends it. */
    public Reply halfCloseAfterBytes(long k) {
        return endAt(k, Ending.HALF_CLOSE);
    }

    /** Nothing more after {@code k} body bytes; the connection stays open until one side ends it. */
    public Reply stallAfterBytes(long k) {
        return endAt(k, Ending.STALL);
    }

    private Reply endAt(long k, Ending how) {
        if (k < 0) {
            throw new IllegalArgumentException("an offset is not negative: " + k);
        }
        return with(reply -> {
            reply.ending = how;
            reply.endingAt = k;
        });
    }

    /** Chunked without the last chunk; then FIN, unless another end was asked for. */
    public Reply withoutTerminator() {
        return with(reply -> {
            reply.framing = Framing.CHUNKED;
            reply.terminator = false;
            reply.ending = ending == Ending.KEEP_ALIVE ? Ending.CLOSE : ending;
        });
    }

    /** Declares this length whatever the body's is; if that is a lie, FIN follows unless another end was asked for. */
    public Reply contentLength(long declared) {
        boolean lie = declared != body.length();
        return with(reply -> {
            reply.framing = Framing.LENGTH;
            reply.declaredLength = declared;
            reply.ending = lie && ending == Ending.KEEP_ALIVE ? Ending.CLOSE : ending;
        });
    }

    /** Keeps the connection for the next request, after raw bytes too. */
    public Reply keepAlive() {
        return with(reply -> reply.ending = Ending.KEEP_ALIVE);
    }

    /** {@code Connection: close}, and so it does, after the whole answer. */
    public Reply closeConnection() {
        return header("Connection", "close").with(reply -> reply.ending = Ending.CLOSE);
    }

    byte[] head() {
        StringBuilder head = new StringBuilder(256);
        informational.forEach(interim -> statusLine(head, interim).append("\r\n"));
        if (framing == Framing.RAW) {
            return head.toString().getBytes(ISO_8859_1);
        }
        statusLine(head, status);
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        if (framing == Framing.LENGTH) {
            head.append("Content-Length: ")
                    .append(declaredLength < 0 ? body.length() : declaredLength)
                    .append("\r\n");
        }
        if (framing == Framing.CHUNKED) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static StringBuilder statusLine(StringBuilder head, int status) {
        return head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
    }

    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 302 -> "Found";
            case 307 -> "Temporary Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }

    /** The length of the piece that starts at {@code offset}, being the {@code index}th. */
    int pieceLength(int index, long offset) {
        long rest = body.length() - offset;
        long wanted = index < sizes.length ? sizes[index] : every > 0 ? every : rest;
        long untilGate = gateAt > offset ? gateAt - offset : Long.MAX_VALUE;
        return Math.toIntExact(Math.min(Math.min(wanted, rest), untilGate));
    }

    ReplyBody body() {
        return body;
    }

    Framing framing() {
        return framing;
    }

    Ending ending() {
        return ending;
    }

    long endingAt() {
        return endingAt;
    }

    boolean onAccept() {
        return onAccept;
    }

    boolean silent() {
        return silent;
    }

    boolean terminated() {
        return terminator && endingAt == Long.MAX_VALUE;
    }

    Duration beforeHeaders() {
        return beforeHeaders;
    }

    Duration betweenChunks() {
        return betweenChunks;
    }

    long gateAt() {
        return gateAt;
    }

    @Nullable
    CountDownLatch gate() {
        return gate;
    }
}
