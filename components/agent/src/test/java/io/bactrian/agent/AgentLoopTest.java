package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolStream;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A run from its question to its answer, a call at a time. */
class AgentLoopTest extends AgentTestBase {

    @Test
    void answersWithoutATool() {
        model.reply("Good day.");
        start();

        AgentResult result = ask(AGENT, "hello");

        assertThat(result.status()).isEqualTo(AgentResult.Status.ANSWERED);
        assertThat(result.text()).isEqualTo("Good day.");
        assertThat(result.steps()).hasSize(1);
        assertThat(result.steps().get(0).calls()).isEmpty();
        assertThat(asked(0).tools()).isEmpty();
        assertThat(asked(0).messages()).containsExactly(new PromptMessage.User("hello"));
    }

    @Test
    void callsAToolAndAnswersWithWhatItSays() {
        tools.text("city", "weather", (what, runtime) -> "Rain in " + what);
        model.call("weather", "{\"what\":\"Oslo\"}").reply("Take an umbrella.");
        start();

        AgentResult result = ask(WITH_TOOLS, "What about Oslo?");

        assertThat(result.text()).isEqualTo("Take an umbrella.");
        assertThat(result.steps()).hasSize(2);
        AgentStep.ToolStep call = result.steps().get(0).calls().get(0);
        assertThat(call.tool()).isEqualTo("weather");
        assertThat(call.address()).isEqualTo("tool-builtin:city/weather");
        assertThat(call.arguments()).isEqualTo("{\"what\":\"Oslo\"}");
        assertThat(call.observation().outcome()).isInstanceOf(ToolOutcome.Success.class);
        assertThat(observations())
                .containsExactly("<tool_output tool=\"tool-builtin:city/weather\" trust=\"untrusted\">\nRain in Oslo\n"
                        + "</tool_output>");
        assertThat(lastAsked().messages()).extracting(PromptMessage::role).containsExactly("user", "assistant", "tool");
    }

    @Test
    void takesSeveralTurns() {
        tools.text("city", "weather", (what, runtime) -> "Rain in " + what);
        model.call("weather", "{\"what\":\"Oslo\"}")
                .call("weather", "{\"what\":\"Bergen\"}")
                .call("weather", "{\"what\":\"Molde\"}")
                .reply("Rain everywhere.");
        start();

        AgentResult result = ask(WITH_TOOLS, "What about Norway?");

        assertThat(result.text()).isEqualTo("Rain everywhere.");
        assertThat(result.steps()).hasSize(4);
        assertThat(tools.callsOf("weather"))
                .extracting(call -> call.arguments().text("what"))
                .containsExactly("Oslo", "Bergen", "Molde");
        assertThat(lastAsked().messages())
                .extracting(PromptMessage::role)
                .containsExactly("user", "assistant", "tool", "assistant", "tool", "assistant", "tool");
    }

    @Test
    void saysOnTheMessageWhatCameOfTheRun() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("Take an umbrella.");
        start();

        Exchange answered = send(WITH_TOOLS, "Oslo?", exchange -> exchange.getMessage()
                .setHeader(AgentConstants.APPROVALS, "of an earlier run"));

