package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.PromptMessageContent.Kind;
import io.bactrian.core.model.PromptMessageContent.Media;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.model.ToolChoice;
import io.bactrian.core.provider.ParameterValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {

    private static final String EVERYTHING = """
            {"model":"openai/gpt-4o","messages":[
              {"role":"system","content":"Be brief"},
              {"role":"developer","content":[{"type":"text","text":"In French"}]},
              {"role":"user","name":"ann","content":[
                {"type":"text","text":"What is this?"},
                {"type":"image_url","image_url":{"url":"https://pictures.example/1.png","detail":"low"}},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8="}},
                {"type":"input_audio","input_audio":{"data":"aGk=","format":"mp3"}},
                {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}}]},
              {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"sunny"}],
             "temperature":0.5,"max_tokens":100,"seed":42,"store":false,"service_tier":"flex","logit_bias":{"50256":-100},
             "presence_penalty":null,
             "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"},"strict":true}},
                      {"type":"function","function":{"name":"bare","description":"d"}}],
             "tool_choice":{"type":"function","function":{"name":"weather"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"Answer","schema":{"type":"object"},"strict":true}},
             "stop":"END","user":"user-7","stream":true,"stream_options":{"include_usage":true},"n":1}
            """;

    @Test
    void readsEverythingAQuestionCanHold() {
        OpenAiChatRequest read = OpenAiJson.readChatRequest(EVERYTHING);
        LlmRequest request = read.request();

        assertThat(read.model()).isEqualTo("openai/gpt-4o");
        assertThat(read.includeUsage()).isTrue();
        assertThat(request.messages())
                .containsExactly(
                        new PromptMessage.System("Be brief"),
                        new PromptMessage.Developer(List.of(new PromptMessageContent.Text("In French")), null),
                        new PromptMessage.User(
                                List.of(
                                        new PromptMessageContent.Text("What is this?"),
                                        new Media(
                                                Kind.IMAGE, null, "https://pictures.example/1.png", null, null, "low"),
                                        new Media(Kind.IMAGE, "image/png", null, "aGVsbG8=", null, null),
                                        new Media(Kind.AUDIO, "audio/mpeg", null, "aGk=", null, null),
                                        new Media(Kind.DOCUMENT, "application/pdf", null, "JVBERg==", "a.pdf", null)),
                                "ann"),
                        new PromptMessage.Assistant(
                                List.of(), null, List.of(new PromptMessage.ToolCall("c1", "weather", "{}")), "hm"),
                        new PromptMessage.Tool(List.of(new PromptMessageContent.Text("sunny")), "c1"));
        assertThat(request.parameters().values())
                .containsExactly(
                        Map.entry("temperature", new ParameterValue.Number(new BigDecimal("0.5"))),
                        Map.entry("max_tokens", new ParameterValue.Number(new BigDecimal("100"))),
                        Map.entry("seed", new ParameterValue.Number(new BigDecimal("42"))),
                        Map.entry("store", new ParameterValue.Flag(false)),
                        Map.entry("service_tier", new ParameterValue.Text("flex")),
                        Map.entry("logit_bias", new ParameterValue.Json("{\"50256\":-100}")));
        assertThat(request.tools()).hasSize(2);
        assertThat(request.tools().get(0).strict()).isTrue();
        assertThat(request.tools().get(1).parameters()).isEqualTo(JsonSchemas.NO_ARGUMENTS);
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("weather"));
        assertThat(request.responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(request.stop()).containsExactly("END");
        assertThat(request.user()).isEqualTo("user-7");
        assertThat(request.stream()).isTrue();
    }

    @Test
    void writesAgainWhatItRead() {
        LlmRequest request = OpenAiJson.readChatRequest(EVERYTHING).request();

        byte[] written = OpenAiJson.writeChatRequest(request, "m", ChatWireOptions.OPENAI);

        assertThat(OpenAiJson.readChatRequest(written).request().messages().subList(0, 3))
                .isEqualTo(request.messages().subList(0, 3));
        assertThat(OpenAiJson.readChatRequest(written).request().tools()).isEqualTo(request.tools());
    }

    @Test
    void readsAMapAsARouteHoldsIt() {
        OpenAiChatRequest read = OpenAiJson.readChatRequest(Map.of(
                "messages",
                List.of(Map.of("role", "user", "content", "Hi")),
                "temperature",
                0.5,
                "stop",
                List.of("a", "b")));

        assertThat(read.model()).isNull();
        assertThat(read.request().messages()).containsExactly(new PromptMessage.User("Hi"));
        assertThat(read.request().stop()).containsExactly("a", "b");
        assertThat(read.request().stream()).isFalse();
    }

    @Test
    void refusesAMapThatHoldsASecret() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.readChatRequest(Map.of("messages", Secret.of("CANARY"))))
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("CANARY"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {}                                                                                            | messages
                    {"messages":[]}                                                                               | messages
                    {"messages":"Hi"}                                                                             | messages
                    {"messages":["Hi"]}                                                                           | messages[0]
                    {"messages":[{"content":"Hi"}]}                                                               | messages[0].role
                    {"messages":[{"role":"wizard","content":"Hi"}]}                                               | messages[0].role
                    {"messages":[{"role":"user"}]}                                                                | messages[0].content
                    {"messages":[{"role":"user","content":7}]}                                                    | messages[0].content
                    {"messages":[{"role":"assistant"}]}                                                           | messages[0].content
                    {"messages":[{"role":"tool","content":"x"}]}                                                  | messages[0].tool_call_id
                    {"messages":[{"role":"user","content":[{"type":"smell"}]}]}                                   | messages[0].content[0].type
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}                | messages[0].content[0].image_url.url
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]} | image_url.url
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,raw"}}]}]} | image_url.url
                    {"messages":[{"role":"user","content":"x"}],"stream":"yes"}                                   | stream
                    {"messages":[{"role":"user","content":"x"}],"stop":[1]}                                       | stop
                    {"messages":[{"role":"user","content":"x"}],"n":2}                                            | n is 1
                    {"messages":[{"role":"user","content":"x"}],"functions":[]}                                   | functions
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}                  | tools[0].type
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}]}      | tools[0].function.name
                    {"messages":[{"role":"user","content":"x"}],"tool_choice":"maybe"}                            | tool_choice
                    {"messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}}                 | response_format.type
                    {"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"a b","schema":{}}}} | json_schema.name
                    {"messages":[{"role":"user","content":"x"}],"messages":[]}                                    | names a field twice
                    {"messages":[{"role":"user","content":"x"}]                                                   | not valid JSON
                    nonsense                                                                                      | not valid JSON
                    []                                                                                            | JSON object
                    """)
    void namesTheFieldThatIsWrong(String json, String named) {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.readChatRequest(json))
                .withMessageContaining(named)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM))
                .withNoCause();
    }

    @Test
    void refusesARequestThatIsTooDeep() {
        String deep = "{\"messages\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}";

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.readChatRequest(deep))
                .withMessageContaining("64 levels");
    }

    @Test
    void readsEmbeddingRequests() {
        OpenAiEmbeddingRequest one = OpenAiJson.readEmbeddingRequest(
                "{\"model\":\"e\",\"input\":\"text\",\"dimensions\":256,\"encoding_format\":\"base64\",\"input_type\":\"search_query\"}");
        OpenAiEmbeddingRequest many = OpenAiJson.readEmbeddingRequest(Map.of("input", List.of("a", "b")));

        assertThat(one.model()).isEqualTo("e");
        assertThat(one.base64()).isTrue();
        assertThat(one.request().texts()).containsExactly("text");
        assertThat(one.request().inputType()).isEqualTo(InputType.QUERY);
        assertThat(one.request().parameters().values()).containsOnlyKeys("dimensions");
        assertThat(many.request().texts()).containsExactly("a", "b");
        assertThat(many.request().inputType()).isEqualTo(InputType.DOCUMENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {}                                       | input
                    {"input":[]}                             | input
                    {"input":[1,2]}                          | input
                    {"input":" "}                            | blank
                    {"input":"a","encoding_format":"hex"}    | encoding_format
                    {"input":"a","input_type":"poem"}        | input_type
                    """)
    void namesWhatIsWrongWithAnEmbeddingRequest(String json, String named) {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.readEmbeddingRequest(json))
                .withMessageContaining(named);
    }
}
