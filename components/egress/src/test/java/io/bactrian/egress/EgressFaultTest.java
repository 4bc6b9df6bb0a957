package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EgressFaultTest {

    private final FaultServer server = FaultServer.start();
    private final EgressClient client = Net.client(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @DisplayName("UP-04: connection refused")
    @Test
    void refused() {
        int port = FaultServer.refusedPort();
        try (EgressClient other = EgressClient.of(
                EgressPolicy.builder().allow("127.0.0.1:" + port).build())) {
            EgressRequest request = EgressRequest.get(
                            EgressTarget.parse("http://127.0.0.1:" + port + "/"), Deadline.in(Net.LONG))
                    .build();

            assertThat(Failing.with(ErrorCode.CONNECTION_FAILED, () -> other.send(request))
                            .retriable())
                    .isTrue();
        }
    }

    @DisplayName("UP-04: reset on accept, reset or closed without an answer")
    @Test
    void brokenBeforeTheAnswer() {
        server.enqueue(Reply.resetAfterRequest(), Reply.closeAfterRequest());
        for (int i = 0; i < 2; i++) {
            // bytes were sent: whoever would send them again must know (UP-03)
            assertThat(Failing.with(
                                    ErrorCode.CONNECTION_LOST,
                                    () -> client.send(Net.get(server).build()))
                            .retriable())
                    .isFalse();
        }
        server.enqueue(Reply.resetOnAccept(), Reply.closeOnAccept());
        for (int i = 0; i < 2; i++) {
            // whether that is noticed while it is made or while it is used is the kernel's affair
            InvokeException failure = catchThrowableOfType(
                    InvokeException.class, () -> client.send(Net.get(server).build()));
            assertThat(failure.code()).isIn(ErrorCode.CONNECTION_FAILED, ErrorCode.CONNECTION_LOST);
        }
    }

    @DisplayName("UP-04: reset after the head, half-closed in the body")
    @Test
    void brokenInTheBody() {
        server.enqueue(Reply.resetAfterHeaders(), Reply.json(200, "{\"a\":1}").halfCloseAfterBytes(3));
        for (int i = 0; i < 2; i++) {
            Failing.with(
                    ErrorCode.STREAM_TRUNCATED,
                    () -> client.send(Net.get(server).build()).readAll());
        }
    }

    @DisplayName("UP-04: a black hole ends at the first-byte clock")
    @Test
    void blackHole() {
        server.enqueue(Reply.blackHole());
        EgressRequest request = Net.get(server)
                .limits(EgressLimits.DEFAULT.withFirstByte(Duration.ofMillis(500)))
                .build();
        long started = System.nanoTime();

        Failing.with(ErrorCode.TIMEOUT_FIRST_BYTE, () -> client.send(request));

        assertThat(since(started)).isBetween(Duration.ofMillis(450), Net.SOON);
        assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
    }

    @DisplayName("UP-04: a black hole ends at the deadline")
    @Test
    void deadlineOfABlackHole() {
        server.enqueue(Reply.blackHole());
        long started = System.nanoTime();

        Failing.with(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> client.send(Net.get(server, Duration.ofSeconds(2)).build()));

        assertThat(since(started)).isBetween(Duration.ofMillis(1_800), Net.SOON);
    }

    @DisplayName("UP-04: a head that dribbles ends at the first-byte clock, byte by byte or not")
    @Test
    void dribblingHead() {
        byte[] head = ("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(1_000)).getBytes(UTF_8);
        server.enqueue(Reply.dribble(head, Duration.ofMillis(20)), Reply.dribble(head, Duration.ofMillis(20)));
        EgressRequest impatient = Net.get(server)
                .limits(EgressLimits.DEFAULT.withFirstByte(Duration.ofMillis(500)))
                .build();
        long started = System.nanoTime();

        Failing.with(ErrorCode.TIMEOUT_FIRST_BYTE, () -> client.send(impatient));
        Failing.with(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> client.send(Net.get(server, Duration.ofMillis(500)).build()));

        assertThat(since(started)).isBetween(Duration.ofMillis(900), Net.SOON);
    }

    @DisplayName("UP-04: a peer that accepts nothing any more is cut at the deadline, also while we send")
    @Test
    void stuckWhileSending() throws IOException {
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.bind(new InetSocketAddress(Net.LOOPBACK.get(0), 0));
            EgressPolicy policy = EgressPolicy.builder()
                    .allow("127.0.0.1:" + deaf.getLocalPort())
                    .build();
            try (EgressClient other = EgressClient.of(policy)) {
                byte[] body = new byte[64 << 20];
                long started = System.nanoTime();
                EgressRequest request = EgressRequest.post(
                                EgressTarget.parse("http://127.0.0.1:" + deaf.getLocalPort() + "/"),
                                Deadline.in(Duration.ofSeconds(2)))
                        .body(body, "application/octet-stream")
                        .build();

                Failing.with(ErrorCode.DEADLINE_EXCEEDED, () -> other.send(request));

                assertThat(since(started)).isBetween(Duration.ofMillis(1_800), Net.SOON);
            }
        }
    }

    @DisplayName("STR-09: nor does the first token's clock wait for a peer that accepts nothing")
    @Test
    void stuckWhileSendingWithSomebodyElseToAsk() throws IOException {
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.bind(new InetSocketAddress(Net.LOOPBACK.get(0), 0));
            EgressPolicy policy = EgressPolicy.builder()
                    .allow("127.0.0.1:" + deaf.getLocalPort())
                    .build();
            try (EgressClient other = EgressClient.of(policy)) {
                EgressRequest request = EgressRequest.post(
                                EgressTarget.parse("http://127.0.0.1:" + deaf.getLocalPort() + "/"),
                                Deadline.in(Duration.ofMinutes(1)))
                        .body(new byte[64 << 20], "application/octet-stream")
                        .firstToken(Duration.ofMillis(300))
                        .build();

                Failing.with(ErrorCode.TIMEOUT_FIRST_TOKEN, () -> other.send(request));
            }
        }
    }

    @DisplayName("UP-09: informational answers are passed over, an endless row of them is not")
    @Test
    void informational() {
        int[] endless = new int[1_000];
        Arrays.fill(endless, 103);
        server.enqueue(
                Reply.informational(100, 102, 103).then(Reply.json(200, "ok")),
                Reply.informational(endless).then(Reply.json(200, "never")));

        try (EgressResponse response = client.send(Net.get(server).build())) {
            assertThat(new String(response.readAll(), UTF_8)).isEqualTo("ok");
        }
        Failing.with(ErrorCode.PROTOCOL_ERROR, () -> client.send(Net.get(server).build()));
    }

    @DisplayName("UP-09: what is not HTTP/1.1 is a protocol error")
    @Test
    void otherProtocols() {
        server.enqueue(
                Reply.bytes("SSH-2.0-OpenSSH_9\r\n".getBytes(UTF_8)),
                Reply.bytes("HTTP/2 200 OK\r\n\r\n".getBytes(UTF_8)),
                Reply.bytes("HTTP/1.1 9 x\r\n\r\n".getBytes(UTF_8)),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n".getBytes(UTF_8)),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".getBytes(UTF_8)),
                Reply.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n".getBytes(UTF_8)));
        for (int i = 0; i < 6; i++) {
            Failing.with(
                    ErrorCode.PROTOCOL_ERROR, () -> client.send(Net.get(server).build()));
        }
    }

    @DisplayName("UP-10: a head with a header of 1 MB, or ten thousand headers, or many large ones, is bounded")
    @Test
    void boundsTheHead() {
        Reply many = Reply.json(200, "{}");
        StringBuilder tenThousand = new StringBuilder("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 10_000; i++) {
            tenThousand.append("X-").append(i).append(": y\r\n");
        }
        for (int i = 0; i < 100; i++) {
            many = many.header("X-Many-" + i, "y".repeat(1_000));
        }
        server.enqueue(
                Reply.json(200, "{}").header("X-Large", "y".repeat(1 << 20)),
                Reply.bytes((tenThousand + "\r\n").getBytes(UTF_8)),
                many,
                Reply.json(200, "{}").header("X-Medium", "y".repeat(33 << 10)));
        for (int i = 0; i < 4; i++) {
            Failing.with(
                    ErrorCode.RESPONSE_TOO_LARGE,
                    () -> client.send(Net.get(server).build()));
        }
    }

    @DisplayName("UP-10: a body of 1 GB is cut at the limit, announced or not")
    @Test
    void boundsTheBody() {
        byte[] block = new byte[1 << 16];
        server.enqueue(
                Reply.repeating(500, "text/html", block, 1 << 14),
                Reply.body(200, "text/html", block).contentLength(1L << 30));
        EgressLimits limits = EgressLimits.DEFAULT.withMaxResponseBytes(1 << 20);
        for (int i = 0; i < 2; i++) {
            Failing.with(
                    ErrorCode.RESPONSE_TOO_LARGE,
                    () -> client.send(Net.get(server).limits(limits).build()).readAll());
        }
        assertThat(server.awaitOpenConnections(0, Net.SOON)).isTrue();
        assertThat(server.bodyBytesSent()).isLessThan(64L << 20);
    }

    @DisplayName("No error names a path, a query or an address behind a name")
    @Test
    void errorsAreDiscreet() {
        server.enqueue(Reply.resetAfterRequest());
        EgressRequest request = EgressRequest.get(
                        EgressTarget.parse(server.url("/secret-path?key=secret-key")), Deadline.in(Net.LONG))
                .build();

        assertThat(Failing.with(ErrorCode.CONNECTION_LOST, () -> client.send(request))
                        .getMessage())
                .doesNotContain("secret");
        assertThat(request.toString() + request.target()).doesNotContain("secret");
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
