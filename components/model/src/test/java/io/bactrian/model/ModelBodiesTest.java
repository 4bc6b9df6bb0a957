package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.model.ToolChoice;
import io.bactrian.core.provider.ParameterValue;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand on the body. */
class ModelBodiesTest extends ModelTestBase {

    private static final String CHAT_JSON = """
            {"model": "somebody-elses", "temperature": 0.7, "max_tokens": 20, "stop": ["END"], "user": "u-2", "stream": true,
             "messages": [{"role": "system", "content": "Be brief"},
                          {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                              {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}}]}],
             "tools": [{"type": "function", "function": {"name": "look", "description": "looks", "parameters": {"type": "object"}}}],
             "tool_choice": "required",
             "response_format": {"type": "json_object"}}
            """;

    @BeforeEach
    void startContext() {
        start();
    }

    @Test
    void aStringIsTheUsersMessage() {
        assertThat(ask("hello").messages()).containsExactly(new PromptMessage.User("hello"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"question\": \"what is JSON?\"}",
                "{ not JSON",
                "{\"messages\"",
                "[{\"role\":\"user\",\"content\":\"x\"}]",
                "{}",
                "{{x}}",
                "messages: {\"messages\": []}"
            })
    void textThatOnlyLooksLikeAChatIsTheUsersMessage(String text) {
        assertThat(ask(text).messages()).containsExactly(new PromptMessage.User(text));
    }

    @Test
    void messagesMakeUpThePrompt() {
        List<PromptMessage> prompt = List.of(
                new PromptMessage.System("Be brief"),
                new PromptMessage.User(
                        List.of(
                                new PromptMessageContent.Text("What is this?"),
                                PromptMessageContent.Media.imageUrl("https://example.org/cat.png")),
                        null));

        assertThat(ask(prompt).messages()).isEqualTo(prompt);
        assertThat(ask(prompt.get(1)).messages()).containsExactly(prompt.get(1));
    }

    @Test
    void aRequestIsTakenAsItIs() {
        LlmRequest request = new LlmRequest(
                List.of(new PromptMessage.User("hello")),
                ModelParameters.of(Map.of("seed", new ParameterValue.Number(BigDecimal.ONE))),
                List.of(),
                new ToolChoice.Auto(),
                List.of("END"),
                new ResponseFormat.JsonObject(),
                false,
                "u-3");

        assertThat(ask(request)).isEqualTo(request);
    }

    @Test
    void theEndpointDecidesWhetherTheAnswerIsStreamed() {
        assertThat(ask(LlmRequest.ofText("hello").streaming(true)).stream()).isFalse();
    }

    static Stream<Object> chats() {
        byte[] bytes = CHAT_JSON.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                CHAT_JSON,
                "\n  " + CHAT_JSON,
                new StringBuilder(CHAT_JSON),
                bytes,
                new ByteArrayInputStream(bytes),
                new StringReader(CHAT_JSON),
                java.nio.ByteBuffer.wrap(bytes));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void jsonInTheShapeOfOpenAiIsAWholeRequest(Object body) {
        LlmRequest request = ask(body);

        assertThat(request.messages()).hasSize(2);
        assertThat(request.messages().get(1).content()).hasSize(2);
        assertThat(request.parameters().values())
                .containsEntry("temperature", new ParameterValue.Number(new BigDecimal("0.7")))
                .containsEntry("max_tokens", new ParameterValue.Number(new BigDecimal("20")));
        assertThat(request.stop()).containsExactly("END");
        assertThat(request.user()).isEqualTo("u-2");
        assertThat(request.tools()).hasSize(1);
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(request.responseFormat()).isEqualTo(new ResponseFormat.JsonObject());
        assertThat(request.stream()).isFalse();
        // the endpoint says which model, whatever the body asks for
        assertThat(dialect.lastCall().wireModel()).isEqualTo("gpt-4o-mini");
    }

    @Test
    void aMapInTheShapeOfOpenAiIsAWholeRequest() {
        LlmRequest request = ask(
                Map.of("messages", List.of(Map.of("role", "user", "content", "hello")), "temperature", 0.5, "seed", 3));

        assertThat(request.messages()).containsExactly(new PromptMessage.User("hello"));
        assertThat(request.parameters().values()).containsEntry("seed", new ParameterValue.Number(new BigDecimal("3")));
    }

    @Test
    void aListOfMapsAreMessagesInTheShapeOfOpenAi() {
        assertThat(ask(List.of(Map.of("role", "system", "content", "s"), Map.of("role", "user", "content", "u")))
                        .messages())
                .containsExactly(new PromptMessage.System("s"), new PromptMessage.User("u"));
    }

    @Test
    void filesAreRead(@TempDir Path folder) throws Exception {
        Path chat = Files.writeString(folder.resolve("chat.json"), CHAT_JSON);
        Path text = Files.writeString(folder.resolve("text.txt"), "ünï");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder.resolve("in") + "?initialDelay=0&delay=50&charset=UTF-8")
                        .to(CHAT)
                        .to("mock:file");
            }
        });
        Files.createDirectories(folder.resolve("in"));
        Files.copy(chat, folder.resolve("in/chat.json"));

        mock("file").expectedMessageCount(1);
        mock("file").assertIsSatisfied();
        assertThat(dialect.lastRequest().messages()).hasSize(2);
        assertThat(ask(chat.toFile()).messages()).hasSize(2);
        assertThat(ask(text).messages()).containsExactly(new PromptMessage.User("ünï"));
    }

    @Test
    void anAnswerCanBeTheNextQuestion() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:twice").to(CHAT).to(CHAT);
                from("direct:streamed").to(STREAM).to(CHAT);
            }
        });

        assertThat(template.requestBody("direct:twice", "hello", String.class)).isEqualTo("you said: you said: hello");
        assertThat(template.requestBody("direct:streamed", "hello", String.class))
                .isEqualTo("you said: you said: hello");
    }

    @Test
    void optionsOfTheEndpointStandAboveTheBody() {
        template.requestBody(
                CHAT + "?temperature=0.1&stop=STOP&user=route&responseFormat=text&systemMessage=First", CHAT_JSON);

        LlmRequest request = dialect.lastRequest();
        assertThat(request.parameters().values())
                .containsEntry("temperature", new ParameterValue.Number(new BigDecimal("0.1")))
                .containsEntry("max_tokens", new ParameterValue.Number(new BigDecimal("20")));
        assertThat(request.stop()).containsExactly("STOP");
        assertThat(request.user()).isEqualTo("route");
        assertThat(request.responseFormat()).isEqualTo(new ResponseFormat.PlainText());
        assertThat(request.messages().get(0).text()).isEqualTo("First");
    }

    static Stream<Object> wrongBodies() {
        return Stream.of(
                "",
                "   ",
                List.of(),
                List.of("a", "b"),
                List.of(new PromptMessage.User("x"), "y"),
                Arrays.asList("a", null),
                Map.of(),
                Map.of("prompt", "x"),
                Map.of("messages", "x"),
                Map.of("messages", List.of()),
                Optional.of("x"),
                new Object(),
                Thread.currentThread(),
                TextEmbeddingRequest.ofQuery("x"),
                "{\"messages\": []}",
                "{\"messages\": [{\"role\": \"nobody\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"user\"}], \"messages\": []}",
                new byte[0]);
    }

    @ParameterizedTest
    @MethodSource("wrongBodies")
    void anythingElseIsRefusedBeforeACallIsMade(Object body) {
        assertThat(refusal(CHAT, body).code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void aMissingBodyIsRefusedWithWhatItCouldBe() {
        assertThat(refusal(CHAT, null)).hasMessageContaining("PromptMessage").hasMessageContaining("\"messages\"");
        assertThat(refusal(EMBED, null)).hasMessageContaining("TextEmbeddingRequest");
    }

    @Test
    void whatTextsToEmbedMayStandOn() {
        assertThat(embed("one").texts()).containsExactly("one");
        assertThat(embed(List.of("one", "two")).texts()).containsExactly("one", "two");
        assertThat(embed(new String[] {"one", "two"}).texts()).containsExactly("one", "two");
        assertThat(embed("{\"input\": [\"one\", \"two\"], \"dimensions\": 5}").texts())
                .containsExactly("one", "two");
        assertThat(embed("{\"input\": \"one\"}".getBytes(StandardCharsets.UTF_8))
                        .texts())
                .containsExactly("one");
        assertThat(embed(Map.of("input", "one", "input_type", "query")).inputType())
                .isEqualTo(InputType.QUERY);
        assertThat(embed(new ByteArrayInputStream("one".getBytes(StandardCharsets.UTF_8)))
                        .texts())
                .containsExactly("one");
        assertThat(embed("{\"text\": \"no input\"}").texts()).containsExactly("{\"text\": \"no input\"}");
        assertThat(embed(TextEmbeddingRequest.ofQuery("q")).inputType()).isEqualTo(InputType.QUERY);
    }

    static Stream<Object> wrongTexts() {
        return Stream.of(
                "",
                " ",
                List.of(),
                List.of("a", " "),
                List.of(1, 2),
                Arrays.asList("a", null),
                Map.of("texts", "a"),
                new TextEmbeddingRequest(List.of(), InputType.QUERY, ModelParameters.NONE),
                LlmRequest.ofText("x"),
                new Object());
    }

    @ParameterizedTest
    @MethodSource("wrongTexts")
    void anythingElseIsNotEmbedded(Object body) {
        assertThat(refusal(EMBED, body).code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void anAnswerConvertsToTextAndJson() {
        LlmResult result = template.requestBody(CHAT, "hello", LlmResult.class);

        assertThat(context.getTypeConverter().convertTo(String.class, result)).isEqualTo("you said: hello");
        assertThat(new String(context.getTypeConverter().convertTo(byte[].class, result), StandardCharsets.UTF_8))
                .contains("\"object\":\"chat.completion\"")
                .contains("\"content\":\"you said: hello\"")
                .contains("\"total_tokens\":20");
    }

    @Test
    void vectorsConvertToJsonAndLists() {
        Exchange exchange = template.request(EMBED, asked -> asked.getMessage().setBody(List.of("one", "three")));

        assertThat(exchange.getMessage().getBody(String.class))
                .contains("\"object\":\"list\"")
                .contains("\"embedding\":[3.0,0.5]");
        assertThat(exchange.getMessage().getBody(byte[].class)).isNotEmpty();
        assertThat(exchange.getMessage().getBody(float[].class)).containsExactly(3f, 0.5f);
        assertThat(exchange.getMessage().getBody(List.class)).hasSize(2);
    }

    private LlmRequest ask(Object body) {
        Exchange exchange = template.request(CHAT, asked -> asked.getMessage().setBody(body));
        assertThat(exchange.getException()).isNull();
        return dialect.lastRequest();
    }

    private TextEmbeddingRequest embed(Object body) {
        Exchange exchange = template.request(EMBED, asked -> asked.getMessage().setBody(body));
        assertThat(exchange.getException()).isNull();
        return dialect.embeddings.get(dialect.embeddings.size() - 1);
    }

    private InvokeException refusal(String uri, Object body) {
        Exchange exchange = template.request(uri, asked -> asked.getMessage().setBody(body));
        InvokeException refusal = exchange.getException(InvokeException.class);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
