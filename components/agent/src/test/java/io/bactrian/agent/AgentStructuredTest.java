package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.ResponseFormat;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that have to have a form. */
class AgentStructuredTest extends AgentTestBase {

    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"],"
                    + "\"additionalProperties\":false}";
    private static final String STRUCTURED = AGENT + "&jsonSchema=RAW(" + SCHEMA + ")";

    @Test
    void givesAnAnswerThatHasItsForm() {
        model.reply("{\"city\":\"Oslo\"}");
        start();

        AgentResult result = ask(STRUCTURED, "where?");

        assertThat(result.text()).isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(asked(0).responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(((ResponseFormat.JsonSchema) asked(0).responseFormat()).strict())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"```json\n{\"city\":\"Oslo\"}\n```", "```\n{\"city\":\"Oslo\"}```", " {\"city\":\"Oslo\"}\n"})
    void takesTheJsonOutOfItsFence(String answer) {
        model.reply(answer);
        start();

        assertThat(ask(STRUCTURED, "where?").text()).isEqualTo("{\"city\":\"Oslo\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"In Oslo.", "{\"town\":\"Oslo\"}", "{\"city\":7}", "", "[]"})
    void tellsTheModelOnceWhatIsWrong(String answer) {
        model.reply(answer).reply("{\"city\":\"Oslo\"}");
        start();

        AgentResult result = ask(STRUCTURED, "where?");

        assertThat(result.text()).isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(result.steps()).hasSize(2);
        assertThat(lastAsked().messages()).extracting(PromptMessage::role).containsExactly("user", "assistant", "user");
        assertThat(lastAsked().messages().get(2).text())
                .contains("does not have the form")
                .doesNotContain("Oslo");
    }

    @Test
    void failsIfTheModelMissesItAgain() {
        model.reply("In Oslo.").reply("In Oslo, I said.");
        start();

        InvokeException error = refused(STRUCTURED, "where?");

        assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(error)
                .hasMessageContaining("jsonSchema")
                .hasMessageContaining("it is no JSON")
                .hasMessageNotContaining("Oslo");
        assertThat(model.asked()).hasSize(2);
    }

    @Test
    void mayCallToolsBeforeAndBetween() {
        tools.text("city", "find", (what, runtime) -> "Oslo");
        model.call("find", "{}").reply("Oslo!").call("find", "{}").reply("{\"city\":\"Oslo\"}");
        start();

        assertThat(ask(STRUCTURED + "&tools=*", "where?").text()).isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(tools.calls).hasSize(2);
    }

    @Test
    @DisplayName("What was said to get the form right is no part of the conversation")
    void doesNotRememberAnAnswerThatMissedItsForm() {
        model.reply("In Oslo.").reply("{\"city\":\"Oslo\"}").reply("{\"city\":\"Bergen\"}");
        start();
        ask(STRUCTURED, "where?", in("one"));

        ask(STRUCTURED, "and then?", in("one"));

        assertThat(lastAsked().messages())
                .extracting(PromptMessage::text)
                .containsExactly("where?", "{\"city\":\"Oslo\"}", "and then?");
    }

    @Test
    void isReadByARouteAsAMap() throws Exception {
        model.reply("{\"city\":\"Oslo\"}");
        start();

        AgentResult result = ask(STRUCTURED, "where?");
        Map<?, ?> map = context.getTypeConverter().convertTo(Map.class, result);

        assertThat(map.get("status")).isEqualTo("answered");
        assertThat(map.get("answer")).isEqualTo("{\"city\":\"Oslo\"}");
    }
}
