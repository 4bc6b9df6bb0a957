package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolParameterOption;
import io.bactrian.core.tool.ToolParameterType;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of parameters. */
class CompactParameterTest {

    @ParameterizedTest
    @CsvSource({
        "string, STRING",
        "number, NUMBER",
        "integer, NUMBER",
        "boolean, BOOLEAN",
        "date, DATE",
        "file, FILE",
        "files, FILES",
        "object, OBJECT",
        "array, ARRAY"
    })
    void readsEachType(String written, ToolParameterType type) {
        ToolParameter parameter = CompactParameter.parse("x", written);

        assertThat(parameter.type()).isEqualTo(type);
        assertThat(parameter.required()).isFalse();
        assertThat(parameter.llmDescription()).isEmpty();
        assertThat(parameter.precision()).isEqualTo(written.equals("integer") ? 0 : null);
    }

    @Test
    void readsFlagsAndDescription() {
        ToolParameter parameter = CompactParameter.parse("order_id", "string,required:The order number");

        assertThat(parameter.required()).isTrue();
        assertThat(parameter.form()).isEqualTo(ToolParameterForm.LLM);
        assertThat(parameter.llmDescription()).isEqualTo("The order number");
        assertThat(CompactParameter.parse("currency", "string,form").form()).isEqualTo(ToolParameterForm.FORM);
    }

    @Test
    void leavesADescriptionAsItIs() {
        ToolParameter parameter = CompactParameter.parse("at", "string : The time, as hh:mm, \"quoted\", (or not)");

        assertThat(parameter.llmDescription()).isEqualTo("The time, as hh:mm, \"quoted\", (or not)");
        assertThat(CompactParameter.parse("x", "string: ").llmDescription()).isEmpty();
    }

    @Test
    @DisplayName("PARSE-08: a description is never evaluated")
    void leavesExpressionsInADescription() {
        assertThat(CompactParameter.parse("x", "string:${body} #{1+1} {{env:HOME}}")
                        .llmDescription())
                .isEqualTo("${body} #{1+1} {{env:HOME}}");
    }

    @Test
    void readsOptions() {
        ToolParameter parameter =
                CompactParameter.parse("size", "select(small | very large|x:y),default=small:The size");

        assertThat(parameter.options())
                .extracting(ToolParameterOption::value)
                .containsExactly("small", "very large", "x:y");
        assertThat(parameter.defaultValue()).isEqualTo(new JsonString("small"));
        assertThat(parameter.llmDescription()).isEqualTo("The size");
    }

    @Test
    void readsDefaults() {
        assertThat(CompactParameter.parse("n", "integer,default=5").defaultValue())
                .isEqualTo(JsonNumber.of(5));
        assertThat(CompactParameter.parse("t", "string,default= a b ,required:x")
                        .defaultValue())
                .isEqualTo(new JsonString("a b"));
        assertThat(CompactParameter.parse("t", "string,default=\"a, b: \\\"c\\\" \\\\ d\" , required:x")
                        .defaultValue())
                .isEqualTo(new JsonString("a, b: \"c\" \\ d"));
        assertThat(CompactParameter.parse("t", "string,default=").defaultValue())
                .isEqualTo(new JsonString(""));
    }

    @Test
    void readsAList() {
        for (String list : List.of(
                "a=string,required:The first; or so;b_1=select(x|y),default=x:Or z=1; c.d=integer;",
                "a=string,required:The first; or so\nb_1=select(x|y),default=x:Or z=1\n\n  c.d = integer\n")) {
            List<ToolParameter> parameters = CompactParameter.parseAll(list);

            assertThat(parameters).extracting(ToolParameter::name).containsExactly("a", "b_1", "c.d");
            assertThat(parameters)
                    .extracting(ToolParameter::llmDescription)
                    .containsExactly("The first; or so", "Or z=1", "");
        }
        assertThatThrownBy(() -> CompactParameter.parseAll("a=string;b=text"))
                .hasMessageContaining("parameter 2: TYPE is");
        assertThatThrownBy(() -> CompactParameter.parseAll("a=string;Host=string"))
                .hasMessageContaining("'Host'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "String",
                "string,needed",
                "string,",
                "string required",
                "string,default",
                "string,default=\"open",
                "string,default=\"a\"b",
                "string(a|b)",
                "select",
                "select()",
                "select(a||b)",
                "select(a",
                "number,default=five",
                "file,default=abc",
                "integer,default=1,,required"
            })
    void refusesWhatIsNotWrittenSo(String written) {
        assertThatThrownBy(() -> CompactParameter.parse("x", written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("needed")
                .hasMessageNotContaining("five");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "host",
                "CamelHttpUri",
                "camelFileName",
                "BactrianTenant",
                "Cookie",
                "a b",
                "a:b",
                "1a"
            })
    @DisplayName("HDR-10: no parameter is named like what steers the transport")
    void refusesNamesOfTheTransport(String name) {
        assertThatThrownBy(() -> CompactParameter.parse(name, "string")).isInstanceOf(IllegalArgumentException.class);
    }
}
