package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFaultsTest {

    private static final String PIECE =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}";
    private static final String REST =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    static List<WirePayload> ownStreams() {
        return WirePayload.streams().stream()
                .filter(payload -> !payload.name().contains("/"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ownStreams")
    @DisplayName("STR-01: after every cut, a prefix and then an error")
    void givesAPrefixAndThenAnErrorAfterEveryCut(WirePayload payload) {
        byte[] bytes = payload.sse();
        fixture.server.enqueue(Reply.sseRaw(bytes));
        List<LlmResultChunk> whole = drain(fixture.stream()).pieces();

        for (int cut = 0; cut < bytes.length; cut += cut < 300 || cut > bytes.length - 300 ? 1 : 7) {
            fixture.server.enqueue(Reply.sseRaw(bytes).closeAfterBytes(cut));
            Drained drained = drain(fixture.stream());

            assertThat(drained.pieces())
                    .as("cut after %d bytes", cut)
                    .isEqualTo(whole.subList(0, drained.pieces().size()));
            assertThat(drained.error())
                    .as("cut after %d bytes", cut)
                    .isInstanceOf(ProtocolException.class)
                    .extracting(InvokeException::code)
                    .isEqualTo(ErrorCode.STREAM_TRUNCATED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 90, 130})
    @DisplayName("STR-02: a reset in the middle of an event")
    void typesAReset(int after) {
        fixture.server.enqueue(Reply.sse(PIECE, REST, "[DONE]").resetAfterBytes(after));

        InvokeException error = catchThrowableOfType(
                InvokeException.class, () -> fixture.stream().collect());

        assertThat(error.code()).isIn(ErrorCode.STREAM_TRUNCATED, ErrorCode.CONNECTION_LOST);
    }

    @Test
    @DisplayName("STR-02: FIN without [DONE], without and with a finish reason, where the length is not marked")
    void needsAFinishReasonIfTheConnectionJustCloses() {
        byte[] unfinished = ("data: " + PIECE + "\n\n").getBytes(StandardCharsets.UTF_8);
        byte[] finished = ("data: " + PIECE + "\n\ndata: " + REST + "\n\n").getBytes(StandardCharsets.UTF_8);
        byte[] cut = ("data: " + PIECE + "\n\ndata: " + REST + "\n\ndata: {\"cho").getBytes(StandardCharsets.UTF_8);

        fixture.server.enqueue(
                Reply.sseRaw(unfinished).untilClose(),
                Reply.sseRaw(finished).untilClose(),
                Reply.sseRaw(cut).untilClose());

        truncated();
        assertThat(fixture.stream().collect().text()).isEqualTo("Hello");
        truncated();
    }

    @Test
    @DisplayName("STR-02: chunked without its last chunk; a length that lies")
    void needsTheEndThatWasPromised() {
        fixture.server.enqueue(
                Reply.sse(PIECE, REST).withoutTerminator(),
                Reply.sse(PIECE, REST).contentLength(10_000),
                Reply.sse(PIECE, REST).contentLength(40));

        truncated();
        truncated();
        truncated();
    }

    private void truncated() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> fixture.stream().collect())
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.STREAM_TRUNCATED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[{\"delta\":{\"content\":\"x", "not json", "[]", "{\"a\":1} {\"b\":2}"})
    @DisplayName("STR-05: an event that is no JSON object")
    void typesEventsThatAreNoPieces(String event) {
        fixture.server.enqueue(Reply.sse(PIECE, event, REST, "[DONE]"));

        Drained drained = drain(fixture.stream());

        assertThat(drained.pieces()).hasSize(1);
        assertThat(drained.error()).isInstanceOf(ProtocolException.class);
        assertThat(drained.error().code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"error":{"message":"too long","type":"BadRequestError","code":400}}                 | BAD_REQUEST
                    {"error":{"message":"maximum context length is 8192 tokens","code":400}}              | CONTEXT_LENGTH_EXCEEDED
                    {"error":{"message":"later","code":429}}                                              | RATE_LIMITED
                    {"error":{"message":"broken","code":"server_error"}}                                  | SERVER_UNAVAILABLE
                    {"error":{"message":"no money","code":"insufficient_quota"}}                          | INSUFFICIENT_QUOTA
                    {"error":{"message":"busy","type":"overloaded_error"}}                                | OVERLOADED
                    {"error":"something"}                                                                 | SERVER_UNAVAILABLE
                    {"object":"error","message":"something"}                                              | SERVER_UNAVAILABLE
                    {"choices":[{"delta":{},"finish_reason":"error"}],"error":{"code":502,"message":"x"}} | SERVER_UNAVAILABLE
                    """)
    @DisplayName("STR-05: an error in the middle of a stream")
    void typesErrorsInTheMiddle(String event, ErrorCode code) {
        fixture.server.enqueue(Reply.sse(PIECE, event, "[DONE]"));

        Drained drained = drain(fixture.stream());

        assertThat(drained.pieces()).hasSize(1);
        assertThat(drained.error().code()).isEqualTo(code);
        assertThat(drained.error().details().upstreamStatus()).isEqualTo(200);
    }

    @Test
    void typesEventsNamedError() {
        byte[] json = ("data: " + PIECE + "\n\nevent: error\ndata: {\"message\":\"no\",\"code\":503}\n\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] text = "event: error\ndata: it broke\n\n".getBytes(StandardCharsets.UTF_8);
        fixture.server.enqueue(Reply.sseRaw(json), Reply.sseRaw(text));

        assertThat(drain(fixture.stream()).error()).isInstanceOf(UnavailableException.class);
        assertThat(drain(fixture.stream()).error()).hasMessageContaining("it broke");
    }

    @Test
    void isOverAfterAnError() {
        fixture.server.enqueue(Reply.sse("{\"error\":{\"message\":\"later\",\"code\":429}}"));
        ModelStream stream = fixture.stream();

        assertThatExceptionOfType(RateLimitedException.class).isThrownBy(stream::hasNext);
        assertThat(stream.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(stream::next);
        assertThat(fixture.server.awaitClientClosed(Fixture.SOON)
                        || fixture.server.awaitOpenConnections(0, Fixture.SOON))
                .isTrue();
    }

    private static final String ROLE =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}";

    /** Answers whose first token does not come, in every way there is to be silent. */
    static List<Reply> silences() {
        byte[] comments = ": wait\n\n".repeat(3_000).getBytes(StandardCharsets.UTF_8);
        return List.of(
                Reply.blackHole(),
                Reply.sse(PIECE, REST, "[DONE]").stallAfterBytes(0),
                Reply.sse(ROLE, PIECE, REST, "[DONE]").stallAfterBytes(("data: " + ROLE + "\n\n").length()),
                Reply.sseRaw(comments).splitEvery(8).delayBetweenChunks(Duration.ofMillis(10)));
    }

    @ParameterizedTest
    @MethodSource("silences")
    @DisplayName("STR-09: silence before the first token ends with its own clock, and the socket with it")
    void waitsForTheFirstTokenAsLongAsItIsTold(Reply silence) {
        fixture.server.enqueue(silence);
        LlmRequest question = Fixture.QUESTION.withFirstTokenTimeout(Duration.ofMillis(300));

        InvokeException error = catchThrowableOfType(
                InvokeException.class,
                () -> fixture.dialect.streamLlm(fixture.call(), question).collect());

        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT_FIRST_TOKEN);
        assertThat(error).hasMessageContaining("first token").hasMessageContaining("firstTokenTimeout");
        assertThat(fixture.server.awaitClientClosed(Fixture.SOON)).isTrue();
    }

    @Test
    @DisplayName("STR-09: the deadline of the call stands above the clock of the first token")
    void endsAtTheDeadlineIfThatIsSooner() {
        fixture.server.enqueue(Reply.sse(PIECE).stallAfterBytes(0));
        LlmRequest question = Fixture.QUESTION.withFirstTokenTimeout(Fixture.SOON);
        ModelCall call = fixture.call(Deadline.in(Duration.ofMillis(300)));

        InvokeException error = catchThrowableOfType(
                InvokeException.class,
                () -> fixture.dialect.streamLlm(call, question).collect());

        assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    @DisplayName("STR-09: once the first token is there, its clock is over")
    void waitsForTheRestAsLongAsTheCallHas() {
        CountDownLatch gate = new CountDownLatch(1);
        fixture.server.enqueue(
                Reply.sse(PIECE, REST, "[DONE]").gateAfterBytes(("data: " + PIECE + "\n\n").length(), gate));
        AtomicLong nanos = new AtomicLong();
        ModelCall call = fixture.call(Deadline.in(Duration.ofHours(1), nanos::get));
        LlmRequest question = Fixture.QUESTION.withFirstTokenTimeout(Duration.ofMinutes(1));

        try (ModelStream stream = fixture.dialect.streamLlm(call, question)) {
            assertThat(stream.next().text()).isEqualTo("Hel");
            nanos.addAndGet(Duration.ofMinutes(30).toNanos());
            gate.countDown();

            assertThat(stream.next().text()).isEqualTo("lo");
            assertThat(stream.hasNext()).isFalse();
        }
    }

    @Test
    @DisplayName("STR-08: closing reaches the socket")
    void closesTheSocketWhenTheReaderHasHadEnough() {
        fixture.server.enqueue(Reply.sse(PIECE, PIECE, PIECE, REST, "[DONE]")
                .stallAfterBytes(("data: " + PIECE + "\n\n").length() * 2L));
        ModelStream stream = fixture.stream();
        assertThat(stream.next().text()).isEqualTo("Hel");

        stream.close();

        assertThat(fixture.server.awaitClientClosed(Duration.ofSeconds(1))).isTrue();
        assertThat(stream.hasNext()).isFalse();
        stream.close();
    }

    @Test
    @DisplayName("STR-08: another thread ends a read that blocks")
    void wakesAReaderThatWaits() throws Exception {
        fixture.server.enqueue(Reply.sse(PIECE, REST, "[DONE]").stallAfterBytes(("data: " + PIECE + "\n\n").length()));
        ModelStream stream = fixture.stream();
        stream.next();
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> more = reader.submit(() -> {
                waiting.countDown();
                return stream.hasNext();
            });
            waiting.await();

            stream.close();

            assertThat(more.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(fixture.server.awaitClientClosed(Fixture.SOON)).isTrue();
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    @DisplayName("STR-10: what is no event stream")
    void typesAnswersThatAreNoStream() {
        fixture.server.enqueue(
                Reply.body(200, "text/html", "<html>Welcome</html>".getBytes(StandardCharsets.UTF_8)),
                Reply.status(204),
                Reply.json(200, "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"),
                Reply.body(200, "text/plain", PIECE.getBytes(StandardCharsets.UTF_8)),
                Reply.gzip(200, "text/event-stream", new byte[64], 1_000_000),
                Reply.sse(),
                Reply.sse("[DONE]"),
                Reply.status(302).header("Location", "http://127.0.0.1/elsewhere"));

        for (int i = 0; i < 8; i++) {
            assertThatExceptionOfType(ProtocolException.class).as("reply %d", i).isThrownBy(() -> fixture.stream()
                    .collect());
        }
    }

    @Test
    @DisplayName("STR-10: what is no JSON answer")
    void typesAnswersThatAreNoJson() {
        fixture.server.enqueue(
                Reply.body(200, "text/html", "<html>Welcome</html>".getBytes(StandardCharsets.UTF_8)),
                Reply.status(204),
                Reply.body(200, "text/plain", "hello".getBytes(StandardCharsets.UTF_8)),
                Reply.json(200, ""),
                Reply.json(200, "{\"ok\":true}"),
                Reply.sse(PIECE, REST, "[DONE]"),
                Reply.gzip(200, "application/json", new byte[64], 1_000_000));

        for (int i = 0; i < 7; i++) {
            assertThatExceptionOfType(ProtocolException.class)
                    .as("reply %d", i)
                    .isThrownBy(() -> fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION));
        }
    }

    @Test
    void typesAnErrorThatComesAsAWholeAnswer() {
        fixture.server.enqueue(Reply.json(
                200, "{\"error\":{\"message\":\"context length exceeded\",\"code\":\"context_length_exceeded\"}}"));

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(fixture::stream)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED));
    }

    private record Drained(List<LlmResultChunk> pieces, InvokeException error) {}

    private static Drained drain(ModelStream stream) {
        List<LlmResultChunk> pieces = new ArrayList<>();
        try (stream) {
            stream.forEachRemaining(pieces::add);
            return new Drained(pieces, null);
        } catch (InvokeException error) {
            return new Drained(pieces, error);
        }
    }
}
