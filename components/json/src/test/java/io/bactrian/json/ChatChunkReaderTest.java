package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.LlmResultChunk.ToolCallDelta;
import io.bactrian.core.model.PromptMessage.ToolCall;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatChunkReaderTest {

    private final ChatChunkReader reader = OpenAiJson.chunkReader("asked");

    @Test
    void readsTextReasoningAndTheEnd() throws Exception {
        assertThat(
                        read(
                                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}"))
                .isNull();
        assertThat(
                        read(
                                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}],\"usage\":null}"))
                .isEqualTo(new LlmResultChunk("1", "m", "", "hm", List.of(), null, null, null));
        assertThat(
                        read(
                                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}"))
                .isEqualTo(new LlmResultChunk("1", "m", "Hi", "", List.of(), null, null, null));
        assertThat(reader.finished()).isFalse();
        assertThat(read("{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}")
                        .finishReason())
                .isEqualTo(FinishReason.STOP);
        assertThat(reader.finished()).isTrue();
        assertThat(read("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}")
                        .usage()
                        .totalTokens())
                .isEqualTo(3);
    }

    @Test
    void givesOneFinishReasonHoweverManyAreSent() throws Exception {
        // STR-05: duplicate finish
        String end = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";

        assertThat(read(end).finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(read(end)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":null}",
                "{\"choices\":[]}",
                "{\"choices\":[null]}",
                "{\"choices\":[{\"delta\":null}]}",
                "{\"choices\":[{}]}",
                "{\"choices\":[{\"index\":1,\"delta\":{}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"\",\"tool_calls\":null}}]}",
                "{\"choices\":[{\"delta\":{\"content\":{\"strange\":1}},\"finish_reason\":\"\"}],\"unknown\":{\"a\":[1,{\"b\":2}]}}",
                "{\"error\":null,\"choices\":[]}",
                "{\"prompt_filter_results\":[{\"prompt_index\":0}],\"choices\":[]}"
            })
    void toleratesPiecesThatSayNothing(String event) throws Exception {
        // STR-05: null delta, unknown fields
        assertThat(read(event)).isNull();
    }

    @Test
    void ignoresASecondChoice() throws Exception {
        assertThat(read("{\"choices\":[{\"delta\":{\"content\":\"a\"}},{\"delta\":{\"content\":\"b\"}}]}")
                        .text())
                .isEqualTo("a");
    }

    @Test
    void assemblesReorderedToolCalls() throws Exception {
        // STR-05: reordered tool-call indexes
        LlmResult result = whole(
                calls("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":\"\"}}"),
                calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\"}}"),
                calls(
                        "{\"index\":1,\"function\":{\"arguments\":\"[]\"}},{\"index\":0,\"function\":{\"arguments\":\"}\"}}"));

        assertThat(result.message().toolCalls())
                .containsExactly(new ToolCall("a", "one", "{}"), new ToolCall("b", "two", "[]"));
    }

    @Test
    void tellsCallsApartThatAllHaveTheNumberZero() throws Exception {
        LlmResult result = whole(
                calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}"),
                calls("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"one\",\"arguments\":\"{\"}}"),
                calls("{\"index\":0,\"function\":{\"arguments\":\"}\"}}"));

        assertThat(result.message().toolCalls())
                .containsExactly(new ToolCall("a", "one", "{}"), new ToolCall("b", "one", "{}"));
    }

    @Test
    void numbersCallsThatHaveNoNumber() throws Exception {
        LlmResult result = whole(
                calls("{\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\"}}"),
                calls("{\"function\":{\"arguments\":\"}\"}}"),
                calls("{\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":{\"x\":1}}},"
                        + "{\"function\":{\"name\":\"two\",\"arguments\":{\"x\":2}}}"));

        assertThat(result.message().toolCalls())
                .containsExactly(
                        new ToolCall("a", "one", "{}"),
                        new ToolCall("b", "two", "{\"x\":1}"),
                        new ToolCall("call_2", "two", "{\"x\":2}"));
    }

    @Test
    void saysIdAndNameOnceHoweverOftenTheyAreRepeated() throws Exception {
        String repeated = calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"1\"}}");

        assertThat(read(repeated).toolCalls()).containsExactly(new ToolCallDelta(0, "a", "one", "1"));
        assertThat(read(repeated).toolCalls()).containsExactly(new ToolCallDelta(0, null, null, "1"));
    }

    @Test
    void readsTheOlderFunctionCall() throws Exception {
        LlmResult result = whole(
                "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}}]}",
                "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"{}\"}}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"function_call\"}]}");

        assertThat(result.message().toolCalls()).containsExactly(new ToolCall("call_0", "f", "{}"));
        assertThat(result.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void refusesCallsWithoutEnd() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        read(calls("{\"index\":" + i + ",\"id\":\"c" + i + "\",\"function\":{\"name\":\"f\"}}"));
                    }
                })
                .withMessageContaining("1024 tool calls");
    }

    @Test
    void readsUsageWhereGroqHidesIt() throws Exception {
        assertThat(
                        read("{\"choices\":[],\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3,\"total_tokens\":5}}}")
                                .usage()
                                .totalTokens())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no\",\"code\":400}}",
                "{\"error\":\"no\"}",
                "{\"object\":\"error\",\"message\":\"no\"}",
                "{\"choices\":[],\"x_groq\":{\"error\":\"no\"}}",
                "{\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"message\":\"no\"}}"
            })
    void tellsErrorsFromPieces(String event) {
        // STR-05: error object in the middle of a stream
        assertThat(catchThrowableOfType(OpenAiErrorReply.class, () -> read(event))
                        .error()
                        .message())
                .isEqualTo("no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "7",
                "\"x\"",
                "{",
                "{\"choices\":[{\"delta\":{\"content\":\"CANA",
                "{\"choices\":[]} x",
                "{\"choices\":[]}{\"choices\":[]}",
                "CANARY",
                "{\"id\":CANARY}",
                "{\"choices\":[{\"delta\":{\"content\":\"\u0001\"}}]}"
            })
    void refusesEventsThatAreNotOneObjectAndReadsOnElsewhere(String event) throws Exception {
        // STR-05: invalid JSON
        ProtocolException error = catchThrowableOfType(ProtocolException.class, () -> read(event));

        assertThat(error.getMessage()).doesNotContain("CANA");
        assertThat(error).hasNoCause();
        // the parser that met it is not used again
        for (int i = 0; i < 3; i++) {
            assertThat(read("{\"choices\":[{\"delta\":{\"content\":\"ok\"}}]}").text())
                    .isEqualTo("ok");
        }
    }

    @Test
    void endsAnAnswerThatWasDoneWithoutAWordWhy() throws Exception {
        read("{\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"\"}]}");

        assertThat(reader.finished()).isFalse();
        assertThat(reader.begun()).isTrue();
        assertThat(reader.lastPiece().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void readsManyStreamsAtOnceWithFewParsers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int stream = 0; stream < 64; stream++) {
                String word = "w" + stream;
                answers.add(threads.submit(() -> repeated(word)));
            }
            for (int stream = 0; stream < 64; stream++) {
                assertThat(answers.get(stream).get()).isEqualTo(("w" + stream).repeat(500));
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static String repeated(String word) throws OpenAiErrorReply {
        ChatChunkReader own = OpenAiJson.chunkReader("m");
        byte[] event = Json.bytes("{\"id\":\"" + word + "\",\"choices\":[{\"delta\":{\"content\":\"" + word + "\"}}]}");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            LlmResultChunk chunk = own.read(event, 0, event.length);
            assertThat(chunk.id()).isEqualTo(word);
            text.append(chunk.text());
        }
        return text.toString();
    }

    @Test
    void makesLittleGarbagePerPiece() throws Exception {
        // the piece and its text are about 110 bytes; a parser or a tree per event would be a thousand and more
        byte[] event = Json.bytes(
                "{\"id\":\"chatcmpl-D8Z5oo6uDh67AD85p73ksdT1KxhE0\",\"object\":\"chat.completion.chunk\",\"created\":1770933892,"
                        + "\"model\":\"gpt-4.1-nano-2025-04-14\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_de604bd877\","
                        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}],"
                        + "\"usage\":null,\"obfuscation\":\"yhjoJbEF\"}");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            reader.read(event, 0, event.length);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            reader.read(event, 0, event.length);
        }
        long perPiece = (threads.getCurrentThreadAllocatedBytes() - before) / 20_000;

        assertThat(perPiece).isLessThan(400);
    }

    private static String calls(String calls) {
        return "{\"choices\":[{\"delta\":{\"tool_calls\":[" + calls + "]}}]}";
    }

    private LlmResult whole(String... events) throws OpenAiErrorReply {
        LlmResultAccumulator whole = new LlmResultAccumulator();
        for (String event : events) {
            LlmResultChunk chunk = read(event);
            if (chunk != null) {
                whole.add(chunk);
            }
        }
        return whole.result();
    }

    private LlmResultChunk read(String event) throws OpenAiErrorReply {
        byte[] bytes = Json.bytes(event);
        return reader.read(bytes, 0, bytes.length);
    }
}
