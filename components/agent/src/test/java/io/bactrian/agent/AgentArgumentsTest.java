package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What models write as arguments, and what becomes of it: each has one defined outcome. (PARSE-05) */
class AgentArgumentsTest extends AgentTestBase {

    @BeforeEach
    void declareTools() {
        tools.add(
                ToolEntity.of("tests", "one", "Takes one text")
                        .parameter(ToolParameter.llm("q", ToolParameterType.STRING, "a text")
                                .required()),
                (arguments, runtime) ->
                        ToolStream.ofText("got " + arguments.values().members()));
        tools.add(
                ToolEntity.of("tests", "object", "Takes one object")
                        .parameter(ToolParameter.llm("data", ToolParameterType.OBJECT, "an object")
                                .required()),
                (arguments, runtime) ->
                        ToolStream.ofText("got " + arguments.values().members()));
        tools.add(
                ToolEntity.of("tests", "two", "Takes a text and a number")
                        .parameter(ToolParameter.llm("q", ToolParameterType.STRING, "a text")
                                .required())
                        .parameter(ToolParameter.llm("n", ToolParameterType.NUMBER, "a number")
                                .whole()),
                (arguments, runtime) ->
                        ToolStream.ofText("got " + arguments.values().members()));
        tools.add(
                ToolEntity.of("tests", "none", "Takes nothing"),
                (arguments, runtime) ->
                        ToolStream.ofText("got " + arguments.values().members()));
    }

    private AgentResult call(String tool, String written) {
        model.call(tool, written).reply("done");
        start();
        return ask(WITH_TOOLS, "go");
    }

    static Stream<Arguments> understood() {
        return Stream.of(
                Arguments.of("two", "{\"q\":\"x\",\"n\":5}", "{q=JsonString[value=x], n=JsonNumber[value=5]}"),
                Arguments.of("two", " \n{\"q\":\"x\"}\t", "{q=JsonString[value=x]}"),
                Arguments.of("two", "\ufeff{\"q\":\"x\"}", "{q=JsonString[value=x]}"),
                Arguments.of("two", "\"{\\\"q\\\":\\\"x\\\"}\"", "{q=JsonString[value=x]}"),
                Arguments.of("two", "```json\n{\"q\":\"x\"}\n```", "{q=JsonString[value=x]}"),
                Arguments.of("two", "```\n{\"q\":\"x\"}```", "{q=JsonString[value=x]}"),
                Arguments.of("one", "plain words", "{q=JsonString[value=plain words]}"),
                Arguments.of("one", "\"quoted words\"", "{q=JsonString[value=quoted words]}"),
                Arguments.of("one", "[URGENT] words", "{q=JsonString[value=[URGENT] words]}"),
                Arguments.of("one", "```python\nprint(1)\n```", "{q=JsonString[value=```python\nprint(1)\n```]}"),
                Arguments.of("one", "{\"q\":\"{\\\"a\\\":1}\"}", "{q=JsonString[value={\"a\":1}]}"),
                Arguments.of("object", "{\"a\":1}", "{data=JsonObject[members={a=JsonNumber[value=1]}]}"),
                Arguments.of("object", "{\"data\":{\"a\":1}}", "{data=JsonObject[members={a=JsonNumber[value=1]}]}"),
                Arguments.of("none", "", "{}"),
                Arguments.of("none", " ", "{}"),
                Arguments.of("none", "{}", "{}"),
                Arguments.of("none", "null", "{}"),
                Arguments.of("none", "\ufeff", "{}"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("understood")
    void areUnderstoodInEachWayThatModelsWriteThem(String tool, String written, String bound) {
        AgentResult result = call(tool, written);

        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.Success.class);
        assertThat(observations().get(0)).contains("got " + bound);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("two", "{\"q\":\"x\"", "have to be a JSON object: the JSON is not valid"),
                Arguments.of("two", "{\"q\":\"x\"} and more", "have to be a JSON object: the JSON"),
                Arguments.of("two", "{\"q\":\"x\",\"q\":\"y\"}", "has a name twice"),
                Arguments.of("two", "{\"q\":\"\\ud83d\"}", "surrogate"),
                Arguments.of("two", "{'q':'x'}", "have to be a JSON object"),
                Arguments.of("one", "{\"q\":\"x\"", "have to be a JSON object"),
                Arguments.of("two", "words", "have to be a JSON object"),
                Arguments.of("two", "[1,2]", "have to be a JSON object"),
                Arguments.of("two", "7", "have to be a JSON object"),
                Arguments.of("none", "words", "have to be a JSON object"),
                Arguments.of("two", "{\"n\":1}", "q is missing"),
                Arguments.of("two", "{\"q\":null}", "q is null"),
                Arguments.of("two", "null", "q is missing"),
                Arguments.of("two", "{\"q\":\"x\",\"n\":\"many\"}", "n "),
                Arguments.of("two", "{\"q\":\"x\",\"n\":1e400}", "number"),
                Arguments.of("two", "{\"q\":\"x\",\"n\":1.5}", "n "),
                Arguments.of("two", "[".repeat(10_000), "have to be a JSON object"),
                Arguments.of("two", "{\"q\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}", "limits"));
    }

    @ParameterizedTest
    @DisplayName("PARSE-02 to PARSE-06: what is wrong is told to the model, which corrects it; nothing of it is quoted")
    @MethodSource("refused")
    void areRefusedWithAReasonThatTheModelCanUse(String tool, String written, String reason) {
        AgentResult result = call(tool, written);

        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.ArgumentError.class);
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(observations().get(0))
                .contains("did not succeed")
                .contains(reason)
                .hasSizeLessThan(700);
        assertThat(tools.calls).isEmpty();
        assertThat(result.text()).isEqualTo("done");
    }

    @ParameterizedTest
    @DisplayName("PARSE-08: text that looks like an expression or a placeholder stays what it is")
    @ValueSource(
            strings = {"${body}", "{{sys:user.home}}", "#{7*7}", "' OR 1=1 --", "$simple{date:now:yyyy}", "*)(uid=*"})
    void areNeverEvaluated(String text) {
        AgentResult result = call("one", "{\"q\":\"" + text + "\"}");

        assertThat(result.status()).isEqualTo(AgentResult.Status.ANSWERED);
        assertThat(tools.calls.get(0).arguments().text("q")).isEqualTo(text);
        assertThat(observations().get(0)).contains(text);
    }

    @Test
    void areKeptAsTheModelWroteThemInWhatItReadsOfItself() {
        call("two", "{\"q\":\"x\"");

        assertThat(lastAsked().messages().get(1).toString()).contains("{\"q\":\"x\"");
    }
}
