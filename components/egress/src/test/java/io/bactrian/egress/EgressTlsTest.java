package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import io.bactrian.testkit.TestCertificate;
import io.bactrian.testkit.TestCertificates;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressTlsTest {

    private final TestCertificates certificates = TestCertificates.create();
    private TestCertificate valid = certificates.valid();

    @BeforeAll
    void warm() {
        assertThat(valid.certificate().getSubjectX500Principal()).isNotNull();
    }

    @Test
    void speaksToATrustedServer() {
        try (FaultServer server = FaultServer.startTls(valid.serverContext());
                EgressClient client = trusting(server)) {
            server.otherwise(Reply.sse("secret", "[DONE]"));
            for (int i = 0; i < 3; i++) {
                try (EgressResponse response = client.send(Net.get(server).build())) {
                    SseReader events = response.events();
                    assertThat(events.next() && events.dataIs("secret")).isTrue();
                    assertThat(events.next() && events.dataIs("[DONE]")).isTrue();
                    assertThat(events.next()).isFalse();
                }
            }
            assertThat(server.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void namesTheHostInTheHandshakeAndChecksIt() {
        try (FaultServer server =
                FaultServer.startTls(certificates.forHosts("api.example").serverContext())) {
            EgressPolicy policy =
                    EgressPolicy.parse(List.of("*.example:" + server.port(), "api.example:" + server.port()));
            try (EgressClient client = EgressClient.builder(policy)
                    .sslContext(certificates.trustingContext())
                    .resolver(host -> Net.LOOPBACK)
                    .build()) {
                server.otherwise(Reply.json(200, "{}"));
                try (EgressResponse response = client.send(request("https://api.example:" + server.port() + "/"))) {
                    assertThat(response.status()).isEqualTo(200);
                }
                Failing.with(
                        ErrorCode.TLS_FAILED,
                        () -> client.send(request("https://evil.example:" + server.port() + "/")));
            }
        }
    }

    @DisplayName("UP-05: expired, not yet valid, for another host, self-signed: never trusted, and told apart")
    @Test
    void trustsNoBadCertificate() {
        assertThat(refusal(certificates.expired())).hasMessageContaining("out of date");
        assertThat(refusal(certificates.notYetValid())).hasMessageContaining("out of date");
        assertThat(refusal(certificates.otherHost())).hasMessageContaining("another host");
        assertThat(refusal(certificates.selfSigned())).hasMessageContaining("trusts");
    }

    private InvokeException refusal(TestCertificate certificate) {
        try (FaultServer server = FaultServer.startTls(certificate.serverContext());
                EgressClient client = trusting(server)) {
            server.otherwise(Reply.json(200, "{}"));
            InvokeException failure = Failing.with(
                    ErrorCode.TLS_FAILED, () -> client.send(Net.get(server).build()));
            assertThat(server.requests()).isEmpty();
            assertThat(failure.retriable()).isFalse();
            return failure;
        }
    }

    @DisplayName("UP-05: a JVM that does not know the authority does not trust it")
    @Test
    void trustsWhomTheJvmTrusts() {
        try (FaultServer server = FaultServer.startTls(valid.serverContext());
                EgressClient client = Net.client(server)) {
            server.otherwise(Reply.json(200, "{}"));
            Failing.with(ErrorCode.TLS_FAILED, () -> client.send(Net.get(server).build()));
        }
    }

    @DisplayName("UP-05: TLS 1.0 only")
    @Test
    void refusesOldProtocols() {
        try (FaultServer server = FaultServer.startTls(valid.serverContext(), "TLSv1");
                EgressClient client = trusting(server)) {
            server.otherwise(Reply.json(200, "{}"));
            Failing.with(ErrorCode.TLS_FAILED, () -> client.send(Net.get(server).build()));
        }
    }

    @DisplayName("UP-05: a handshake that hangs, or answers in something else, or dribbles")
    @Test
    void boundsTheHandshake() {
        byte[] handshakeHeader = {22, 3, 3, 0x40, 0};
        byte[] dribble = Arrays.copyOf(handshakeHeader, 5_000);
        try (FaultServer plain = FaultServer.start();
                EgressClient client = trusting(plain)) {
            EgressRequest request = EgressRequest.get(
                            EgressTarget.parse("https://127.0.0.1:" + plain.port() + "/"), Deadline.in(Net.LONG))
                    .limits(EgressLimits.DEFAULT.withTls(Duration.ofMillis(500)))
                    .build();
            long started = System.nanoTime();
            Failing.with(ErrorCode.TIMEOUT_CONNECT, () -> client.send(request));
            assertThat(since(started)).isBetween(Duration.ofMillis(450), Net.SOON);

            plain.enqueue(Reply.bytesOnAccept("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8)));
            Failing.with(ErrorCode.TLS_FAILED, () -> client.send(request));

            plain.enqueue(Reply.bytesOnAccept(dribble).splitEvery(1).delayBetweenChunks(Duration.ofMillis(20)));
            started = System.nanoTime();
            Failing.with(ErrorCode.TIMEOUT_CONNECT, () -> client.send(request));
            assertThat(since(started)).isBetween(Duration.ofMillis(450), Net.SOON);

            plain.enqueue(Reply.bytesOnAccept(dribble).splitEvery(1).delayBetweenChunks(Duration.ofMillis(20)));
            EgressRequest hurried = EgressRequest.get(request.target(), Deadline.in(Duration.ofMillis(500)))
                    .build();
            Failing.with(ErrorCode.DEADLINE_EXCEEDED, () -> client.send(hurried));
        }
    }

    @DisplayName("STR-02, STR-06: over TLS too, a stream that breaks off is truncated and one that stalls is cut")
    @Test
    void clocksAndCutsOverTls() {
        try (FaultServer server = FaultServer.startTls(valid.serverContext());
                EgressClient client = trusting(server)) {
            server.enqueue(
                    Reply.sse("a", "b").closeAfterBytes(12),
                    Reply.sse("a", "b").resetAfterBytes(12),
                    Reply.sse("a", "b").stallAfterBytes(12),
                    Reply.sse("a", "b").stallAfterBytes(12));
            for (int i = 0; i < 2; i++) {
                Failing.with(
                        ErrorCode.STREAM_TRUNCATED,
                        () -> readAll(client, Net.get(server).build()));
            }
            EgressLimits impatient = EgressLimits.DEFAULT.withIdle(Duration.ofMillis(300));
            Failing.with(
                    ErrorCode.TIMEOUT_IDLE,
                    () -> readAll(client, Net.get(server).limits(impatient).build()));
            Failing.with(
                    ErrorCode.DEADLINE_EXCEEDED,
                    () -> readAll(
                            client, Net.get(server, Duration.ofMillis(700)).build()));
            assertThat(server.awaitClientClosed(Net.SOON)).isTrue();
        }
    }

    private static void readAll(EgressClient client, EgressRequest request) {
        try (EgressResponse response = client.send(request)) {
            SseReader events = response.events();
            while (events.next()) {
                assertThat(events.data()).isEqualTo("a");
            }
        }
    }

    private EgressClient trusting(FaultServer server) {
        return EgressClient.builder(Net.allowing(server).build())
                .sslContext(certificates.trustingContext())
                .build();
    }

    private static EgressRequest request(String url) {
        return EgressRequest.get(EgressTarget.parse(url), Deadline.in(Net.LONG)).build();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
