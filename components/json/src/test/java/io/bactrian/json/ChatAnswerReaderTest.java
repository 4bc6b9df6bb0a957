package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage.ToolCall;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatAnswerReaderTest {

    @Test
    void readsAnAnswer() throws Exception {
        LlmResult result = read("""
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-2024-08-06","service_tier":"default",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Grüß dich 🐫","refusal":null,"annotations":[]},
                   "logprobs":{"content":[{"token":"G","top_logprobs":[]}]},"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12},"system_fingerprint":"fp_1"}
                """);

        assertThat(result.id()).isEqualTo("chatcmpl-1");
        assertThat(result.model()).isEqualTo("gpt-4o-2024-08-06");
        assertThat(result.text()).isEqualTo("Grüß dich 🐫");
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(result.usage()).isEqualTo(new TokenUsage(9, 0, 0, 0, 3, 0, 0));
        assertThat(result.systemFingerprint()).isEqualTo("fp_1");
    }

    @Test
    void readsToolCallsWhateverFormTheirArgumentsHave() throws Exception {
        LlmResult result = read("""
                {"model":"m","choices":[{"message":{"content":null,"tool_calls":[
                  {"id":"a","type":"function","function":{"name":"one","arguments":"{\\"x\\": 1}"}},
                  {"id":"","function":{"name":"two","arguments":{"x":1.50,"y":["z"]}}},
                  {"function":{"name":"three","arguments":null}}]},"finish_reason":"stop"}]}
                """);

        assertThat(result.message().toolCalls())
                .containsExactly(
                        new ToolCall("a", "one", "{\"x\": 1}"),
                        new ToolCall("call_1", "two", "{\"x\":1.50,\"y\":[\"z\"]}"),
                        new ToolCall("call_2", "three", ""));
        // a named tool_choice ends with "stop"
        assertThat(result.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void readsTheOlderFunctionCall() throws Exception {
        LlmResult result = read(
                "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}},\"finish_reason\":\"function_call\"}]}");

        assertThat(result.message().toolCalls()).containsExactly(new ToolCall("call_0", "f", "{}"));
        assertThat(result.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(result.model()).isEqualTo("asked");
    }

    @ParameterizedTest
    @CsvSource({
        "reasoning_content,reasoning",
        "reasoning,other",
    })
    void readsReasoningUnderEitherName(String name, String other) throws Exception {
        assertThat(read("{\"choices\":[{\"message\":{\"content\":\"a\",\"" + name + "\":\"hm\",\"" + other
                                + "\":\"hm\"},\"finish_reason\":\"stop\"}]}")
                        .message()
                        .reasoning())
                .isEqualTo("hm");
    }

    @Test
    void readsContentInParts() throws Exception {
        LlmResult result = read("""
                {"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"let me "},{"type":"text","text":"see"}]},
                  {"type":"text","text":"It is "},{"type":"reference","reference_ids":[1]},{"type":"text","text":"4"}]},"finish_reason":"stop"}]}
                """);

        assertThat(result.text()).isEqualTo("It is 4");
        assertThat(result.message().reasoning()).isEqualTo("let me see");
    }

    @Test
    void givesARefusalAsTextThatWasHeldBack() throws Exception {
        LlmResult result = read(
                "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I cannot\"},\"finish_reason\":\"stop\"}]}");

        assertThat(result.text()).isEqualTo("I cannot");
        assertThat(result.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @ParameterizedTest
    @CsvSource({
        "stop,STOP",
        "eos,STOP",
        "end_turn,STOP",
        "'',STOP",
        "length,LENGTH",
        "max_tokens,LENGTH",
        "tool_calls,TOOL_CALLS",
        "function_call,TOOL_CALLS",
        "content_filter,CONTENT_FILTER",
        "STOP,STOP",
        "whatever,OTHER"
    })
    void understandsTheWordsForTheEnd(String word, FinishReason reason) throws Exception {
        assertThat(read("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"" + word + "\"}]}")
                        .finishReason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"choices\":[{\"message\":{\"content\":\"sec",
                "{\"choices\":[]}",
                "{}",
                "<html>CANARY</html>",
                "{\"choices\":CANARY}"
            })
    void refusesWhatIsNoAnswerWithoutQuotingIt(String json) {
        ProtocolException error = catchThrowableOfType(ProtocolException.class, () -> read(json));

        assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(error).hasNoCause();
        assertThat(error.getMessage()).doesNotContain("CANARY").doesNotContain("sec");
    }

    @Test
    void refusesNestingThatIsTooDeep() {
        String deep = "{\"x\":" + "[".repeat(200) + "]".repeat(200) + "}";

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(deep))
                .withMessageContaining("64 levels");
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read("{\"" + "n".repeat(300) + "\":1}"))
                .withMessageContaining("256 a name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"error":{"message":"no","type":"t","code":"c","param":"p"}} | no | t | c
                    {"error":{"message":"no","type":"BadRequestError","code":400}} | no | BadRequestError | 400
                    {"error":"no"} | no | |
                    {"object":"error","message":"no","type":"t","code":400} | no | |
                    {"id":"x","choices":[{"error":{"message":"no","code":502}}]} | no | | 502
                    """)
    void tellsErrorsFromAnswers(String json, String message, String type, String code) {
        OpenAiErrorReply reply = catchThrowableOfType(OpenAiErrorReply.class, () -> read(json));

        assertThat(reply.error().message()).isEqualTo(message);
        assertThat(reply.error().type()).isEqualTo(type);
        assertThat(reply.error().code()).isEqualTo(code);
        assertThat(reply.getMessage()).doesNotContain("no");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"detail":"no"} | no | |
                    {"detail":[{"loc":["body"],"msg":"no","type":"missing"}]} | no | missing |
                    [{"error":{"code":429,"message":"no","status":"RESOURCE_EXHAUSTED","details":[{"@type":"t","retryDelay":"34.4s"}]}}] | no | RESOURCE_EXHAUSTED | 429
                    {"code":"InvalidApiKey","message":"no","request_id":"r"} | no | | InvalidApiKey
                    {"error":{"message":"no","innererror":{"code":"ResponsibleAIPolicyViolation","x":{"y":1}}}} | no | |
                    {"error":{"message":"no","type":"t","code":"c","par | no | t | c
                    {"error":{"message":"no"} | no | |
                    <html> | | |
                    """)
    void readsErrorBodiesInEveryShapeAndAsFarAsTheyGo(String json, String message, String type, String code) {
        byte[] bytes = Json.bytes(json);

        OpenAiError error = OpenAiJson.readError(bytes, 0, bytes.length);

        assertThat(error.message()).isEqualTo(message);
        assertThat(error.type()).isEqualTo(type);
        assertThat(error.code()).isEqualTo(code);
    }

    @Test
    void readsHintsAndInnerCodes() {
        byte[] google = Json.bytes("{\"error\":{\"code\":429,\"details\":[{\"retryDelay\":\"34.4s\"}]}}");
        byte[] azure = Json.bytes("{\"error\":{\"code\":\"content_filter\",\"innererror\":{\"code\":\"Inner\"}}}");

        assertThat(OpenAiJson.readError(google, 0, google.length).retryDelay()).isEqualTo("34.4s");
        assertThat(OpenAiJson.readError(azure, 0, azure.length).innerCode()).isEqualTo("Inner");
    }

    @Test
    void readsEmbeddingsAsNumbersAndAsBase64InTheirOrder() throws Exception {
        // 1.0f, -2.5f little-endian
        TextEmbeddingResult result = embeddings(
                "{\"object\":\"list\",\"data\":[{\"index\":1,\"embedding\":[0.5,-1e-3]},{\"embedding\":\"AACAPwAAIMA=\",\"index\":0}],"
                        + "\"model\":\"e\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}",
                2);

        assertThat(result.embeddings().get(0)).containsExactly(1.0f, -2.5f);
        assertThat(result.embeddings().get(1)).containsExactly(0.5f, -0.001f);
        assertThat(result.usage()).isEqualTo(TokenUsage.ofInput(8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[{\"embedding\":[1]}]}",
                "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1,2]}]}",
                "{\"data\":[{\"embedding\":[1],\"index\":0},{\"embedding\":[1],\"index\":0}]}",
                "{\"data\":[{\"embedding\":[1],\"index\":0},{\"embedding\":[1],\"index\":7}]}",
                "{\"data\":[{\"embedding\":[]},{\"embedding\":[]}]}",
                "{\"data\":[{\"embedding\":[\"1\"]},{\"embedding\":[1]}]}",
                "{\"data\":[{\"embedding\":[1e99]},{\"embedding\":[1]}]}",
                "{\"data\":[{\"embedding\":\"AAA=\"},{\"embedding\":\"AAA=\"}]}",
                "{\"data\":[{\"embedding\":\"%%%%\"},{\"embedding\":[1]}]}",
                "{\"data\":[{},{}]}",
                "{\"data\":{}}",
                "{}"
            })
    void refusesEmbeddingsThatDoNotFitTheTexts(String json) {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> embeddings(json, 2));
    }

    @Test
    void readsASliceOfALargerArray() throws Exception {
        byte[] json = Json.bytes("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}");
        byte[] larger = new byte[json.length + 20];
        Arrays.fill(larger, (byte) '}');
        System.arraycopy(json, 0, larger, 10, json.length);

        assertThat(OpenAiJson.readChatCompletion(larger, 10, json.length, "m").text())
                .isEqualTo("a");
    }

    private static LlmResult read(String json) throws OpenAiErrorReply {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return OpenAiJson.readChatCompletion(bytes, 0, bytes.length, "asked");
    }

    private static TextEmbeddingResult embeddings(String json, int texts) throws OpenAiErrorReply {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return OpenAiJson.readEmbeddings(bytes, 0, bytes.length, "asked", texts);
    }
}
