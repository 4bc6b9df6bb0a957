package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.egress.EgressLimits;
import io.bactrian.testkit.Header;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiDialectTest {

    private static final String ANSWER =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
    private static final String PIECE =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}";
    private static final String REST =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void asksAndAnswers() throws IOException {
        fixture.server.enqueue(Reply.json(200, ANSWER));

        LlmResult result = fixture.dialect.invokeLlm(
                fixture.call(),
                Fixture.QUESTION.withParameters(
                        ModelParameters.of(Map.of("max_tokens", new ParameterValue.Number(BigDecimal.TEN)))));

        assertThat(result.text()).isEqualTo("Hello");
        assertThat(result.usage().totalTokens()).isEqualTo(3);
        RecordedRequest request = fixture.server.takeRequest(Fixture.SOON);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1/chat/completions");
        assertThat(request.header("authorization")).contains("Bearer " + fixture.key);
        assertThat(request.header("content-type")).contains("application/json");
        assertThat(request.header("accept")).contains("application/json");
        assertThat(json(request))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                                + "\"max_completion_tokens\":10}"));
    }

    @Test
    void streams() throws IOException {
        fixture.server.enqueue(Reply.sse(PIECE, REST, "[DONE]"));

        try (ModelStream stream = fixture.stream()) {
            assertThat(stream.next().text()).isEqualTo("Hel");
            assertThat(stream.next().text()).isEqualTo("lo");
            assertThat(stream.hasNext()).isFalse();
        }

        RecordedRequest request = fixture.server.takeRequest(Fixture.SOON);
        assertThat(request.header("accept")).contains("text/event-stream");
        assertThat(json(request).path("stream").booleanValue()).isTrue();
        assertThat(json(request).at("/stream_options/include_usage").booleanValue())
                .isTrue();
    }

    @Test
    void embeds() throws IOException {
        fixture.server.enqueue(
                Reply.json(
                        200,
                        "{\"data\":[{\"index\":0,\"embedding\":[1,2]},{\"index\":1,\"embedding\":[3,4]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}"));

        TextEmbeddingResult result = fixture.dialect.invokeTextEmbedding(
                fixture.call("openai", ModelType.TEXT_EMBEDDING, "text-embedding-3-small", fixture.credentials()),
                TextEmbeddingRequest.ofDocuments(List.of("a", "b")));

        assertThat(result.embeddings().get(1)).containsExactly(3f, 4f);
        assertThat(result.usage().totalTokens()).isEqualTo(4);
        RecordedRequest request = fixture.server.takeRequest(Fixture.SOON);
        assertThat(request.target()).isEqualTo("/v1/embeddings");
        assertThat(json(request).path("input")).hasSize(2);
        assertThat(json(request).path("encoding_format").textValue()).isEqualTo("base64");
    }

    @Test
    @DisplayName("HDR-05, HDR-06: nothing goes out but what the credential and the request stand for")
    void sendsItsOwnHeadersAndNoOthers() {
        fixture.server.enqueue(Reply.json(200, ANSWER));

        fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION);

        Set<String> names = Set.copyOf(fixture.server.takeRequest(Fixture.SOON).headers().stream()
                .map(Header::name)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList());
        assertThat(names)
                .isSubsetOf(
                        "host",
                        "authorization",
                        "accept",
                        "accept-encoding",
                        "content-type",
                        "content-length",
                        "user-agent",
                        "connection");
    }

    @Test
    @DisplayName("HDR-13: a header of the answer is nobody's header")
    void takesNothingFromTheHeadersOfAnAnswer() {
        fixture.server.enqueue(Reply.json(200, ANSWER)
                .header("CamelFileName", "../../x")
                .header("Set-Cookie", "a=b")
                .header("X-Model", "other"));
        fixture.server.enqueue(Reply.json(200, ANSWER));

        LlmResult result = fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION);
        fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION);

        assertThat(result.toString()).doesNotContain("../../x").doesNotContain("other");
        fixture.server.takeRequest(Fixture.SOON);
        assertThat(fixture.server.takeRequest(Fixture.SOON).header("cookie")).isEmpty();
    }

    @Test
    void sendsOrganizationAndProject() {
        fixture.server.enqueue(Reply.json(200, ANSWER));
        Credentials credentials = fixture.credentials()
                .with("organization", new CredentialValue.Text("org-1"))
                .with("project", new CredentialValue.Text("proj-1"));

        fixture.dialect.invokeLlm(fixture.call("openai", ModelType.LLM, "gpt-4o", credentials), Fixture.QUESTION);

        RecordedRequest request = fixture.server.takeRequest(Fixture.SOON);
        assertThat(request.header("OpenAI-Organization")).contains("org-1");
        assertThat(request.header("OpenAI-Project")).contains("proj-1");
    }

    @Test
    void sendsTheKeyAsACompatibleServerWantsIt() throws IOException {
        fixture.server.otherwise(Reply.json(200, ANSWER));
        compatible("auth_style", "header", "auth_header", "X-Key", "extra_headers", "X-Team: a; X-Env: b");
        RecordedRequest own = fixture.server.takeRequest(Fixture.SOON);
        compatible("auth_style", "none", "extra_headers", "{\"X-Team\":\"a;b\"}");
        RecordedRequest none = fixture.server.takeRequest(Fixture.SOON);

        assertThat(own.header("X-Key")).contains(fixture.key);
        assertThat(own.header("X-Team")).contains("a");
        assertThat(own.header("X-Env")).contains("b");
        assertThat(own.header("Authorization")).isEmpty();
        assertThat(none.header("X-Team")).contains("a;b");
        fixture.canaries.assertNowhereIn(none.headText());
    }

    @Test
    void worksWithoutAKey() {
        fixture.server.enqueue(Reply.json(200, ANSWER));
        Credentials open = Credentials.NONE.with("base_url", new CredentialValue.Text(fixture.server.url("/v1/")));

        fixture.dialect.invokeLlm(
                fixture.call("openai-compatible", ModelType.LLM, "llama3:8b", open), Fixture.QUESTION);

        assertThat(fixture.server.takeRequest(Fixture.SOON).header("Authorization"))
                .isEmpty();
    }

    @Test
    void departsFromTheDialectAsTheCredentialSays() throws IOException {
        fixture.server.otherwise(Reply.sse(PIECE, REST, "[DONE]"));
        Credentials credentials = fixture.credentials()
                .with("stream_options", new CredentialValue.Flag(false))
                .with("max_tokens_field", new CredentialValue.Text("max_completion_tokens"));

        fixture.dialect
                .streamLlm(
                        fixture.call("openai-compatible", ModelType.LLM, "m", credentials),
                        Fixture.QUESTION.withParameters(
                                ModelParameters.of(Map.of("max_tokens", new ParameterValue.Number(BigDecimal.ONE)))))
                .collect();

        JsonNode body = json(fixture.server.takeRequest(Fixture.SOON));
        assertThat(body.has("stream_options")).isFalse();
        assertThat(body.path("max_completion_tokens").intValue()).isEqualTo(1);
        assertThat(body.has("max_tokens")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1,/v1/chat/completions",
        "/v1/,/v1/chat/completions",
        "/v1//,/v1/chat/completions",
        "'',/chat/completions",
        "/,/chat/completions",
        "/v1/chat/completions,/v1/chat/completions",
        "/deployments/d?api-version=2024-10-21,/deployments/d/chat/completions?api-version=2024-10-21"
    })
    void findsTheEndpointFromTheBaseUrl(String path, String target) {
        fixture.server.enqueue(Reply.json(200, ANSWER));

        fixture.dialect.invokeLlm(
                fixture.call("openai", ModelType.LLM, "gpt-4o", fixture.credentials(path)), Fixture.QUESTION);

        assertThat(fixture.server.takeRequest(Fixture.SOON).target()).isEqualTo(target);
    }

    @Test
    void callsOpenAiWhereNoBaseUrlIsGiven() {
        Credentials keyOnly = Credentials.NONE.with("api_key", new CredentialValue.Hidden(Secret.of(fixture.key)));

        ServerConnection connection = ServerConnection.of(Fixture.provider("openai"), keyOnly, EgressLimits.DEFAULT);

        assertThat(connection).hasToString("ServerConnection[openai at https://api.openai.com:443]");
    }

    @Test
    void saysThatTheBaseUrlIsMissing() {
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> fixture.dialect.invokeLlm(
                        fixture.call("openai-compatible", ModelType.LLM, "m", Credentials.NONE), Fixture.QUESTION))
                .withMessageContaining("base_url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://169.254.169.254/v1", "http://127.0.0.1:1/v1", "file:///etc/passwd", "https://10.0.0.1"})
    void goesOnlyWhereEgressLetsIt(String url) {
        Credentials elsewhere = fixture.credentials().with("base_url", new CredentialValue.Text(url));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> fixture.dialect.invokeLlm(
                        fixture.call("openai", ModelType.LLM, "gpt-4o", elsewhere), Fixture.QUESTION));
    }

    @Test
    void refusesAKeyWithALineBreakWithoutShowingIt() {
        Credentials pasted = fixture.credentials()
                .with("api_key", new CredentialValue.Hidden(Secret.of(fixture.key + "\r\nX-Evil: 1")));

        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> fixture.dialect.invokeLlm(
                        fixture.call("openai", ModelType.LLM, "gpt-4o", pasted), Fixture.QUESTION))
                .satisfies(error -> fixture.canaries.assertNowhereIn(error));
    }

    @Test
    void keepsTheConnectionForTheNextCall() {
        fixture.server.otherwise(Reply.sse(PIECE, REST, "[DONE]"));

        for (int i = 0; i < 5; i++) {
            assertThat(fixture.stream().collect().text()).isEqualTo("Hello");
        }

        assertThat(fixture.server.connectionCount()).isLessThan(5);
    }

    @Test
    void endsAnAnswerThatLeavesTheReasonOut() {
        fixture.server.enqueue(Reply.sse(PIECE, "[DONE]"));

        LlmResult result = fixture.stream().collect();

        assertThat(result.text()).isEqualTo("Hel");
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void endsAnAnswerThatLeavesTheEndMarkOut() {
        fixture.server.enqueue(Reply.sse(PIECE, REST));

        assertThat(fixture.stream().collect().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void passesOverCommentsAndEmptyEvents() {
        byte[] body = (": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\nevent: ping\ndata:\n\nid: 7\ndata: "
                        + PIECE + "\n\n:\n\ndata:" + REST + "\r\n\r\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);
        fixture.server.enqueue(Reply.sseRaw(body));

        assertThat(fixture.stream().collect().text()).isEqualTo("Hello");
    }

    private void compatible(String... namesAndValues) {
        Credentials credentials = fixture.credentials();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            credentials = credentials.with(namesAndValues[i], new CredentialValue.Text(namesAndValues[i + 1]));
        }
        fixture.dialect.invokeLlm(fixture.call("openai-compatible", ModelType.LLM, "m", credentials), Fixture.QUESTION);
    }

    private static JsonNode json(RecordedRequest request) throws IOException {
        return new ObjectMapper().readTree(request.bodyBytes());
    }
}
