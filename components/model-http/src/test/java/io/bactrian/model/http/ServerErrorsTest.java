package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.testkit.LogCapture;
import io.bactrian.testkit.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerErrorsTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    401 | {"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}                      | AUTHORIZATION_ERROR     | UnauthorizedException
                    401 |                                                                                                  | AUTHORIZATION_ERROR     | UnauthorizedException
                    400 | {"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}                | AUTHORIZATION_ERROR     | UnauthorizedException
                    403 | {"error":{"message":"Country not supported","code":"unsupported_country_region_territory"}}      | PERMISSION_DENIED       | UnauthorizedException
                    402 | {"error":{"message":"Insufficient Balance"}}                                                     | INSUFFICIENT_QUOTA      | RateLimitedException
                    429 | {"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}} | INSUFFICIENT_QUOTA | RateLimitedException
                    429 | {"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}        | RATE_LIMITED            | RateLimitedException
                    429 | slow down                                                                                        | RATE_LIMITED            | RateLimitedException
                    429 | [{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"}}] | RATE_LIMITED          | RateLimitedException
                    404 | {"error":{"message":"The model `x` does not exist","code":"model_not_found"}}                    | MODEL_NOT_FOUND         | BadRequestException
                    404 | {"error":{"message":"model \\"x\\" not found, try pulling it first"}}                            | MODEL_NOT_FOUND         | BadRequestException
                    404 | {"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist"}}            | MODEL_NOT_FOUND         | BadRequestException
                    400 | {"error":{"message":"invalid model ID","type":"invalid_request_error"}}                          | MODEL_NOT_FOUND         | BadRequestException
                    400 | {"error":{"message":"field 'x' not found in the model"}}                                         | BAD_REQUEST             | BadRequestException
                    404 | 404 page not found                                                                               | MISCONFIGURED           | MisconfiguredException
                    405 |                                                                                                  | MISCONFIGURED           | MisconfiguredException
                    400 | {"error":{"message":"This model's maximum context length is 8192 tokens","code":"context_length_exceeded"}} | CONTEXT_LENGTH_EXCEEDED | BadRequestException
                    400 | {"object":"error","message":"This model's maximum context length is 4096 tokens","code":400}     | CONTEXT_LENGTH_EXCEEDED | BadRequestException
                    400 | {"error":{"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}         | CONTENT_FILTER          | RefusedException
                    400 | {"error":{"message":"Unknown parameter: 'x'","type":"invalid_request_error"}}                    | BAD_REQUEST             | BadRequestException
                    422 | {"detail":[{"loc":["body"],"msg":"field required"}]}                                             | BAD_REQUEST             | BadRequestException
                    413 | Payload Too Large                                                                                | REQUEST_TOO_LARGE       | BadRequestException
                    408 |                                                                                                  | SERVER_UNAVAILABLE      | UnavailableException
                    409 |                                                                                                  | SERVER_UNAVAILABLE      | UnavailableException
                    500 | {"error":{"message":"The server had an error","type":"server_error"}}                            | SERVER_UNAVAILABLE      | UnavailableException
                    502 | <html>Bad Gateway</html>                                                                         | SERVER_UNAVAILABLE      | UnavailableException
                    503 | {"error":{"message":"The engine is currently overloaded"}}                                       | OVERLOADED              | UnavailableException
                    504 |                                                                                                  | SERVER_UNAVAILABLE      | UnavailableException
                    529 | {"error":{"type":"overloaded_error"}}                                                            | OVERLOADED              | UnavailableException
                    302 |                                                                                                  | PROTOCOL_ERROR          | ProtocolException
                    """)
    void judgesByStatusAndBody(int status, String body, ErrorCode code, String type) {
        fixture.server.enqueue(Reply.json(status, body == null ? "" : body).header("x-request-id", "req_abc-1"));

        InvokeException error = failure();

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.getClass().getSimpleName()).isEqualTo(type);
        assertThat(error.details().upstreamStatus()).isEqualTo(status);
        assertThat(error.details().upstreamRequestId()).isEqualTo("req_abc-1");
        assertThat(error.getMessage()).startsWith("openai");
    }

    @Test
    void judgesErrorsUnderStatus200() {
        fixture.server.enqueue(Reply.json(200, "{\"error\":{\"message\":\"slow\",\"code\":429}}")
                .header("retry-after", "3"));

        InvokeException error = failure();

        assertThat(error).isInstanceOf(RateLimitedException.class);
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(3));
    }

    @Test
    void showsWhatTheServerSaysInOneBoundedLine() {
        fixture.server.enqueue(Reply.json(
                400, "{\"error\":{\"message\":\"Unknown\\nparameter: 'foo'. " + "word ".repeat(400) + "\"}}"));

        String message = failure().getMessage();

        assertThat(message)
                .contains("Unknown parameter: 'foo'")
                .doesNotContain("\n")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    retry-after-ms        | 1500                          | PT1.5S
                    retry-after-ms        | 250.5                         | PT0.2505S
                    x-ms-retry-after-ms   | 2000                          | PT2S
                    retry-after           | 2                             | PT2S
                    Retry-After           | 0                             | PT0S
                    retry-after           | Tue, 03 Feb 2026 10:00:30 GMT | PT30S
                    retry-after           | Tue, 03 Feb 2026 09:00:00 GMT | PT0S
                    retry-after           | Thu, 03 Feb 2056 09:00:00 GMT | PT1H
                    retry-after           | 1000000000                    | PT1H
                    retry-after           | 99999999999999999999999999    |
                    retry-after           | -5                            |
                    retry-after           | soon                          |
                    retry-after           | 1e9                           |
                    """)
    @DisplayName("UP-01: hints to wait")
    void readsTheHintToWait(String header, String value, Duration wait) {
        fixture.server.enqueue(Reply.json(429, "{}").header(header, value));

        assertThat(failure().retryAfter().orElse(null)).isEqualTo(wait);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"error":{"message":"Please try again in 1.5s. Visit us"}}                                | PT1.5S
                    {"error":{"message":"Please try again in 20ms."}}                                         | PT0.02S
                    {"error":{"message":"Please try again in 6m0s."}}                                         | PT6M
                    {"error":{"message":"Please try again in 1h2m3s"}}                                        | PT1H
                    {"error":{"message":"Please retry after 12 seconds."}}                                    | PT12S
                    {"error":{"message":"no hint in here"}}                                                   |
                    {"error":{"code":429,"details":[{"@type":"RetryInfo","retryDelay":"34.4s"}]}}             | PT34.4S
                    """)
    void readsTheHintInTheBody(String body, Duration wait) {
        fixture.server.enqueue(Reply.json(429, body));

        assertThat(failure().retryAfter().orElse(null)).isEqualTo(wait);
    }

    @Test
    void takesTheResetOfACounterThatIsUsedUp() {
        fixture.server.enqueue(
                Reply.json(429, "{}")
                        .header("x-ratelimit-remaining-requests", "0")
                        .header("x-ratelimit-reset-requests", "6m0s")
                        .header("x-ratelimit-remaining-tokens", "0")
                        .header("x-ratelimit-reset-tokens", "12ms"),
                Reply.json(429, "{}")
                        .header("x-ratelimit-remaining-requests", "17")
                        .header("x-ratelimit-reset-requests", "6m0s"),
                Reply.json(429, "{}")
                        .header("x-ratelimit-remaining-tokens", "-1")
                        .header("x-ratelimit-reset-tokens", "30"));

        assertThat(failure().retryAfter()).contains(Duration.ofMinutes(6));
        assertThat(failure().retryAfter()).isEmpty();
        assertThat(failure().retryAfter()).contains(Duration.ofSeconds(30));
    }

    @Test
    void prefersTheMoreExactHint() {
        fixture.server.enqueue(Reply.json(429, "{\"error\":{\"message\":\"try again in 9s\"}}")
                .header("retry-after", "7")
                .header("retry-after-ms", "6500"));

        assertThat(failure().retryAfter()).contains(Duration.ofMillis(6_500));
    }

    @Test
    void readsNoHintWhereWaitingDoesNotHelp() {
        fixture.server.enqueue(
                Reply.json(429, "{\"error\":{\"code\":\"insufficient_quota\"}}").header("retry-after", "7"));

        assertThat(failure().retryAfter()).isEmpty();
    }

    @ParameterizedTest(name = "{0}, x-should-retry: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    500 | false | NO  | false
                    503 | true  | YES | true
                    503 |       |     | true
                    400 | true  | YES | true
                    401 | true  | YES | true
                    400 | false | NO  | false
                    400 |       |     | false
                    429 | maybe |     | true
                    """)
    void takesItsWordForWhetherToTryAgain(int status, String said, String expected, boolean retriable) {
        Reply reply = Reply.json(status, "{}").header("retry-after-ms", "20");
        fixture.server.enqueue(said == null ? reply : reply.header("x-should-retry", said));

        InvokeException error = failure();

        assertThat(error.details().shouldRetry()).isEqualTo(expected == null ? null : (Object) expected.equals("YES"));
        assertThat(error.retriable()).isEqualTo(retriable);
        assertThat(error.retryAfter().isPresent())
                .as("how long to wait is asked where there is something to wait for")
                .isEqualTo(status >= 429 || "true".equals(said));
    }

    @Test
    void takesNoWordOfAnAnswerThatBeganWell() {
        fixture.server.enqueue(
                Reply.json(200, "{\"error\":{\"message\":\"no\",\"code\":400}}").header("x-should-retry", "true"));

        assertThat(failure().retriable()).isFalse();
    }

    @Test
    @DisplayName("UP-10: an endless error page is read to 4 KiB")
    void readsTheBeginningOfAnErrorPage() {
        byte[] block = "word ".repeat(200).getBytes(StandardCharsets.UTF_8);
        fixture.server.enqueue(Reply.repeating(500, "text/html", block, 1_000_000));

        InvokeException error = failure();

        assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
        assertThat(fixture.server.awaitClientClosed(Fixture.SOON)).isTrue();
        assertThat(fixture.server.bodyBytesSent()).isLessThan(50_000_000);
    }

    @Test
    @DisplayName("UP-10: a sentence before the cut is still told")
    void readsAnErrorThatIsCutOff() {
        fixture.server.enqueue(Reply.json(
                400, "{\"error\":{\"message\":\"Unknown parameter\",\"junk\":\"" + "x".repeat(20_000) + "\"}}"));

        assertThat(failure()).hasMessageContaining("Unknown parameter");
    }

    @Test
    @DisplayName("LOG-01: an echoed key is in no exception and no log")
    void redactsWhatServersEcho() {
        String echo = "Bad key " + fixture.key + " (Bearer " + fixture.key + ") at https://host/path?key=" + fixture.key
                + " sk-abcdefgh12345678 " + fixture.key.toUpperCase(Locale.ROOT);
        String body = "{\"error\":{\"message\":\"" + echo + "\",\"code\":\"" + fixture.key + "\",\"type\":\"t\"}}";
        try (LogCapture logs = fixture.canaries.captureLogs()) {
            for (int status : new int[] {400, 401, 403, 404, 429, 500, 200}) {
                fixture.server.enqueue(Reply.json(status, body).header("x-request-id", fixture.key));

                InvokeException error = failure();

                fixture.canaries.assertNowhereIn(error);
                fixture.canaries.assertNowhereIn(error.details().toString());
                assertThat(error.getMessage()).doesNotContain("sk-abcdefgh").doesNotContain("https://host");
            }
            assertThat(logs).isNotNull();
        }
    }

    @Test
    void keepsWhatHelpsToMendTheRequest() {
        String said =
                "The model accounts/acme/models/claude-3-5-sonnet-20241022 allows a token limit of 4096 on the basic plan";
        fixture.server.enqueue(Reply.json(400, "{\"error\":{\"message\":\"" + said + "\"}}"));

        assertThat(failure())
                .hasMessageContaining("claude-3-5-sonnet-20241022 allows a token limit of 4096 on the basic plan");
    }

    @Test
    void hidesWhatLooksLikeSomebodyElsesKey() {
        String said = "keys 9f86d081884c7d659a2feaa0c55ad015, 3f2504e0-4f89-41d3-9a0c-0305e82c3301, gsk_abcdefgh1234,"
                + " eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl and Bearer abcd";
        fixture.server.enqueue(Reply.json(400, "{\"error\":{\"message\":\"" + said + "\"}}"));

        assertThat(failure().getMessage())
                .doesNotContain("9f86", "3f25", "0305", "abcdefgh", "eyJ", "c2ln", "abcd")
                .contains("keys ");
    }

    @Test
    void showsNothingThatIsSaidOfARefusedKey() {
        fixture.server.enqueue(Reply.json(401, "{\"error\":{\"message\":\"Incorrect API key provided: abc***xyz\"}}"));

        InvokeException error = failure();

        assertThat(error).isInstanceOf(UnauthorizedException.class);
        assertThat(error.getMessage()).doesNotContain("xyz").contains("api_key");
    }

    private InvokeException failure() {
        return catchThrowableOfType(
                InvokeException.class, () -> fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION));
    }
}
