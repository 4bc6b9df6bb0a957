package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.testkit.RawClient.End;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultServerTest {

    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String EMPTY_OK =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(200);

    private final FaultServer server = FaultServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void tellsItsAddress() {
        assertThat(server.url("/v1/x?y")).isEqualTo("http://127.0.0.1:" + server.port() + "/v1/x?y");
    }

    @Test
    void keepsAConnectionForFurtherRequests() throws IOException {
        server.otherwise(Reply.json(200, "{}"));

        try (RawClient client = new RawClient(server)) {
            assertThat(client.send(GET).hear(EMPTY_OK.length())).isEqualTo(EMPTY_OK);
            assertThat(client.send(GET).hear(EMPTY_OK.length())).isEqualTo(EMPTY_OK);
        }
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(server.requests()).extracting(RecordedRequest::connectionId).containsExactly(1, 1);
    }

    @Test
    void numbersConnectionsInOrder() throws IOException {
        server.otherwise(Reply.json(200, "{}"));

        RawClient.get(server);
        RawClient.get(server);

        assertThat(server.requests()).extracting(RecordedRequest::connectionId).containsExactly(1, 2);
    }

    @Test
    void usesTheQueueThenTheHandlerThenTheDefault() throws IOException {
        server.otherwise(Reply.json(200, "default")).enqueue(Reply.json(200, "first"), Reply.json(200, "second"));
        assertThat(RawClient.get(server).text()).endsWith("first");
        assertThat(RawClient.get(server).text()).endsWith("second");
        assertThat(RawClient.get(server).text()).endsWith("default");

        server.handle(request -> Reply.json(200, "handled " + request.target()));
        assertThat(RawClient.get(server).text()).endsWith("handled /");
    }

    @Test
    void saysSoWhenNothingIsScripted() throws IOException {
        assertThat(RawClient.get(server).text())
                .startsWith("HTTP/1.1 500 ")
                .endsWith("no reply is scripted for GET / on connection 1");
    }

    @Test
    void saysSoWhenTheHandlerFails() throws IOException {
        server.handle(request -> {
            throw new IllegalStateException("oops");
        });

        assertThat(RawClient.get(server).text()).startsWith("HTTP/1.1 500 ").contains("oops");
    }

    @Test
    void recordsARequestByteForByte() throws IOException {
        server.otherwise(Reply.json(200, "{}"));
        String head = "POST /a?b=%20c HTTP/1.1\r\nHost: x\r\nx-Twice: 1\r\nX-TWICE:  2 \r\nContent-Length: 3\r\n\r\n";

        try (RawClient client = new RawClient(server)) {
            client.send(head + "\u00c3\u00a9!").hear(EMPTY_OK.length());
        }

        RecordedRequest request = server.takeRequest(PATIENCE);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/a?b=%20c");
        assertThat(request.headText()).isEqualTo(head);
        assertThat(request.headers())
                .containsExactly(
                        new Header("Host", "x"),
                        new Header("x-Twice", "1"),
                        new Header("X-TWICE", "2"),
                        new Header("Content-Length", "3"));
        assertThat(request.header("X-Twice")).contains("1");
        assertThat(request.headerValues("x-twice")).containsExactly("1", "2");
        assertThat(request.header("Absent")).isEmpty();
        assertThat(request.bodyText()).isEqualTo("é!");
        assertThat(request.bodyBytes()).isEqualTo("é!".getBytes(UTF_8));
    }

    @Test
    void takesTheChunksOffARequestBody() throws IOException {
        server.otherwise(Reply.json(200, "{}"));

        try (RawClient client = new RawClient(server)) {
            String chunks = "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
                    .hear(EMPTY_OK.length());
            client.send(GET).hear(EMPTY_OK.length());
        }

        assertThat(server.requests()).extracting(RecordedRequest::bodyText).containsExactly("abc0123456789", "");
    }

    @Test
    void grantsAContinueThatIsExpected() throws IOException {
        server.otherwise(Reply.json(200, "{}"));

        try (RawClient client = new RawClient(server)) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.hearUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("x").hear(EMPTY_OK.length())).isEqualTo(EMPTY_OK);
        }
    }

    @Test
    void neverGrantsAContinueWhenToldSo() throws IOException {
        server.answerExpectContinue(false).otherwise(Reply.json(200, "{}"));

        try (RawClient client = new RawClient(server)) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            client.socket().setSoTimeout((int) A_MOMENT.toMillis());
            assertThat(client.hear().end()).isEqualTo(End.SILENCE);
            client.socket().setSoTimeout((int) PATIENCE.toMillis());
            assertThat(client.send("x").hear(EMPTY_OK.length())).isEqualTo(EMPTY_OK);
        }
    }

    @Test
    void givesRequestsOnceAndInOrderAndFailsWhenThereIsNone() throws IOException {
        server.otherwise(Reply.json(200, "{}"));
        RawClient.get(server);

        assertThat(server.takeRequest(PATIENCE).target()).isEqualTo("/");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> server.takeRequest(Duration.ofMillis(1)))
                .withMessageContaining("no request within");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void noticesAClientThatLeavesBetweenRequests() throws IOException {
        server.otherwise(Reply.json(200, "{}"));
        RawClient client = new RawClient(server);
        client.send(GET).hear(EMPTY_OK.length());
        assertThat(server.awaitClientClosed(A_MOMENT)).isFalse();
        assertThat(server.openConnections()).isEqualTo(1);

        client.close();

        assertThat(server.awaitClientClosed(PATIENCE)).isTrue();
        assertThat(server.openConnections()).isZero();
    }

    @Test
    void noticesAClientThatLeavesWhileTheReplyStalls() throws IOException {
        server.enqueue(Reply.sse("a", "b").stallAfterBytes(4));
        RawClient client = new RawClient(server);
        client.send(GET).hearUntil("data");
        assertThat(server.awaitClientClosed(A_MOMENT)).isFalse();

        client.close();

        assertThat(server.awaitClientClosed(PATIENCE)).isTrue();
    }

    @Test
    void noticesAClientThatLeavesDuringALongPause() throws IOException {
        server.enqueue(Reply.sse("a", "b").delayBetweenChunks(Duration.ofHours(1)));
        RawClient client = new RawClient(server);
        client.send(GET).hearUntil("data: a");

        client.close();

        assertThat(server.awaitClientClosed(PATIENCE)).isTrue();
    }

    @Test
    void noticesAClientThatLeavesBeforeTheGateOpens() throws IOException {
        server.enqueue(Reply.sse("a", "b").gateAfterBytes(9, new CountDownLatch(1)));
        RawClient client = new RawClient(server);
        client.send(GET).hearUntil("data: a");

        client.reset();

        assertThat(server.awaitClientClosed(PATIENCE)).isTrue();
    }

    @Test
    void noticesAClientThatLeavesWhileItIsSentTo() throws IOException {
        server.enqueue(Reply.repeating(200, "text/plain", new byte[1000], Long.MAX_VALUE / 1000));
        RawClient client = new RawClient(server);
        client.send(GET).hear(10_000);

        client.reset();

        assertThat(server.awaitClientClosed(PATIENCE)).isTrue();
    }

    @Test
    void doesNotTakeItsOwnEndForTheClients() throws IOException {
        server.enqueue(Reply.json(200, "abc").closeAfterBytes(1), Reply.resetAfterRequest());

        RawClient.get(server);
        RawClient.get(server);

        assertThat(server.awaitOpenConnections(0, PATIENCE)).isTrue();
        assertThat(server.awaitClientClosed(Duration.ZERO)).isFalse();
    }

    @Test
    void isHeldBackByAClientThatDoesNotRead() throws IOException {
        server.enqueue(Reply.repeating(200, "text/plain", new byte[65536], 1_000_000));

        try (RawClient client = new RawClient(server)) {
            client.send(GET);
            long[] last = {-1};
            await().atMost(PATIENCE.multipliedBy(3)).pollInterval(A_MOMENT).until(() -> {
                long before = last[0];
                last[0] = server.bodyBytesSent();
                return last[0] > 0 && last[0] == before;
            });
            assertThat(last[0]).isLessThan(65536L * 1_000_000);
        }
    }

    @Test
    void endsStalledAndHeldBackConnectionsWhenItCloses() throws IOException {
        server.enqueue(Reply.blackHole(), Reply.repeating(200, "text/plain", new byte[65536], 1_000_000));
        try (RawClient stalled = new RawClient(server);
                RawClient heldBack = new RawClient(server);
                RawClient idle = new RawClient(server)) {
            stalled.send(GET);
            server.takeRequest(PATIENCE);
            heldBack.send(GET);
            server.takeRequest(PATIENCE);
            // one that nobody has accepted yet would be reset by the system
            await().atMost(PATIENCE).until(() -> server.openConnections() == 3);

            server.close();

            assertThat(server.openConnections()).isZero();
            assertThat(stalled.hear().end()).isEqualTo(End.FIN);
            assertThat(idle.hear().end()).isEqualTo(End.FIN);
            assertThatThrownBy(() -> new Socket("127.0.0.1", server.port())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void closesTwiceWithoutComplaint() {
        server.close();
        server.close();

        assertThat(server.openConnections()).isZero();
    }

    @Test
    void servesManyConnectionsAtOnce() throws IOException {
        server.otherwise(Reply.json(200, "{}"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            clients.add(new RawClient(server));
        }
        for (RawClient client : clients) {
            client.send(GET);
        }
        for (RawClient client : clients) {
            assertThat(client.hear(EMPTY_OK.length())).isEqualTo(EMPTY_OK);
        }

        assertThat(server.openConnections()).isEqualTo(300);
        for (RawClient client : clients) {
            client.close();
        }
        assertThat(server.awaitOpenConnections(0, PATIENCE)).isTrue();
    }

    @Test
    void knowsAPortThatRefuses() {
        int port = FaultServer.refusedPort();

        assertThatThrownBy(() -> new Socket("127.0.0.1", port)).isInstanceOf(ConnectException.class);
    }
}
