package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EgressClientTest {

    private final FaultServer server = FaultServer.start();
    private final EgressClient client = Net.client(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void sendsExactlyWhatItWasGiven() {
        server.enqueue(
                Reply.json(201, "{\"ok\":true}").header("X-Request-Id", "r1").header("x-request-id", "r2"));
        OutboundHeaders headers = OutboundHeaders.builder()
                .bearer(Secret.of("sk-1"))
                .with("X-Two", "a")
                .with("X-Two", "b")
                .build();

        try (EgressResponse response = client.send(Net.post(server)
                .headers(headers)
                .body("{\"q\":\"\u00e9\"}".getBytes(UTF_8), "application/json")
                .build())) {
            assertThat(response.status()).isEqualTo(201);
            assertThat(response.header("X-REQUEST-ID")).contains("r1");
            assertThat(response.headers().all("x-request-id")).containsExactly("r1", "r2");
            assertThat(response.header("X-None")).isEmpty();
            assertThat(new String(response.readAll(), UTF_8)).isEqualTo("{\"ok\":true}");
        }

        RecordedRequest request = server.takeRequest(Net.SOON);
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /x");
        assertThat(request.bodyText()).isEqualTo("{\"q\":\"\u00e9\"}");
        assertThat(request.headers().stream().map(header -> header.name() + ": " + header.value()))
                .containsExactly(
                        "Host: 127.0.0.1:" + server.port(),
                        "Authorization: Bearer sk-1",
                        "X-Two: a",
                        "X-Two: b",
                        "User-Agent: Bactrian",
                        "Accept-Encoding: identity",
                        "Content-Type: application/json",
                        "Content-Length: 10");
    }

    @Test
    void theCallersContentTypeAndAgentWin() {
        server.enqueue(Reply.status(200));

        client.send(Net.post(server)
                        .headers(OutboundHeaders.builder()
                                .with("content-type", "text/plain")
                                .with("User-Agent", "mine")
                                .build())
                        .body(new byte[] {'x'}, "application/json")
                        .build())
                .close();

        RecordedRequest request = server.takeRequest(Net.SOON);
        assertThat(request.headerValues("Content-Type")).containsExactly("text/plain");
        assertThat(request.headerValues("User-Agent")).containsExactly("mine");
    }

    @Test
    void keepsTheConnectionOfAnAnswerThatWasRead() {
        server.otherwise(Reply.json(200, "{}"));
        for (int i = 0; i < 5; i++) {
            try (EgressResponse response = client.send(Net.get(server).build())) {
                assertThat(response.readAll()).hasSize(2);
            }
        }
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @Test
    void keepsTheConnectionOfAnswersWithoutBody() {
        server.enqueue(Reply.status(204), Reply.status(304), Reply.status(200), Reply.json(200, "{}"));
        for (int i = 0; i < 4; i++) {
            try (EgressResponse response = client.send(Net.get(server).build())) {
                response.readAll();
            }
        }
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @DisplayName("A stream whose last event was read keeps its connection, though nobody read the end mark")
    @Test
    void keepsTheConnectionWhenOnlyTheEndMarkIsLeft() throws IOException {
        server.otherwise(Reply.sse("a", "[DONE]"));
        for (int i = 0; i < 20; i++) {
            try (EgressResponse response = client.send(Net.get(server).build())) {
                SseReader events = response.events();
                assertThat(events.next() && events.next() && events.dataIs("[DONE]"))
                        .isTrue();
            }
        }
        assertThat(server.connectionCount()).isLessThan(20);
    }

    @Test
    void cutsAnAnswerThatWasNotRead() {
        server.enqueue(Reply.repeating(200, "text/plain", new byte[1_000], 100_000_000L));

        client.send(Net.get(server).build()).close();

        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
    }

    @DisplayName("A connection on which bytes came unasked is not used again (Content-Length too short)")
    @Test
    void doesNotReadTheRestOfOneAnswerAsTheNext() {
        byte[] poisoned =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
                        .getBytes(UTF_8);
        server.enqueue(Reply.bytes(poisoned).keepAlive(), Reply.json(200, "good"));

        try (EgressResponse first = client.send(Net.get(server).build())) {
            assertThat(new String(first.readAll(), UTF_8)).isEqualTo("ok");
        }
        try (EgressResponse second = client.send(Net.get(server).build())) {
            assertThat(new String(second.readAll(), UTF_8)).isEqualTo("good");
        }
        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void noticesThatAnIdleConnectionWasClosed() {
        server.enqueue(Reply.json(200, "{}").closeAfterBytes(2), Reply.json(200, "{}"));
        try (EgressResponse response = client.send(Net.get(server).build())) {
            response.readAll();
        }
        assertThat(server.awaitOpenConnections(0, Net.SOON)).isTrue();
        Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);

        try (EgressResponse response = client.send(Net.get(server).build())) {
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @DisplayName("UP-09: Connection: close, and Keep-Alive: timeout, are honoured")
    @Test
    void honoursTheServersWord() {
        server.enqueue(
                Reply.json(200, "{}").closeConnection(),
                Reply.json(200, "{}").header("Keep-Alive", "timeout=1"),
                Reply.json(200, "{}"));
        for (int i = 0; i < 3; i++) {
            try (EgressResponse response = client.send(Net.get(server).build())) {
                response.readAll();
            }
        }
        assertThat(server.connectionCount()).isEqualTo(3);
    }

    @Test
    void readsTheBeginningOfAnError() {
        server.enqueue(Reply.repeating(500, "text/html", "<b>".getBytes(UTF_8), 1_000_000));

        try (EgressResponse response = client.send(Net.get(server).build())) {
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.readAtMost(4_096)).hasSize(4_096).startsWith("<b><b>".getBytes(UTF_8));
        }
        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
    }

    @Test
    void saysWhenAllConnectionsAreInUse() {
        server.otherwise(Reply.sse("a").stallAfterBytes(1));
        try (EgressClient small = EgressClient.builder(Net.allowing(server).build())
                        .maxConnections(1, 10)
                        .build();
                EgressResponse held = small.send(Net.get(server).build())) {
            assertThat(held.status()).isEqualTo(200);
            EgressRequest second = Net.get(server)
                    .limits(EgressLimits.DEFAULT.withConnect(Duration.ofMillis(200)))
                    .build();

            Failing.with(ErrorCode.OVERLOADED, () -> small.send(second));
            held.cancel();
            small.send(second).close();
        }
    }

    @DisplayName("Closing the client wakes whoever waits")
    @Test
    void closingEndsEverything() throws Exception {
        server.enqueue(Reply.blackHole());
        CompletableFuture<Void> call = CompletableFuture.runAsync(
                () -> client.send(Net.get(server).build()).close());
        server.takeRequest(Net.LONG);

        client.close();

        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        assertThat(failure(call)).isEqualTo(ErrorCode.CANCELLED);
    }

    @DisplayName("STR-08: a call is cancelled while its answer has not begun")
    @Test
    void cancelsBeforeTheAnswer() throws Exception {
        server.enqueue(Reply.blackHole());
        Cancellation cancellation = new Cancellation();
        EgressRequest request = Net.get(server).cancellation(cancellation).build();
        CompletableFuture<Void> call =
                CompletableFuture.runAsync(() -> client.send(request).close());
        server.takeRequest(Net.LONG);

        cancellation.cancel();

        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        assertThat(failure(call)).isEqualTo(ErrorCode.CANCELLED);
        Failing.with(ErrorCode.CANCELLED, () -> client.send(request));
    }

    @Test
    void wakesAReaderThatBlocks() throws Exception {
        server.enqueue(Reply.sse("a").stallAfterBytes(0));
        try (EgressResponse response = client.send(Net.get(server).build())) {
            InputStream body = response.body();
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(body));

            response.cancel();

            assertThat(failure(reader)).isEqualTo(ErrorCode.CANCELLED);
            assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        }
    }

    @DisplayName("A client of another make that shares the pool meets the same guard, and works")
    @Test
    void guardsOthersToo() throws IOException {
        server.otherwise(Reply.json(200, "shared"));
        try (CloseableHttpClient other = HttpClientBuilder.create()
                .setConnectionManager(client.connectionManager())
                .setConnectionManagerShared(true)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .build()) {
            String body = other.execute(
                    new HttpGet(server.url("/")),
                    answer -> new String(answer.getEntity().getContent().readAllBytes(), UTF_8));

            assertThat(body).isEqualTo("shared");
            Failing.refused("port", () -> other.execute(new HttpGet("https://127.0.0.1:1/"), answer -> ""));
            Failing.refused("private_address", () -> other.execute(new HttpGet("https://127.0.0.1/"), answer -> ""));
        }
        client.send(Net.get(server).build()).close();
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @DisplayName("UP-11: after many calls, some failing, no permit and no connection is missing")
    @Test
    void losesNothing() {
        server.handle(request -> switch (request.connectionId() % 4) {
            case 0 -> Reply.resetAfterRequest();
            case 1 -> Reply.json(200, "{}").closeAfterBytes(1);
            case 2 -> Reply.sse("a", "b").stallAfterBytes(3);
            default -> Reply.json(200, "{}").closeConnection();
        });
        try (EgressClient small = EgressClient.builder(Net.allowing(server).build())
                .maxConnections(2, 2)
                .build()) {
            for (int i = 0; i < 100; i++) {
                try (EgressResponse response = small.send(Net.get(server).build())) {
                    response.body().read(new byte[2]);
                } catch (InvokeException | IOException expected) {
                    assertThat(expected).isInstanceOf(InvokeException.class);
                }
            }
            assertThat(small.connectionManager()).isNotNull();
            assertThat(server.awaitOpenConnections(0, Net.LONG)).isTrue();
        }
    }

    @Test
    void readsLargeBodiesAndWhatIsLeftOfThem() throws IOException {
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) 'x');
        server.enqueue(
                Reply.body(200, "text/plain", large),
                Reply.body(200, "text/plain", large).chunked().splitEvery(10_000));
        for (int i = 0; i < 2; i++) {
            try (EgressResponse response = client.send(Net.get(server).build())) {
                assertThat(response.readAll()).isEqualTo(large);
            }
        }
        server.enqueue(Reply.json(200, "{\"a\":1}"));
        try (EgressResponse response = client.send(Net.get(server).build())) {
            assertThat(response.body().readNBytes(5)).isEqualTo("{\"a\":".getBytes(UTF_8));
            assertThat(new String(response.readAll(), UTF_8)).isEqualTo("1}");
            assertThat(response.readAll()).isEmpty();
        }
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @DisplayName("A server that announces much and sends nothing gets no memory set aside")
    @Test
    void believesNoLength() {
        server.otherwise(Reply.json(200, "{}").contentLength(60L << 20).stallAfterBytes(2));
        EgressLimits limits = EgressLimits.DEFAULT.withIdle(Duration.ofMillis(100));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Failing.with(
                ErrorCode.TIMEOUT_IDLE,
                () -> client.send(Net.get(server).limits(limits).build()).readAll());

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
    }

    @Test
    void anExpiredDeadlineSendsNothing() {
        EgressRequest late = EgressRequest.get(EgressTarget.parse(server.url("/")), Deadline.in(Duration.ZERO))
                .build();

        Failing.with(ErrorCode.DEADLINE_EXCEEDED, () -> client.send(late));
        assertThat(server.requests()).isEmpty();
    }

    private static void read(InputStream body) {
        try {
            body.read();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    private static ErrorCode failure(CompletableFuture<Void> call) throws InterruptedException, TimeoutException {
        try {
            call.get(20, TimeUnit.SECONDS);
            throw new AssertionError("it should have failed");
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).isInstanceOf(InvokeException.class);
            return ((InvokeException) failed.getCause()).code();
        }
    }
}
