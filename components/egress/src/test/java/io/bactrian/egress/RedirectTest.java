package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import io.bactrian.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("SSRF-07: redirects")
class RedirectTest {

    private static final EgressLimits FOLLOWING = EgressLimits.DEFAULT.withMaxRedirects(3);

    private static final OutboundHeaders KEYED = OutboundHeaders.builder()
            .bearer(Secret.of("sk-1"))
            .secret("X-Goog-Api-Key", Secret.of("sk-2"))
            .with("Cookie", "session=1")
            .with("X-My-Own-Key", "sk-3")
            .with("Accept", "application/json")
            .build();

    private final FaultServer server = FaultServer.start();
    private final FaultServer other = FaultServer.start().otherwise(Reply.json(200, "other"));
    private final EgressClient client = Net.client(server, other);

    @AfterEach
    void stop() {
        client.close();
        server.close();
        other.close();
    }

    @Test
    void areNotFollowedUnlessAskedFor() {
        server.enqueue(redirect(302, other.url("/y")));

        try (EgressResponse response = client.send(Net.get(server).build())) {
            assertThat(response.status()).isEqualTo(302);
            assertThat(response.header("Location")).contains(other.url("/y"));
        }
        assertThat(other.connectionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/",
                "http://169.254.169.254/",
                "http://localhost/",
                "https://127.0.0.1/",
                "//10.0.0.1/",
                "http://good@evil/",
                "file:///etc/passwd",
                "javascript:alert(1)"
            })
    void areCheckedLikeAFirstCall(String location) {
        server.enqueue(redirect(302, location));

        Failing.with(
                ErrorCode.EGRESS_DENIED,
                () -> client.send(Net.get(server).limits(FOLLOWING).build()));
    }

    @Test
    void keepCredentialsWithinTheAuthority() {
        server.enqueue(redirect(302, "/next?q=1"), Reply.json(200, "{}"));

        client.send(Net.get(server).headers(KEYED).limits(FOLLOWING).build()).close();

        server.takeRequest(Net.SOON);
        RecordedRequest next = server.takeRequest(Net.SOON);
        assertThat(next.target()).isEqualTo("/next?q=1");
        assertThat(next.header("Authorization")).contains("Bearer sk-1");
    }

    @Test
    void dropCredentialsWhenTheAuthorityChanges() {
        server.enqueue(redirect(302, other.url("/y")));

        try (EgressResponse response =
                client.send(Net.get(server).headers(KEYED).limits(FOLLOWING).build())) {
            assertThat(new String(response.readAll(), UTF_8)).isEqualTo("other");
        }

        RecordedRequest followed = other.takeRequest(Net.SOON);
        assertThat(followed.headText()).doesNotContain("sk-1", "sk-2", "sk-3", "session");
        assertThat(followed.header("Accept")).contains("application/json");
    }

    @Test
    void doNotGetCredentialsBackOnTheWayHome() {
        server.enqueue(redirect(302, other.url("/y")), Reply.json(200, "{}"));
        other.enqueue(redirect(302, server.url("/home")));

        client.send(Net.get(server).headers(KEYED).limits(FOLLOWING).build()).close();

        server.takeRequest(Net.SOON);
        assertThat(server.takeRequest(Net.SOON).headText()).doesNotContain("sk-");
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void neverSendTheBodyToAnotherHost(int status) {
        server.enqueue(redirect(status, other.url("/y")));

        Failing.refused(
                "redirect_body",
                () -> client.send(Net.post(server)
                        .body("prompt".getBytes(UTF_8), "text/plain")
                        .limits(FOLLOWING)
                        .build()));
        assertThat(other.connectionCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"301,GET,''", "302,GET,''", "303,GET,''", "307,POST,prompt", "308,POST,prompt"})
    void changeTheMethodAsTheStatusSays(int status, String method, String body) {
        server.enqueue(redirect(status, "again"), Reply.json(200, "{}"));

        client.send(Net.post(server)
                        .body("prompt".getBytes(UTF_8), "text/plain")
                        .limits(FOLLOWING)
                        .build())
                .close();

        server.takeRequest(Net.SOON);
        RecordedRequest next = server.takeRequest(Net.SOON);
        assertThat(next.method() + " " + next.target()).isEqualTo(method + " /again");
        assertThat(next.bodyText()).isEqualTo(body);
    }

    @Test
    void endAtTheMaximum() {
        server.handle(request -> redirect(302, request.target() + "x"));

        Failing.with(
                ErrorCode.PROTOCOL_ERROR,
                () -> client.send(Net.get(server).limits(FOLLOWING).build()));
        assertThat(server.requests()).hasSize(4);
        Failing.with(
                ErrorCode.PROTOCOL_ERROR,
                () -> client.send(
                        Net.get(server).limits(FOLLOWING.withMaxRedirects(20)).build()));
    }

    @Test
    void neverLeaveHttps() {
        TestCertificates certificates = TestCertificates.create();
        try (FaultServer secure = FaultServer.startTls(certificates.valid().serverContext());
                EgressClient trusting = EgressClient.builder(
                                Net.allowing(secure, other).build())
                        .sslContext(certificates.trustingContext())
                        .build()) {
            secure.enqueue(redirect(302, other.url("/y")));

            Failing.refused(
                    "redirect_downgrade",
                    () -> trusting.send(Net.get(secure).limits(FOLLOWING).build()));
        }
        assertThat(other.connectionCount()).isZero();
    }

    @Test
    void keepTheOneDeadline() {
        server.handle(request -> redirect(302, "/again").delayHeaders(java.time.Duration.ofMillis(200)));
        EgressRequest request = EgressRequest.get(
                        EgressTarget.parse(server.url("/")), Deadline.in(java.time.Duration.ofMillis(500)))
                .limits(FOLLOWING.withMaxRedirects(100))
                .build();

        Failing.with(ErrorCode.DEADLINE_EXCEEDED, () -> client.send(request));
    }

    private static Reply redirect(int status, String location) {
        return Reply.json(status, "moved").header("Location", location);
    }
}
