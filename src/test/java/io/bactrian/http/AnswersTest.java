package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.RateLimitedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Errors and limits, as clients see them. */
class AnswersTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private HttpFixture server;

    @BeforeEach
    void start() throws Exception {
        HttpSettings small = new HttpSettings(
                "127.0.0.1",
                0,
                true,
                1_000,
                4_096,
                Duration.ofMillis(700),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                2,
                Set.of());
        server = new HttpFixture(small, new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/see").process("seen");
                from("platform-http:/only?httpMethodRestrict=POST").process("seen");
                from("platform-http:/raw?useStreaming=true").process("seen");
                from("platform-http:/bug").process(e -> {
                    throw new IllegalStateException("CANARY-secret-detail");
                });
                from("platform-http:/refused").process(e -> {
                    throw new CamelExecutionException(
                            "wrapped", e, new BadRequestException(ErrorCode.INVALID_PARAM, "name the thing"));
                });
                from("platform-http:/limited").process(e -> {
                    throw new RateLimitedException(
                            ErrorCode.RATE_LIMITED,
                            "come back later",
                            new ErrorDetails(Duration.ofMillis(1_500), 429, null, null),
                            null);
                });
                from("platform-http:/wait")
                        .process(e -> release.await(20, TimeUnit.SECONDS))
                        .process("seen");
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        server.close();
    }

    private static JsonObject error(RawHttp.Answer answer) {
        assertThat(answer.header("Content-Type")).contains("application/json");
        return new JsonObject(answer.body()).getJsonObject("error");
    }

    @Test
    @DisplayName("HDR-14: nothing of an unknown exception goes out, only the id under which the log knows it")
    void tellsNothingOfUnknownExceptions() throws Exception {
        RawHttp.Answer answer = RawHttp.get(server.port(), "/bug");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("CANARY").doesNotContain("IllegalState");
        assertThat(error(answer).getString("request_id"))
                .isEqualTo(answer.header("X-Request-Id").orElseThrow());
    }

    @Test
    void answersOurErrorsWithTheirStatusCodeAndMessage() throws Exception {
        RawHttp.Answer answer = RawHttp.get(server.port(), "/refused");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(error(answer).getString("code")).isEqualTo("invalid_param");
        assertThat(error(answer).getString("message")).isEqualTo("name the thing");
        assertThat(error(answer).getString("type")).isEqualTo("invalid_request_error");
    }

    @Test
    void saysWhenToComeBack() throws Exception {
        RawHttp.Answer answer = RawHttp.get(server.port(), "/limited");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(error(answer).getString("type")).isEqualTo("rate_limit_error");
    }

    @Test
    void answersUnknownPathsAndMethodsInJson() throws Exception {
        assertThat(error(RawHttp.get(server.port(), "/none")).getString("code")).isEqualTo("not_found");
        RawHttp.Answer wrongMethod = RawHttp.get(server.port(), "/only");
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(error(wrongMethod).getString("code")).isEqualTo("method_not_allowed");
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        String large = "x".repeat(1_001);
        assertThat(RawHttp.post(server.port(), "/see", large).status()).isEqualTo(413);
        assertThat(RawHttp.post(server.port(), "/see", large, "Content-Type: application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(413);
        assertThat(RawHttp.post(server.port(), "/see", "x".repeat(1_000)).status())
                .isEqualTo(200);
    }

    @Test
    void refusesBodiesThatGrowTooLargeWithoutSayingSo() throws Exception {
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded"}) {
            try (RawHttp client = new RawHttp(server.port())) {
                client.write("POST /see HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\nContent-Type: " + type
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
                for (int i = 0; i < 11; i++) {
                    client.write("64\r\n" + "x".repeat(100) + "\r\n");
                }
                assertThat(client.answerHead().status()).isEqualTo(413);
            }
        }
        assertThat(server.seen).isEmpty();
    }

    @Test
    void asksForTheLengthWhereARouteReadsByItself() throws Exception {
        try (RawHttp client = new RawHttp(server.port())) {
            client.write("POST /raw HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
            assertThat(client.answerHead().status()).isEqualTo(411);
        }
    }

    @Test
    @DisplayName("INNER-16: a head that is too large, or a body that never ends, is given up")
    void givesUpOnEndlessRequests() throws Exception {
        assertThat(RawHttp.get(server.port(), "/see", "X-Large: " + "x".repeat(64_000))
                        .status())
                .isEqualTo(431);
        try (RawHttp client = new RawHttp(server.port())) {
            client.write(
                    "POST /see HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\nContent-Length: 10\r\n\r\nslow");
            assertThat(client.answer().status()).isEqualTo(408);
        }
        assertThat(server.seen).isEmpty();
    }

    @Test
    void refusesMoreThanItHasWorkersFor() throws Exception {
        try (RawHttp first = new RawHttp(server.port());
                RawHttp second = new RawHttp(server.port())) {
            first.write(RawHttp.head(server.port(), "GET", "/wait", ""));
            second.write(RawHttp.head(server.port(), "GET", "/wait", ""));
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> RawHttp.get(server.port(), "/see").status() == 503);
            release.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
            assertThat(second.answer().status()).isEqualTo(200);
        }
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> RawHttp.get(server.port(), "/see").status() == 200);
    }

    @Test
    void tellsBrowsersNotToGuess() throws Exception {
        assertThat(RawHttp.get(server.port(), "/see").header("X-Content-Type-Options"))
                .contains("nosniff");
    }
}
