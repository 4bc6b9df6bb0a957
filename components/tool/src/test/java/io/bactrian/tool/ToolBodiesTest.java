package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.json.JsonMappers;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand on the body, before the call and after. */
class ToolBodiesTest extends ToolTestBase {

    private static final String SUM_JSON = "{\"a\": 1, \"b\": \"2\", \"round\": \"yes\"}";

    @BeforeEach
    void startContext() {
        start();
    }

    static Stream<Object> arguments() throws Exception {
        byte[] bytes = SUM_JSON.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                SUM_JSON,
                "\n " + SUM_JSON,
                new StringBuilder(SUM_JSON),
                bytes,
                new ByteArrayInputStream(bytes),
                new StringReader(SUM_JSON),
                ByteBuffer.wrap(bytes),
                Map.of("a", 1, "b", "2", "round", "yes"),
                JsonObject.of(Map.of("a", 1, "b", "2", "round", "yes")),
                JsonMappers.shared().readTree(SUM_JSON));
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void argumentsByName(Object body) {
        assertThat(ask(ADD, body).text()).isEqualTo("3");
        assertThat(tools.lastCall().arguments().flag("round")).isTrue();
    }

    @Test
    void filesAreRead(@TempDir Path folder) throws Exception {
        Path json = Files.writeString(folder.resolve("sum.json"), SUM_JSON);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder.resolve("in") + "?initialDelay=0&delay=50&charset=UTF-8")
                        .to(ADD)
                        .to("mock:file");
            }
        });
        Files.createDirectories(folder.resolve("in"));
        Files.copy(json, folder.resolve("in/sum.json"));
        mock("file").expectedMessageCount(1);

        mock("file").assertIsSatisfied();
        assertThat(ask(ADD, json.toFile()).text()).isEqualTo("3");
        assertThat(ask(ADD, json).text()).isEqualTo("3");
    }

    @ParameterizedTest
    @DisplayName("plain text is the value of the one parameter, as it is, whatever it looks like")
    @ValueSource(
            strings = {
                "hello",
                " spaced ",
                "007",
                "1e5",
                "1.10",
                "true",
                "null",
                "\"quoted\"",
                "[1,2]",
                "{ not JSON",
                "[",
                "ünï 模",
                " "
            })
    void plainText(String text) {
        assertThat(ask(ECHO, text).text()).isEqualTo("you said: " + text);
        assertThat(ask(ECHO, text.getBytes(StandardCharsets.UTF_8)).text()).isEqualTo("you said: " + text);
    }

    @Test
    void anObjectIsTheArgumentsByNameEvenForOneParameter() {
        assertThat(ask(ECHO, "{\"text\": \"hello\"}").text()).isEqualTo("you said: hello");
        assertThat(refusal(ECHO, "{\"txt\": \"hello\"}")).hasMessageContaining("text is missing");
        assertThat(ask(ECHO, Map.of("text", "{\"text\": 1}")).text()).isEqualTo("you said: {\"text\": 1}");
    }

    @Test
    void anObjectIsTheValueOfTheOneParameterThatHoldsObjectsUnlessItNamesIt() {
        assertThat(ask("tool:keep", Map.of("a", 1)).json().get(0)).isEqualTo(JsonObject.of("a", 1));
        assertThat(ask("tool:keep", "{\"a\": 1}").json().get(0)).isEqualTo(JsonObject.of("a", 1));
        assertThat(ask("tool:keep", Map.of("data", Map.of("a", 1))).json().get(0))
                .isEqualTo(JsonObject.of("a", 1));
        assertThat(refusal("tool:keep", "{\"a\": ")).hasMessageContaining("looks like JSON but is none");
        assertThat(refusal("tool:keep", "plain")).hasMessageContaining("data has to be an object");
    }

    @Test
    void aListOrANumberIsTheValueOfTheOneParameter() {
        assertThat(ask("tool:sum", List.of(1, 2, 3)).text()).isEqualTo("3");
        assertThat(ask("tool:sum", new Object[] {1, 2}).text()).isEqualTo("2");
        assertThat(ask("tool:sum", "[1, 2, 3, 4]").text()).isEqualTo("4");
        assertThat(ask(ECHO, 42).text()).isEqualTo("you said: 42");
        assertThat(ask(ECHO, true).text()).isEqualTo("you said: true");
        assertThat(ask(ECHO, IntNode.valueOf(7)).text()).isEqualTo("you said: 7");
        assertThat(ask(ECHO, new JsonNumber(BigDecimal.TEN)).text()).isEqualTo("you said: 10");
    }

    @Test
    void whatTheRouteHasSetIsNotForTheBodyToGive() {
        assertThat(ask("tool:add?form.a=40&form.round=no", "2").text()).isEqualTo("42");
        assertThat(ask("tool:greet", "Ann").text()).isEqualTo("Hello, Ann!");
    }

    @Test
    void noBodyIsNoArguments() {
        assertThat(ask("tool:vary", null).variables()).isNotEmpty();
        assertThat(ask("tool:vary", "").variables()).isNotEmpty();
        assertThat(ask("tool:vary", "  \n").variables()).isNotEmpty();
        assertThat(ask("tool:vary", "null").variables()).isNotEmpty();
        assertThat(refusal(ECHO, null)).hasMessageContaining("text is missing");
        assertThat(refusal(ADD, "")).hasMessageContaining("a is missing").hasMessageContaining("b is missing");
    }

    static Stream<Object> wrongBodies() {
        return Stream.of(
                "plain",
                "12",
                "[1]",
                "{\"a\": 1",
                "{\"a\": 1, \"a\": 2, \"b\": 1}",
                List.of(1),
                Map.of(1, 2),
                Map.of("a", new Object(), "b", 1),
                Map.of("a", Double.NaN, "b", 1),
                Optional.of("x"),
                new Object(),
                Thread.currentThread(),
                12);
    }

    @ParameterizedTest
    @MethodSource("wrongBodies")
    void anythingElseIsRefusedBeforeACallIsMade(Object body) {
        InvokeException refusal = refusal(ADD, body);

        assertThat(refusal.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void plainTextForSeveralParametersIsRefusedWithWhatItCouldBe() {
        assertThat(refusal(ADD, "1 and 2")).hasMessageContaining("plain text").hasMessageContaining("a Map");
    }

    @ParameterizedTest
    @DisplayName("the messages name what is wrong and do not say what it was")
    @CsvSource({"tool:add", "tool:keep", "tool:sum"})
    void refusalsDoNotQuoteTheBody(String uri) {
        for (Object body : List.of("{\"canary\": canary", "[canary", Map.of("a", "canary", "data", "canary"))) {
            assertThat(refusal(uri, body)).hasMessageNotContaining("canary");
        }
    }

    @Test
    void aMapThatHoldsNullIsTaken() {
        Map<String, Object> body = new HashMap<>();
        body.put("a", 1);
        body.put("b", 2);
        body.put("round", null);

        assertThat(ask(ADD, body).text()).isEqualTo("3");
    }

    @Test
    void aResultCanBeTheNextCallsArguments() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:twice").to(ECHO).to(ECHO);
                from("direct:streamed").to(STREAM).to(ECHO);
                from("direct:kept").to("tool:keep").to("tool:keep");
            }
        });

        assertThat(template.requestBody("direct:twice", "hi", String.class)).isEqualTo("you said: you said: hi");
        assertThat(template.requestBody("direct:streamed", "hi", String.class)).isEqualTo("you said: you said hi");
        assertThat(template.requestBody("direct:kept", Map.of("a", 1), String.class))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void aResultConvertsToTextAndStructure() throws Exception {
        Exchange sum = call(ADD, SUM_JSON);

        assertThat(sum.getMessage().getBody(String.class)).isEqualTo("3");
        assertThat(new String(sum.getMessage().getBody(byte[].class), StandardCharsets.UTF_8))
                .isEqualTo("3");
        assertThat(sum.getMessage().getBody(InputStream.class).readAllBytes()).isEqualTo(new byte[] {'3'});
        assertThat(sum.getMessage().getBody(Map.class)).hasToString("{sum=3}");
        assertThat(sum.getMessage().getBody(JsonNode.class).get("sum").intValue())
                .isEqualTo(3);
        assertThat(sum.getMessage().getBody(JsonObject.class)).isEqualTo(JsonObject.of("sum", 3));
    }

    @Test
    void aResultWithoutTextIsItsStructureAsText() {
        assertThat(text("tool:keep", Map.of("a", 1))).isEqualTo("{\"a\":1}");
        assertThat(text("tool:rows", null)).isEqualTo("[{\"n\":1},{\"n\":2}]");
        assertThat(call("tool:rows", null).getMessage().getBody(List.class)).hasSize(2);
        assertThat(text("tool:vary", null)).isEqualTo("{\"word\":\"ab\"}");
        assertThat(call("tool:vary", null).getMessage().getBody(Map.class)).hasToString("{word=ab}");
        assertThat(text("tool:hush", null)).isEmpty();
    }

    @Test
    @DisplayName("a result without structure is not made an empty map, and the refusal does not show it")
    void aResultWithoutStructureIsNoMap() {
        Exchange exchange = call(ECHO, "canary");

        for (Class<?> type : List.of(Map.class, List.class, JsonNode.class, JsonValue.class, JsonObject.class)) {
            Throwable refused = org.assertj.core.api.Assertions.catchThrowable(
                    () -> exchange.getMessage().getMandatoryBody(type));
            assertThat(refused).isNotNull().hasMessageNotContaining("canary");
            assertThat(refused).hasRootCauseInstanceOf(NoTypeConversionAvailableException.class);
        }
    }

    private ToolResult ask(String uri, Object body) {
        Exchange exchange = call(uri, body);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(ToolResult.class);
    }

    private String text(String uri, Object body) {
        return call(uri, body).getMessage().getBody(String.class);
    }
}
