package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.PromptMessageContent.Kind;
import io.bactrian.core.model.PromptMessageContent.Media;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.ToolChoice;
import io.bactrian.core.provider.ParameterValue;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestWriterTest {

    private static final PromptMessageTool WEATHER = new PromptMessageTool(
            "weather", "Tells the weather", new JsonText("{\"type\":\"object\",\"properties\":{}}"), true);

    // a server that departs from OpenAI in everything
    private static final ChatWireOptions ODD =
            new ChatWireOptions("max_tokens", false, false, "any", false, false, "reasoning_content");

    @Test
    void writesEverythingAQuestionCanHold() {
        LlmRequest request = new LlmRequest(
                List.of(
                        new PromptMessage.System("Be brief"),
                        new PromptMessage.Developer(List.of(new PromptMessageContent.Text("In French")), null),
                        new PromptMessage.User(
                                List.of(
                                        new PromptMessageContent.Text("What is \"this\"?"),
                                        new Media(
                                                Kind.IMAGE, null, "https://pictures.example/1.png", null, null, "low"),
                                        new Media(Kind.IMAGE, "image/png", null, "aGVsbG8=", null, null),
                                        new Media(Kind.AUDIO, "audio/mpeg", null, "aGk=", null, null),
                                        new Media(Kind.DOCUMENT, "application/pdf", null, "JVBERg==", "a.pdf", null)),
                                "ann"),
                        new PromptMessage.Assistant(
                                List.of(), null, List.of(new PromptMessage.ToolCall("c1", "weather", "")), "thinking"),
                        new PromptMessage.Tool(List.of(new PromptMessageContent.Text("sunny")), "c1")),
                parameters(
                        "temperature", new ParameterValue.Number(new BigDecimal("0.50")),
                        "max_tokens", new ParameterValue.Number(new BigDecimal("1E+2")),
                        "seed", new ParameterValue.Number(new BigDecimal("42")),
                        "store", new ParameterValue.Flag(false),
                        "service_tier", new ParameterValue.Text("flex"),
                        "logit_bias", new ParameterValue.Json("{\"50256\": -100}")),
                List.of(WEATHER),
                new ToolChoice.Named("weather"),
                List.of("END", "\n"),
                new ResponseFormat.JsonSchema("Answer", new JsonText("{\"type\":\"object\"}"), true),
                true,
                "user-7");

        JsonNode json = Json.tree(OpenAiJson.writeChatRequest(request, "ft:gpt-4o:acme::1", ChatWireOptions.OPENAI));

        assertThat(json).isEqualTo(Json.tree("""
                                {"model":"ft:gpt-4o:acme::1","messages":[
                                  {"role":"system","content":"Be brief"},
                                  {"role":"developer","content":"In French"},
                                  {"role":"user","name":"ann","content":[
                                    {"type":"text","text":"What is \\"this\\"?"},
                                    {"type":"image_url","image_url":{"url":"https://pictures.example/1.png","detail":"low"}},
                                    {"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8="}},
                                    {"type":"input_audio","input_audio":{"data":"aGk=","format":"mp3"}},
                                    {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}}]},
                                  {"role":"assistant","content":null,"tool_calls":[
                                    {"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]},
                                  {"role":"tool","tool_call_id":"c1","content":"sunny"}],
                                 "temperature":0.50,"max_completion_tokens":100,"seed":42,"store":false,
                                 "service_tier":"flex","logit_bias":{"50256":-100},
                                 "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather",
                                   "parameters":{"type":"object","properties":{}},"strict":true}}],
                                 "tool_choice":{"type":"function","function":{"name":"weather"}},
                                 "response_format":{"type":"json_schema","json_schema":
                                   {"name":"Answer","schema":{"type":"object"},"strict":true}},
                                 "stop":["END","\\n"],"user":"user-7","stream":true,"stream_options":{"include_usage":true}}
                                """));
    }

    @Test
    void writesWhatAnOddServerTakes() {
        LlmRequest request = new LlmRequest(
                List.of(
                        new PromptMessage.Developer(List.of(new PromptMessageContent.Text("Be brief")), null),
                        new PromptMessage.Assistant(
                                List.of(new PromptMessageContent.Text("Hm")), null, List.of(), "I wonder")),
                parameters("max_completion_tokens", new ParameterValue.Number(BigDecimal.TEN)),
                List.of(WEATHER),
                new ToolChoice.Required(),
                List.of(),
                new ResponseFormat.JsonSchema("Answer", new JsonText("{}"), true),
                true,
                null);

        JsonNode json = Json.tree(OpenAiJson.writeChatRequest(request, "m", ODD));

        assertThat(json).isEqualTo(Json.tree("""
                                {"model":"m","messages":[{"role":"system","content":"Be brief"},
                                  {"role":"assistant","content":"Hm","reasoning_content":"I wonder"}],"max_tokens":10,
                                 "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather",
                                   "parameters":{"type":"object","properties":{}}}}],
                                 "tool_choice":"any","response_format":{"type":"json_object"},"stream":true}
                                """));
    }

    @Test
    void leavesAChoiceOfToolsOutWhereThereAreNone() {
        LlmRequest request = request(ModelParameters.NONE, List.of(), new ToolChoice.Auto());

        JsonNode json = Json.tree(OpenAiJson.writeChatRequest(request, "m", ChatWireOptions.OPENAI));

        assertThat(json.has("tool_choice")).isFalse();
        assertThat(json.has("tools")).isFalse();
    }

    @Test
    void refusesAChoiceThatNoToolCanMeet() {
        refused(request(ModelParameters.NONE, List.of(), new ToolChoice.Required()), "tool_choice");
        refused(request(ModelParameters.NONE, List.of(WEATHER), new ToolChoice.Named("news")), "news");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "messages", "stream", "stream_options", "functions"})
    void refusesParametersThatAreThePartsOfTheRequest(String name) {
        refused(request(parameters(name, new ParameterValue.Text("x")), List.of(), null), name);
    }

    @Test
    void refusesALimitGivenTwice() {
        ModelParameters twice = parameters(
                "max_tokens", new ParameterValue.Number(BigDecimal.ONE),
                "max_completion_tokens", new ParameterValue.Number(BigDecimal.TEN));

        refused(request(twice, List.of(), null), "max_tokens and max_completion_tokens");
    }

    @Test
    void refusesMoreThanOneAnswer() {
        refused(request(parameters("n", new ParameterValue.Number(new BigDecimal(2))), List.of(), null), "n:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,\"model\":\"other\"", "{} {}", "", "{\"a\":", "{\"a\":1}}", "nonsense"})
    void refusesJsonThatCouldAddFieldsOfItsOwn(String json) {
        refused(request(parameters("logit_bias", new ParameterValue.Json(json)), List.of(), null), "logit_bias");
    }

    @Test
    void refusesASchemaThatIsNotAnObject() {
        PromptMessageTool broken = new PromptMessageTool("t", "", new JsonText("[1]"), false);

        refused(request(ModelParameters.NONE, List.of(broken), null), "the schema of tool t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken \ud83d text", "broken \udc2b text", "broken \ud83d", "\udc2b\ud83d"})
    void writesHalfASurrogatePairEscaped(String text) throws Exception {
        byte[] json = OpenAiJson.writeChatRequest(LlmRequest.ofText(text), "m", ChatWireOptions.OPENAI);

        // a decoder that reports what is not UTF-8
        String decoded = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(json))
                .toString();
        assertThat(Json.tree(decoded).at("/messages/0/content").textValue()).isEqualTo(text);
    }

    @Test
    void keepsCharactersBeyondTheBasicPlane() {
        byte[] json = OpenAiJson.writeChatRequest(LlmRequest.ofText("🐫 ş İ"), "m", ChatWireOptions.OPENAI);

        assertThat(Json.tree(json).at("/messages/0/content").textValue()).isEqualTo("🐫 ş İ");
        assertThat(new String(json, StandardCharsets.UTF_8)).contains("🐫");
    }

    @Test
    void writesHugeNumbersWithoutSpellingThemOut() {
        ModelParameters huge = parameters("x", new ParameterValue.Number(new BigDecimal("1E+1000000000")));

        byte[] json = OpenAiJson.writeChatRequest(request(huge, List.of(), null), "m", ChatWireOptions.OPENAI);

        assertThat(json).hasSizeLessThan(200);
    }

    @Test
    void refusesAQuestionWithoutMessages() {
        refused(LlmRequest.of(List.of()), "messages");
    }

    @Test
    void writesEmbeddingRequests() {
        TextEmbeddingRequest request = new TextEmbeddingRequest(
                List.of("one", "two"),
                TextEmbeddingRequest.InputType.QUERY,
                parameters("dimensions", new ParameterValue.Number(new BigDecimal(256))));

        assertThat(Json.tree(OpenAiJson.writeEmbeddingRequest(request, "e", EmbeddingWireOptions.OPENAI)))
                .isEqualTo(
                        Json.tree(
                                "{\"model\":\"e\",\"input\":[\"one\",\"two\"],\"encoding_format\":\"base64\",\"dimensions\":256}"));
        EmbeddingWireOptions typed = new EmbeddingWireOptions(false, "input_type", "query", "document");
        assertThat(Json.tree(OpenAiJson.writeEmbeddingRequest(request, "e", typed)))
                .isEqualTo(Json.tree(
                        "{\"model\":\"e\",\"input\":[\"one\",\"two\"],\"input_type\":\"query\",\"dimensions\":256}"));
    }

    @Test
    void refusesBlankTextsToEmbed() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.writeEmbeddingRequest(
                        TextEmbeddingRequest.ofDocuments(List.of("a", " ")), "e", EmbeddingWireOptions.OPENAI))
                .withMessageContaining("blank");
    }

    private static void refused(LlmRequest request, String named) {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> OpenAiJson.writeChatRequest(request, "m", ChatWireOptions.OPENAI))
                .withMessageContaining(named)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM));
    }

    private static LlmRequest request(ModelParameters parameters, List<PromptMessageTool> tools, ToolChoice choice) {
        return new LlmRequest(
                List.of(new PromptMessage.User("Hi")), parameters, tools, choice, List.of(), null, false, null);
    }

    private static ModelParameters parameters(Object... namesAndValues) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], (ParameterValue) namesAndValues[i + 1]);
        }
        return ModelParameters.of(values);
    }
}
