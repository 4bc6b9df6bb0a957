package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What arguments a tool gets, and which it is never asked with. */
interface ToolArgumentContract extends ToolFixture {

    private static JsonObject with(String name, Object value) {
        return JsonObject.of("text", "a").with(name, value);
    }

    private JsonObject got(JsonObject arguments) {
        call(ContractTools.ECHO, arguments);
        List<ContractPlay.Call> calls = play().calls();
        return calls.get(calls.size() - 1).arguments();
    }

    @TestFactory
    @DisplayName("PARSE-02, PARSE-06: what does not fit is refused with its name, and the tool is not asked")
    default Stream<DynamicTest> refusesWhatDoesNotFit() {
        Map<String, JsonObject> wrong = new LinkedHashMap<>();
        wrong.put("text: nothing", JsonObject.EMPTY);
        wrong.put("text: null", new JsonObject(Map.of("text", JsonNull.NULL)));
        wrong.put("text: an object", JsonObject.of("text", Map.of("a", 1)));
        wrong.put("text: a list", JsonObject.of("text", List.of("a")));
        wrong.put("count: a word", with("count", "many"));
        wrong.put("count: an empty text", with("count", ""));
        wrong.put("count: not a number", with("count", "NaN"));
        wrong.put("count: a fraction", with("count", new BigDecimal("1.5")));
        wrong.put("count: too small", with("count", 0));
        wrong.put("count: too great", with("count", 11));
        wrong.put("count: greater than an int", with("count", 5_000_000_000L));
        wrong.put("count: 1e400", with("count", new BigDecimal("1e400")));
        wrong.put("count: a thousand digits", with("count", new BigDecimal("1".repeat(1_000))));
        wrong.put("count: a list", with("count", List.of(1)));
        wrong.put("count: a truth value", with("count", true));
        wrong.put("color: none of the choices", with("color", "blue"));
        wrong.put("color: of other capitals", with("color", "RED"));
        wrong.put("exact: perhaps", with("exact", "maybe"));
        wrong.put("exact: an empty text", with("exact", ""));
        wrong.put("exact: two", with("exact", 2));
        wrong.put("details: a text", with("details", "plenty"));
        wrong.put("details: a list", with("details", List.of(1)));
        wrong.put("details: broken JSON", with("details", "{\"a\": "));
        wrong.put("words: a text", with("words", "one"));
        wrong.put("words: an object", with("words", Map.of("a", 1)));
        return wrong.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> {
                    InvokeException error =
                            refused(ErrorCode.TOOL_PARAMETERS_INVALID, () -> call(ContractTools.ECHO, one.getValue()));
                    assertThat(error)
                            .hasMessageContaining(
                                    one.getKey().substring(0, one.getKey().indexOf(':')));
                    assertThat(error.retriable()).isFalse();
                    assertThat(play().calls()).isEmpty();
                }));
    }

    @Test
    default void tellsEverythingThatIsWrongAtOnce() {
        InvokeException error = refused(
                ErrorCode.TOOL_PARAMETERS_INVALID,
                () -> call(ContractTools.ECHO, JsonObject.of("count", 11, "color", "blue")));

        assertThat(error)
                .hasMessageContaining("text is missing")
                .hasMessageContaining("count")
                .hasMessageContaining("color")
                .hasMessageContaining(ContractTools.ECHO);
    }

    @TestFactory
    @DisplayName("PARSE-02: what can be taken for what is declared without loss is taken so")
    default Stream<DynamicTest> takesWhatMeansTheSame() {
        Map<JsonObject, Object> same = new LinkedHashMap<>();
        same.put(with("count", "5"), 5);
        same.put(with("count", new BigDecimal("5.0")), 5);
        same.put(with("exact", "yes"), true);
        same.put(with("exact", "FALSE"), false);
        same.put(with("exact", 0), false);
        same.put(with("details", "{\"a\": [1]}"), Map.of("a", List.of(1)));
        same.put(with("words", "[\"a\", \"b\"]"), List.of("a", "b"));
        same.put(with("color", "green"), "green");
        return same.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey().toString(), () -> {
                    String name = one.getKey().names().stream()
                            .filter(given -> !given.equals("text"))
                            .findFirst()
                            .orElseThrow();
                    assertThat(got(one.getKey()).find(name))
                            .contains(JsonObject.of(name, one.getValue())
                                    .members()
                                    .get(name));
                }));
    }

    @Test
    default void bringsStructureAsItIs() {
        JsonObject arguments = JsonObject.builder()
                .put("text", "Grüße, 世界 \ud83d\udc2b\n\t\"'\\")
                .put("count", 10)
                .put("color", "red")
                .put("exact", true)
                .put("details", Map.of("a", List.of(1, Map.of("b", new BigDecimal("0.1"))), "c", ""))
                .put("words", List.of("", "two words"))
                .build();

        ToolResult result = call(ContractTools.ECHO, arguments);

        assertThat(play().call().arguments()).isEqualTo(arguments);
        assertThat(result.object()).isEqualTo(arguments);
        assertThat(result.meta().ignoredArguments()).isEmpty();
    }

    @Test
    @DisplayName("PARSE-06: what is not given has its default or is not there: never null, an empty object or true")
    default void putsInDefaultsAndNothingElse() {
        JsonObject filled = JsonObject.of("text", "a", "count", 3);

        assertThat(got(JsonObject.of("text", "a"))).isEqualTo(filled);
        assertThat(got(JsonObject.builder()
                        .put("text", "a")
                        .put("count", null)
                        .put("color", null)
                        .put("exact", null)
                        .put("details", null)
                        .put("words", null)
                        .build()))
                .isEqualTo(filled);
        assertThat(got(with("exact", false)).find("exact").orElseThrow().toJava())
                .isEqualTo(false);
        assertThat(got(JsonObject.of("text", "")).findText("text")).contains("");
    }

    @Test
    @DisplayName("HDR-09: what is no parameter is named in the meta data, and the tool does not get it")
    default void namesWhatIsNoParameterAndDoesNotPassItOn() {
        ToolResult result = call(
                ContractTools.ECHO,
                JsonObject.builder()
                        .put("text", "a")
                        .put("CamelHttpUri", "http://evil")
                        .put("tenant", "globex")
                        .put("a\u202eb", 1)
                        .build());

        assertThat(play().call().arguments()).isEqualTo(JsonObject.of("text", "a", "count", 3));
        assertThat(result.object()).isEqualTo(JsonObject.of("text", "a", "count", 3));
        assertThat(result.meta().ignoredArguments())
                .containsExactly("CamelHttpUri", "tenant", "(a name that cannot be shown)");
    }

    private ToolResult callWith(ToolInvokeFrom from, JsonObject arguments, JsonObject formValues) {
        ToolRequest request = ToolRequest.of(arguments, formValues, from);
        return engine().toolEngine()
                .workflowInvoke(
                        Invocation.of(
                                ToolFixture.claim(),
                                new InvocationTarget.Tool(address(ContractTools.ECHO), null),
                                request),
                        ToolCallback.NONE);
    }

    @Test
    default void letsFormValuesWin() {
        JsonObject given = JsonObject.of("text", "theirs", "count", 2);
        JsonObject set = JsonObject.of("text", "ours", "count", "7");
        for (ToolInvokeFrom from : ToolInvokeFrom.values()) {
            ToolResult result = callWith(from, given, set);

            assertThat(result.object()).as("%s", from).isEqualTo(JsonObject.of("text", "ours", "count", 7));
            assertThat(result.meta().ignoredArguments()).containsExactly("text", "count");
        }
    }

    @Test
    default void holdsFormValuesToTheDeclarationToo() {
        InvokeException error = refused(
                ErrorCode.TOOL_PARAMETERS_INVALID,
                () -> callWith(ToolInvokeFrom.WORKFLOW, JsonObject.of("text", "a"), JsonObject.of("count", 11)));

        assertThat(error).hasMessageContaining("count");
        assertThat(play().calls()).isEmpty();
    }

    @Test
    @DisplayName(
            "a parameter that is not the model's to give is the route's and the author's, and a model cannot set it")
    default void keepsFormParametersFromModels() {
        if (!can(ToolCapability.FORM_PARAMETERS)) {
            assertThat(tool(ContractTools.ECHO).entity().parameters())
                    .allMatch(parameter -> parameter.form() == ToolParameterForm.LLM);
            return;
        }
        JsonObject given = with(ContractTools.FORM, "slow");
        JsonObject without = JsonObject.of("text", "a", "count", 3);

        assertThat(callWith(ToolInvokeFrom.WORKFLOW, given, JsonObject.EMPTY).object())
                .isEqualTo(without.with(ContractTools.FORM, "slow"));
        ToolResult byModel = callWith(ToolInvokeFrom.AGENT, given, JsonObject.EMPTY);
        assertThat(byModel.object()).isEqualTo(without);
        assertThat(byModel.meta().ignoredArguments()).containsExactly(ContractTools.FORM);
        assertThat(callWith(ToolInvokeFrom.AGENT, given, JsonObject.of(ContractTools.FORM, "fast"))
                        .object())
                .isEqualTo(without.with(ContractTools.FORM, "fast"));
    }

    @TestFactory
    @DisplayName("PARSE-08: nothing in an argument is evaluated")
    default Stream<DynamicTest> neverEvaluatesArguments() {
        return Stream.of(
                        "${exchangeProperty.BactrianTenant}",
                        "$simple{body}",
                        "{{env:HOME}}",
                        "{{prompt:x}}",
                        "#{1+1}",
                        "%{1+1}",
                        "' OR 1=1 --",
                        "*)(uid=*))(|(uid=*",
                        "${bean:x}",
                        "${jndi:ldap://127.0.0.1/x}",
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
                        "a\r\nHost: evil")
                .map(evil -> DynamicTest.dynamicTest(evil.strip(), () -> {
                    JsonObject arguments = with("details", Map.of("deep", evil)).with("text", evil);
                    JsonObject expected = arguments.with("count", 3);

                    assertThat(call(ContractTools.ECHO, arguments).object()).isEqualTo(expected);
                    assertThat(got(arguments)).isEqualTo(expected);
                }));
    }
}