        assertThat(answered.getMessage().getHeaders())
                .containsEntry(AgentConstants.STATUS, "answered")
                .containsEntry(AgentConstants.STEPS, 2)
                .containsEntry(AgentConstants.TOOL_CALLS, 1)
                .containsKey(AgentConstants.REQUEST_ID)
                .containsKey(AgentConstants.USAGE_TOTAL_TOKENS)
                .doesNotContainKey(AgentConstants.APPROVALS);
    }

    @Test
    void putsInstructionsBeforeWhatIsAskedAndOptionsOverTheBody() {
        model.reply("Yes.");
        start();

        ask(
                AGENT + "&systemMessage=Be brief.&temperature=0.1&param.top_k=4",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"temperature\":0.9,\"top_p\":0.5}");

        assertThat(asked(0).messages())
                .containsExactly(new PromptMessage.System("Be brief."), new PromptMessage.User("hello"));
        assertThat(asked(0).parameters().values()).containsOnlyKeys("temperature", "top_p", "top_k");
        assertThat(asked(0).parameters().find("temperature").orElseThrow().toString())
                .contains("0.1");
    }

    @Test
    void asksTheDefaultModelIfNoneIsNamed() {
        model.reply("Yes.");
        start();

        ask("agent:helper", "hello");

        assertThat(model.lastAsked().target().model()).isEqualTo("gpt-4o-mini");
    }

    @Test
    @DisplayName("PARSE-05: malformed arguments are told to the model, which corrects them; the run goes on")
    void letsTheModelCorrectMalformedArguments() {
        tools.text("city", "weather", (what, runtime) -> "Rain in " + what);
        model.call("weather", "{\"what\":\"Oslo\"")
                .call("weather", "{\"what\":\"Oslo\"}")
                .reply("Rain.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Oslo?");

        assertThat(result.text()).isEqualTo("Rain.");
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.ArgumentError.class);
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(asked(1).messages().get(2).text())
                .contains("did not succeed")
                .contains("have to be a JSON object")
                .doesNotContain("Oslo");
        assertThat(tools.calls).hasSize(1);
    }

    @Test
    void tellsTheModelThatThereIsNoSuchToolAndWhichThereAre() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("wether", "{}").reply("Never mind.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Oslo?");

        assertThat(result.text()).isEqualTo("Never mind.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        assertThat(observations().get(0)).contains("there is no such tool").contains("weather");
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void tellsOfSoManyToolsAndHowManyMoreThereAre() {
        for (int i = 0; i < 70; i++) {
            tools.text("many", "tool" + i, (what, runtime) -> "x");
        }
        model.call("rocket", "{}").reply("I cannot.");
        start();

        ask(WITH_TOOLS, "go");

        assertThat(observations().get(0))
                .contains("there is no such tool; there are: ")
                .containsPattern(" and \\d+ more");
    }

    @Test
    void tellsTheModelWhatAToolCouldNotDo() {
        tools.text("city", "weather", (what, runtime) -> {
            throw ToolErrors.failed("there is no station in " + what);
        });
        model.call("weather", "{\"what\":\"Oslo\"}").reply("Nobody knows.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Oslo?");

        assertThat(result.text()).isEqualTo("Nobody knows.");
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.ExecutionError.class);
        assertThat(observations().get(0)).contains("there is no station in Oslo");
    }

    @Test
    void tellsTheModelThatAnArgumentWasWrongWhenTheToolSaysSo() {
        tools.text("city", "weather", (what, runtime) -> {
            throw ToolErrors.argument("what: there is no city '" + what + "'");
        });
        model.call("weather", "{\"what\":\"Olso\"}").reply("A typo.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Olso?");

        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.ArgumentError.class);
    }

    @Test
    @DisplayName("A tool that recurses for ever has failed, and its run goes on")
    void survivesAStackOverflow() {
        tools.text("city", "weather", (what, runtime) -> forEver(1));
        model.call("weather", "{}").reply("Too deep.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Oslo?");

        assertThat(result.text()).isEqualTo("Too deep.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
    }

    private static String forEver(int n) {
        return n + forEver(n + 1);
    }

    @Test
    @DisplayName("Servers that give calls no ids, or all the same, get them back each with its own")
    void givesCallsIdsOfTheirOwn() {
        tools.text("city", "weather", (what, runtime) -> "Rain in " + what);
        model.calls(
                        call("", "weather", "{\"what\":\"Oslo\"}"),
                        call("same", "weather", "{\"what\":\"Bergen\"}"),
                        call("same", "weather", "{\"what\":\"Molde\"}"),
                        call(" ", "weather", "{\"what\":\"Voss\"}"))
                .reply("Rain.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Norway?");

        List<String> ids = result.steps().get(0).calls().stream()
                .map(AgentStep.ToolStep::callId)
                .toList();
        assertThat(ids).hasSize(4).doesNotHaveDuplicates().noneMatch(String::isBlank);
        assertThat(lastAsked().messages().stream()
                        .filter(PromptMessage.Tool.class::isInstance)
                        .map(message -> ((PromptMessage.Tool) message).toolCallId()))
                .containsExactlyElementsOf(ids);
        assertThat(((PromptMessage.Assistant) lastAsked().messages().get(1)).toolCalls())
                .extracting(PromptMessage.ToolCall::id)
                .containsExactlyElementsOf(ids);
        assertThat(observations().get(2)).contains("Rain in Molde");
    }

    @Test
    void refusesToMakeThousandsOfCallsInOneTurn() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.calls(IntStream.range(0, ToolCalls.MOST + 3)
                        .mapToObj(i -> call("c" + i, "weather", "{}"))
                        .toArray(PromptMessage.ToolCall[]::new))
                .reply("Enough.");
        start();

        AgentResult result = ask(WITH_TOOLS, "all of them");

        assertThat(tools.calls).hasSize(ToolCalls.MOST);
        assertThat(codeOf(result, 0, ToolCalls.MOST)).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(result.text()).isEqualTo("Enough.");
    }

    @Test
    void knowsNoUsageWhereTheProviderSaysNone() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.withoutUsage().call("weather", "{}").reply("Rain.");
        start();

        Exchange answered = send(WITH_TOOLS, "Oslo?", exchange -> {});

        AgentResult result = answered.getMessage().getBody(AgentResult.class);
        assertThat(result.usage()).isNull();
        assertThat(result.price()).isNull();
        assertThat(answered.getMessage().getHeaders()).doesNotContainKey(AgentConstants.USAGE_TOTAL_TOKENS);
        assertThat(result.steps()).extracting(AgentStep::usage).containsOnlyNulls();
    }

    @Test
    void addsUpWhatAllTurnsUsed() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("one two three");
        start();

        AgentResult result = ask(WITH_TOOLS, "one two");

        long sum = result.steps().stream()
                .mapToLong(step -> step.usage().totalTokens())
                .sum();
        assertThat(result.usage().totalTokens()).isEqualTo(sum).isGreaterThan(5);
        assertThat(result.usage().completionTokens()).isEqualTo(3);
        assertThat(result.price()).as("the model's price is not known").isNull();
    }

    @Test
    void passesOnWhatTheModelFailsWith() {
        model.fail(new UnavailableException(ErrorCode.OVERLOADED, "too much going on"));
        start();

        assertThat(refused(AGENT, "hello").code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void keepsTheOrderOfVariablesAndFilesInWhatTheModelReads() {
        tools.add(
                TestTools.taking("data", "table"),
                (arguments, runtime) -> ToolStream.of(
                        new ToolInvokeMessage.Variable("zeta", JsonValue.of(1), false),
                        new ToolInvokeMessage.Variable("alpha", JsonValue.of(2), false),
                        new ToolInvokeMessage.Blob(
                                new byte[] {1, 2, 3}, new ToolInvokeMessage.Meta("text/csv", "rows.csv"))));
        model.call("table", "{}").reply("done");
        start();

        AgentResult result = ask(WITH_TOOLS, "the table");

        String observation = observations().get(0);
        assertThat(observation).contains("zeta: 1\nalpha: 2\n</tool_output>");
        String behind = observation.substring(observation.indexOf("</tool_output>"));
        assertThat(behind).contains("'rows.csv'").contains("file id ");
        assertThat(result.steps().get(0).calls().get(0).observation().files()).hasSize(1);
    }

    @Test
    @DisplayName("The question of a caller keeps its own form and stop texts in every turn")
    void keepsWhatTheBodySaysOfTheAnswer() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("{}");
        start();

        ask(
                WITH_TOOLS,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stop\":[\"END\"],"
                        + "\"response_format\":{\"type\":\"json_object\"},\"user\":\"ann\"}");

        for (int turn : new int[] {0, 1}) {
            LlmRequest request = asked(turn);
            assertThat(request.stop()).containsExactly("END");
            assertThat(request.responseFormat()).isNotNull();
            assertThat(request.user()).isEqualTo("ann");
        }
    }
}
