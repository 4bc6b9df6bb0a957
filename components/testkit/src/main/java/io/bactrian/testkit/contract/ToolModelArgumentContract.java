package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What becomes of what a model writes as arguments. */
interface ToolModelArgumentContract extends ToolFixture {

    private static String text(ToolObservation observation) {
        assertThat(observation.outcome()).isInstanceOf(ToolOutcome.Success.class);
        return ((ToolOutcome.Success) observation.outcome()).result().text();
    }

    @TestFactory
    @DisplayName(
            "PARSE-05: what a model writes is the value of the only parameter, unless it is the object of the arguments")
    default Stream<DynamicTest> takesTextForTheOnlyParameter() {
        Map<String, String> meant = new LinkedHashMap<>();
        meant.put("plain words", "plain words");
        meant.put("42", "42");
        meant.put("[1", "[1");
        meant.put("\"quoted\"", "quoted");
        meant.put("{\"text\": \"named\"}", "named");
        meant.put("\ufeff{\"text\": \"behind a mark\"}", "behind a mark");
        meant.put("\"{\\\"text\\\": \\\"in a text\\\"}\"", "in a text");
        meant.put("```json\n{\"text\": \"fenced\"}\n```", "fenced");
        return meant.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.getKey().strip(), () -> assertThat(text(asked(ContractTools.WORD, one.getKey())))
                                .isEqualTo(one.getValue())));
    }

    @Test
    default void takesTextForTheOnlyParameterThatIsLeftToTheModel() {
        JsonObject set = JsonObject.builder()
                .put("count", 2)
                .put("color", "red")
                .put("exact", true)
                .put("details", Map.of())
                .put("words", List.of())
                .build();

        ToolObservation observation = asked(ContractTools.ECHO, "just text", set, ToolApproval.AUTO);

        assertThat(observation.outcome()).isInstanceOf(ToolOutcome.Success.class);
        assertThat(play().call().arguments()).isEqualTo(set.with("text", "just text"));
    }

    @TestFactory
    @DisplayName("PARSE-03, PARSE-04, PARSE-05, PARSE-06: arguments that are none are the model's to correct")
    default Stream<DynamicTest> letsAModelCorrectWhatIsWrong() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("text, where there are several parameters", "just text");
        wrong.put("a list", "[\"a\"]");
        wrong.put("a name twice", "{\"text\": \"a\", \"text\": \"b\"}");
        wrong.put("cut off", "{\"text\": \"a\"");
        wrong.put("something behind it", "{\"text\": \"a\"} and more");
        wrong.put("half a character", "{\"text\": \"\\ud800\"}");
        wrong.put("too deep", "{\"text\": \"a\", \"words\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}");
        wrong.put("no number", "{\"text\": \"a\", \"count\": NaN}");
        wrong.put("nothing", "");
        wrong.put("null", "null");
        wrong.put("what does not fit", "{\"text\": \"a\", \"count\": 11}");
        return wrong.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> {
                    ToolObservation observation = asked(ContractTools.ECHO, one.getValue());

                    assertThat(observation.outcome()).isInstanceOfSatisfying(ToolOutcome.ArgumentError.class, error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
                        assertThat(error.message()).contains(ContractTools.ECHO);
                        assertThat(error.meta().error()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
                        assertThat(observation.text()).contains(error.message());
                    });
                    assertThat(play().calls()).isEmpty();
                }));
    }

    @Test
    default void tellsAModelWhatWasIgnored() {
        ToolObservation observation = asked(ContractTools.ECHO, "{\"text\": \"a\", \"user\": \"root\"}");

        assertThat(observation.meta().ignoredArguments()).containsExactly("user");
        assertThat(observation.text()).contains("Ignored").contains("user").doesNotContain("root");
    }
}
