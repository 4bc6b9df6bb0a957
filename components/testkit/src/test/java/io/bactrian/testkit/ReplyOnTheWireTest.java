package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.bactrian.testkit.RawClient.End;
import io.bactrian.testkit.RawClient.Heard;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyOnTheWireTest {

    private static final String SSE_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final FaultServer server = FaultServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sendsJsonWithItsLengthAndHeadersInOrder() throws IOException {
        server.enqueue(Reply.json(429, "{\"é\":1}").header("Retry-After", "2").header("X-Two", "b"));

        Heard heard = RawClient.get(server);

        assertThat(heard.text())
                .isEqualTo("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 2\r\n"
                        + "X-Two: b\r\nContent-Length: 8\r\n\r\n"
                        + new String("{\"é\":1}".getBytes(UTF_8), ISO_8859_1));
        assertThat(heard.end()).isEqualTo(End.FIN);
    }

    @Test
    void sendsEachEventAsOneChunkAndEndsProperly() throws IOException {
        server.enqueue(Reply.sse("{}", "[DONE]"));

        assertThat(RawClient.get(server).text())
                .isEqualTo(SSE_HEAD + "a\r\ndata: {}\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
    }

    @Test
    void splitsChunksAtTheGivenSizes() throws IOException {
        server.enqueue(Reply.sseRaw("abcdefg".getBytes(UTF_8)).chunkSizes(1, 3));

        assertThat(RawClient.get(server).text()).isEqualTo(SSE_HEAD + "1\r\na\r\n3\r\nbcd\r\n3\r\nefg\r\n0\r\n\r\n");
    }

    @Test
    void splitsChunksEverySoManyBytes() throws IOException {
        server.enqueue(Reply.sseRaw("abcde".getBytes(UTF_8)).splitEvery(2));

        assertThat(RawClient.get(server).text()).isEqualTo(SSE_HEAD + "2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n");
    }

    @Test
    void refusesEmptyChunksBecauseTheyWouldEndTheBody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.sse("x").chunkSizes(1, 0))
                .withMessageContaining("at least one byte");
    }

    @Test
    void pausesBetweenChunksSoThatTheyArriveApart() throws IOException {
        server.enqueue(Reply.sseRaw("abcd".getBytes(UTF_8)).splitEvery(1).delayBetweenChunks(Duration.ofMillis(40)));

        long start = System.nanoTime();
        Heard heard = RawClient.get(server);

        // a busy machine may join some reads, but never shorten the pauses
        assertThat(heard.reads()).isGreaterThan(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(3 * 40));
    }

    @Test
    void dribblesFromTheStatusLineOn() throws IOException {
        String raw = "HTTP/1.1 204 No Content\r\n\r\n";
        server.enqueue(Reply.dribble(raw.getBytes(UTF_8), Duration.ofMillis(10)));

        long start = System.nanoTime();
        Heard heard = RawClient.get(server);

        assertThat(heard.text()).isEqualTo(raw);
        assertThat(heard.reads()).isGreaterThan(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(10L * (raw.length() - 1)));
    }

    @Test
    void waitsBeforeTheFirstByte() throws IOException {
        server.enqueue(Reply.json(200, "{}").delayHeaders(Duration.ofMillis(100)));

        long start = System.nanoTime();
        RawClient.get(server);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6, 7})
    void closesWithFinAfterExactlySoManyBodyBytes(int k) throws IOException {
        server.enqueue(Reply.json(200, "abcdefg").closeAfterBytes(k));

        Heard heard = RawClient.get(server);

        assertThat(heard.text()).endsWith("Content-Length: 7\r\n\r\n" + "abcdefg".substring(0, k));
        assertThat(heard.end()).isEqualTo(End.FIN);
    }

    @Test
    void closesInsideAChunkThatAnnouncedMore() throws IOException {
        server.enqueue(Reply.sseRaw("abcdefg".getBytes(UTF_8)).chunkSizes(3).closeAfterBytes(5));

        assertThat(RawClient.get(server).text()).isEqualTo(SSE_HEAD + "3\r\nabc\r\n4\r\nde");
    }

    @Test
    void closesBetweenTwoChunksWithoutALastOne() throws IOException {
        server.enqueue(Reply.sseRaw("abcdefg".getBytes(UTF_8)).chunkSizes(3).closeAfterBytes(3));

        assertThat(RawClient.get(server).text()).isEqualTo(SSE_HEAD + "3\r\nabc\r\n");
    }

    @Test
    void resetsAfterExactlySoManyBodyBytes() throws IOException {
        server.enqueue(Reply.sseRaw("abcdefg".getBytes(UTF_8)).resetAfterBytes(2));

        Heard heard = RawClient.get(server);

        assertThat(heard.end()).isEqualTo(End.RST);
        assertThat(SSE_HEAD + "7\r\nab").startsWith(heard.text());
    }

    @Test
    void deliversTheBytesBeforeAResetWhenTheClientIsReading() throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        server.enqueue(
                Reply.sseRaw("abcdefg".getBytes(UTF_8)).gateAfterBytes(2, read).resetAfterBytes(2));

        try (RawClient client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(client.hear(SSE_HEAD.length() + 7)).isEqualTo(SSE_HEAD + "2\r\nab\r\n");
            read.countDown();
            assertThat(client.hear()).isEqualTo(new Heard("", 0, End.RST));
        }
    }

    @Test
    void resetsAfterTheHeaders() throws IOException {
        server.enqueue(Reply.resetAfterHeaders());

        assertThat(RawClient.get(server).end()).isEqualTo(End.RST);
    }

    @Test
    void resetsInsteadOfAnswering() throws IOException {
        server.enqueue(Reply.resetAfterRequest());

        assertThat(RawClient.get(server)).isEqualTo(new Heard("", 0, End.RST));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void closesInsteadOfAnswering() throws IOException {
        server.enqueue(Reply.closeAfterRequest());

        assertThat(RawClient.get(server)).isEqualTo(new Heard("", 0, End.FIN));
    }

    @Test
    void resetsOnAcceptWithoutReadingARequest() throws IOException {
        server.enqueue(Reply.resetOnAccept(), Reply.json(200, "{}"));

        try (RawClient client = new RawClient(server)) {
            assertThat(client.hear()).isEqualTo(new Heard("", 0, End.RST));
        }
        assertThat(server.requests()).isEmpty();
        assertThat(RawClient.get(server).text()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void closesOnAcceptWithFinThoughTheClientHasSpoken() throws IOException {
        server.enqueue(Reply.closeOnAccept());

        try (RawClient client = new RawClient(server)) {
            assertThat(client.send("GET / HTTP/1.1\r\n\r\n").hear()).isEqualTo(new Heard("", 0, End.FIN));
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void speaksFirstWhenAsked() throws IOException {
        server.enqueue(Reply.bytesOnAccept("220 mail.example\r\n".getBytes(UTF_8)));

        try (RawClient client = new RawClient(server)) {
            assertThat(client.hear().text()).isEqualTo("220 mail.example\r\n");
        }
    }

    @Test
    void stallsAfterExactlySoManyBodyBytes() throws IOException {
        server.enqueue(Reply.sseRaw("abcdefg".getBytes(UTF_8)).chunkSizes(3).stallAfterBytes(3));

        Heard heard = RawClient.getAndListenFor(server, A_MOMENT);

        assertThat(heard.end()).isEqualTo(End.SILENCE);
        assertThat(heard.text()).isEqualTo(SSE_HEAD + "3\r\nabc\r\n");
    }

    @Test
    void neverAnswersFromABlackHole() throws IOException {
        server.enqueue(Reply.blackHole());

        assertThat(RawClient.getAndListenFor(server, A_MOMENT)).isEqualTo(new Heard("", 0, End.SILENCE));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void halfClosesAndStillListens() throws IOException {
        server.enqueue(Reply.json(200, "abc").halfCloseAfterBytes(1));

        try (RawClient client = new RawClient(server)) {
            Heard heard = client.send("GET / HTTP/1.1\r\n\r\n").hear();
            assertThat(heard.text()).endsWith("\r\n\r\na");
            assertThat(heard.end()).isEqualTo(End.FIN);
            assertThat(server.openConnections()).isEqualTo(1);
        }
        assertThat(server.awaitClientClosed(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void leavesOutTheLastChunk() throws IOException {
        server.enqueue(Reply.sse("x").withoutTerminator());

        assertThat(RawClient.get(server))
                .extracting(Heard::text, Heard::end)
                .containsExactly(SSE_HEAD + "9\r\ndata: x\n\n\r\n", End.FIN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 4, 1_000_000_000_000L})
    void liesAboutTheLength(long declared) throws IOException {
        server.enqueue(Reply.json(200, "abc").contentLength(declared));

        Heard heard = RawClient.getAndListenFor(server, Duration.ofSeconds(10));

        assertThat(heard.text()).endsWith("Content-Length: " + declared + "\r\n\r\nabc");
        assertThat(heard.end()).isEqualTo(End.FIN);
    }

    @Test
    void keepsSilentUnderALyingLengthWhenAskedToStall() throws IOException {
        server.enqueue(Reply.json(200, "abc").stallAfterBytes(3).contentLength(4));

        assertThat(RawClient.getAndListenFor(server, A_MOMENT).end()).isEqualTo(End.SILENCE);
    }

    @Test
    void sendsABodyThatOnlyTheConnectionEnds() throws IOException {
        server.enqueue(Reply.json(200, "abc").untilClose());

        Heard heard = RawClient.getAndListenFor(server, Duration.ofSeconds(10));

        assertThat(heard.text()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\nabc");
        assertThat(heard.end()).isEqualTo(End.FIN);
    }

    @Test
    void sendsRawBytesUntouched() throws IOException {
        String raw = "HTTP/1.1 200\nno-colon\r\n: empty name\r\n\r\n\u0000\u00ff";
        server.enqueue(Reply.bytes(raw.getBytes(ISO_8859_1)));

        assertThat(RawClient.get(server).text()).isEqualTo(raw);
    }

    @Test
    void sendsInterimAnswersFirst() throws IOException {
        server.enqueue(Reply.informational(103, 100).then(Reply.status(204)));

        assertThat(RawClient.get(server).text())
                .isEqualTo(
                        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    }

    @Test
    void compressesABombThatUnpacksToAllItsBlocks() throws IOException {
        byte[] block = "data: x\n\n".repeat(1000).getBytes(UTF_8);
        server.enqueue(Reply.gzip(200, "text/event-stream", block, 1000));

        String text = RawClient.get(server).text();
        byte[] body = text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);

        assertThat(text).contains("Content-Encoding: gzip\r\n");
        assertThat(body.length).isLessThan(100_000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes())
                .hasSize(9_000_000)
                .startsWith(block);
    }

    @Test
    void repeatsABlockFarBeyondWhatIsHeldInMemory() throws IOException {
        server.enqueue(Reply.repeating(500, "text/html", new byte[65536], Long.MAX_VALUE / 65536));

        try (RawClient client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\n\r\n").hearUntil("\r\n\r\n");
            assertThat(client.hear(50_000_000)).hasSize(50_000_000);
        }
    }

    @Test
    void sendsEqualBlocksWhenRepeating() throws IOException {
        server.enqueue(Reply.repeating(200, "text/event-stream", ": ping\n\n".getBytes(UTF_8), 3));

        assertThat(RawClient.get(server).text()).isEqualTo(SSE_HEAD + "8\r\n: ping\n\n\r\n".repeat(3) + "0\r\n\r\n");
    }

    @Test
    void holdsTheRestBackUntilTheGateOpens() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        server.enqueue(Reply.sseRaw("abcd".getBytes(UTF_8)).gateAfterBytes(1, gate));

        try (RawClient client = new RawClient(server)) {
            client.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(client.hear(SSE_HEAD.length() + 6)).isEqualTo(SSE_HEAD + "1\r\na\r\n");
            await().untilAsserted(() -> assertThat(server.bodyBytesSent()).isEqualTo(1));
            gate.countDown();
            assertThat(client.hear(13)).isEqualTo("3\r\nbcd\r\n0\r\n\r\n");
        }
    }

    @Test
    void sendsNoBodyToHead() throws IOException {
        server.enqueue(Reply.json(200, "abc"));

        try (RawClient client = new RawClient(server)) {
            client.send("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(client.hear().text()).endsWith("Content-Length: 3\r\n\r\n");
        }
    }

    @Test
    void leavesTheOriginalReplyAsItWas() throws IOException {
        Reply plain = Reply.json(200, "abc");
        plain.header("X", "y").closeAfterBytes(0).contentLength(7);
        server.enqueue(plain);

        assertThat(RawClient.get(server).text())
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\nabc");
    }
}
