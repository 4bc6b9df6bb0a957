package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.AgentToolCall;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.json.JsonMappers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.example.shop.BrokenParcel;
import org.example.shop.Parcel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of what a route leaves on the body. */
class ResultTest extends WorkflowTestBase {

    record Order(String id, Address to, List<Integer> amounts, Optional<String> note) {}

    private record Address(String city) {}

    private ToolResult resultOf(Object body) throws Exception {
        return resultOf(body, Map.of());
    }

    private ToolResult resultOf(Object body, Map<String, Object> headers) throws Exception {
        publish("", body, headers);
        return call("x");
    }

    private void publish(String options, Object body, Map<String, Object> headers) throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x" + options).process(exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().getHeaders().putAll(headers);
        }));
    }

    private StoredFile stored(String name) {
        return engine.files.put(
                TenantId.DEFAULT, NewFile.of(name, "text/plain"), name.getBytes(StandardCharsets.UTF_8));
    }

    private String content(StoredFile file) throws IOException {
        try (var in = engine.files.open(TenantId.DEFAULT, file.id(), 0, file.size())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void textIsTheText() throws Exception {
        ToolResult result = resultOf("hello {not json}");

        assertThat(result.text()).isEqualTo("hello {not json}");
        assertThat(result.json()).isEmpty();
        assertThat(result.variables()).isEmpty();
    }

    @Test
    void anEmptyBodyIsAnEmptySuccessAndAModelIsToldSo() throws Exception {
        ToolResult result = resultOf(null);
        assertThat(result.text()).isEmpty();
        assertThat(result.json()).isEmpty();

        assertThat(observation().text()).contains("The tool is done and has nothing to say.");
    }

    private ToolObservation observation() {
        ToolAddress address = ToolAddress.workflow("x");
        return engine.toolEngine()
                .agentInvoke(
                        TestEngine.claim(TenantId.DEFAULT, Duration.ofSeconds(5)),
                        new AgentToolCall(
                                "1",
                                engine.toolManager().get(TenantId.DEFAULT, address),
                                "{}",
                                JsonObject.EMPTY,
                                ToolApproval.AUTO,
                                null),
                        ToolCallback.NONE);
    }

    static Stream<Arguments> scalars() {
        return Stream.of(
                Arguments.of(5, "5"),
                Arguments.of(true, "true"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of(LocalDate.of(2026, 1, 31), "2026-01-31"),
                Arguments.of(Duration.ofSeconds(1).toString(), "PT1S"),
                Arguments.of(Thread.State.NEW, "NEW"),
                Arguments.of(new StringBuilder("built"), "built"),
                Arguments.of(new StringReader("read"), "read"),
                Arguments.of(new JsonString("json"), "json"),
                Arguments.of(JsonMappers.shared().getNodeFactory().textNode("node"), "node"),
                Arguments.of(JsonMappers.shared().getNodeFactory().numberNode(7), "7"));
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void aScalarIsText(Object body, String text) throws Exception {
        assertThat(resultOf(body).text()).isEqualTo(text);
    }

    @Test
    void aMapIsJsonAndAVariableForEachOutput() throws Exception {
        Map<String, Object> outputs = new LinkedHashMap<>();
        outputs.put("status", "shipped");
        outputs.put("days", 3);
        outputs.put("tags", List.of("a", Map.of("b", 1.5)));
        outputs.put("none", null);

        ToolResult result = resultOf(outputs);

        assertThat(result.object())
                .isEqualTo(JsonObject.builder()
                        .put("status", "shipped")
                        .put("days", 3)
                        .put("tags", List.of("a", Map.of("b", 1.5)))
                        .put("none", null)
                        .build());
        assertThat(result.variables()).containsOnlyKeys("status", "days", "tags", "none");
        assertThat(result.variables().get("days")).isEqualTo(JsonNumber.of(3));
        assertThat(result.text()).isEmpty();
    }

    @Test
    void aModelReadsEachOutputOnce() throws Exception {
        publish("", Map.of("status", "shipped"), Map.of());

        assertThat(observation().text()).containsOnlyOnce("shipped");
    }

    @Test
    void outputsNamedAsTheResultsOwnPartsAreReachable() throws Exception {
        StoredFile file = stored("report.txt");

        ToolResult result =
                resultOf(Map.of("text", "the text", "json", List.of(1), "files", List.of(file), "status", "done"));

        assertThat(result.text()).isEqualTo("the text");
        assertThat(result.files()).containsExactly(file);
        assertThat(result.variables()).containsOnlyKeys("status");
        assertThat(result.object().find("json")).contains(JsonArray.of(List.of(1)));
        assertThat(result.object().findText("text")).contains("the text");
        assertThat(result.object().find("files")).contains(new JsonArray(List.of(RouteJson.reference(file))));
        assertThat(result.shown())
                .as("json is in no other place that a model reads")
                .hasSize(1);
    }

    static Stream<Arguments> structures() throws IOException {
        JsonNode tree = JsonMappers.shared().readTree("{\"a\":[1,{\"b\":null}]}");
        JsonObject expected = JsonObject.of("a", Arrays.asList(1, Collections.singletonMap("b", null)));
        return Stream.of(
                Arguments.of(tree, expected),
                Arguments.of(expected, expected),
                Arguments.of(new org.apache.camel.util.json.JsonObject(Map.of("a", 1)), JsonObject.of("a", 1)),
                Arguments.of(List.of(1, "b"), JsonArray.of(List.of(1, "b"))),
                Arguments.of(new String[] {"a"}, JsonArray.of(List.of("a"))),
                Arguments.of(
                        new Order("7", new Address("Rome"), List.of(1, 2), Optional.empty()),
                        JsonObject.builder()
                                .put("id", "7")
                                .put("to", JsonObject.of("city", "Rome"))
                                .put("amounts", List.of(1, 2))
                                .put("note", null)
                                .build()),
                Arguments.of(new Parcel(), JsonObject.of("name", "bean", "day", "2026-01-31")),
                Arguments.of(
                        Map.of("orders", List.of(new Parcel())),
                        JsonObject.of("orders", List.of(JsonObject.of("name", "bean", "day", "2026-01-31")))));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void structureIsJson(Object body, JsonValue json) throws Exception {
        assertThat(resultOf(body).json()).containsExactly(json);
    }

    @Test
    void bytesAreAFileOfTheSaidKindAndName() throws Exception {
        ToolResult result = resultOf(
                "a;b".getBytes(StandardCharsets.UTF_8),
                Map.of(Exchange.CONTENT_TYPE, "text/csv; charset=utf-8", Exchange.FILE_NAME, "../out/list.csv"));

        assertThat(result.files()).singleElement().satisfies(file -> {
            assertThat(file.mimeType()).isEqualTo("text/csv");
            assertThat(file.name()).isEqualTo("list.csv");
            assertThat(content(file)).isEqualTo("a;b");
        });
        assertThat(result.text()).isEmpty();
    }

    @Test
    void aStreamOfBytesIsAFile() throws Exception {
        ToolResult result = resultOf(new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)));

        assertThat(result.files()).singleElement().satisfies(file -> assertThat(content(file))
                .isEqualTo("stream"));
    }

    @Test
    void aStreamThatTheRouteHasReadBeforeIsAFileAllTheSame() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x")
                .process(body(new ByteArrayInputStream("cached".getBytes(StandardCharsets.UTF_8))))
                .log("${body}")
                .process(exchange -> exchange.getMessage().getBody(String.class)));

        assertThat(call("x").files()).singleElement().satisfies(file -> assertThat(content(file))
                .isEqualTo("cached"));
    }

    @Test
    void aFileOnTheDiskIsAFile(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("note.txt"), "from the disk");
        start(routes -> {
            routes.from("tool-workflow:file?description=x").process(body(path.toFile()));
            routes.from("tool-workflow:path?description=x").process(body(path));
            routes.from("tool-workflow:polled?description=x")
                    .pollEnrich("file:" + folder + "?noop=true&idempotent=false");
        });

        for (String tool : List.of("file", "path", "polled")) {
            assertThat(call(tool).files()).as(tool).singleElement().satisfies(file -> {
                assertThat(file.name()).isEqualTo("note.txt");
                assertThat(content(file)).isEqualTo("from the disk");
            });
        }
    }

    @Test
    void aFileLargerThanTheStoreAllowsIsRefused() throws Exception {
        publish("", new ByteArrayInputStream(new byte[(1 << 20) + 1]), Map.of());

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    @DisplayName("files three levels deep become files of the result, with references in their places")
    void findsStoredFilesAtAnyDepth() throws Exception {
        StoredFile one = stored("one.txt");
        StoredFile two = stored("two.txt");
        StoredFile three = stored("three.txt");

        ToolResult result = resultOf(Map.of(
                "a", one, "b", List.of(Map.of("c", List.of(two))), "d", new Holder(Map.of("e", Optional.of(three)))));

        assertThat(result.files()).containsExactlyInAnyOrder(one, two, three);
        assertThat(result.object().find("a")).contains(RouteJson.reference(one));
        assertThat(result.object().find("b"))
                .contains(JsonArray.of(List.of(JsonObject.of("c", List.of(RouteJson.reference(two))))));
        assertThat(result.object().find("d"))
                .contains(JsonObject.of("held", JsonObject.of("e", RouteJson.reference(three))));
        assertThat(RouteJson.reference(two))
                .isEqualTo(JsonObject.builder()
                        .put("file_id", two.id().value())
                        .put("name", "two.txt")
                        .put("mime_type", "text/plain")
                        .put("size", 7)
                        .build());
    }

    private record Holder(Map<String, Object> held) {}

    @Test
    @DisplayName("a file goes from one tool to the next by its reference, and its bytes come back the same")
    void filesGoRoundFromToolToTool() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:make?description=x").process(exchange -> exchange.getMessage()
                    .setBody(Map.of("out", Map.of("file", stored("made.txt")))));
            routes.from("tool-workflow:use?description=x&parameter.file=file,required")
                    .process(exchange -> {
                        String id = exchange.getVariable("file", String.class);
                        exchange.getMessage()
                                .setBody(engine.files
                                        .find(TenantId.DEFAULT, new io.bactrian.core.file.FileId(id))
                                        .orElseThrow());
                    });
        });

        JsonObject out = (JsonObject) call("make").object().find("out").orElseThrow();
        ToolResult used = call("use", JsonObject.of("file", out.find("file").orElseThrow()));

        assertThat(used.files()).singleElement().satisfies(file -> assertThat(content(file))
                .isEqualTo("made.txt"));
    }

    @Test
    void refusesToGiveAwayAnotherTenantsFile() throws Exception {
        StoredFile acmes = engine.files.put(TestEngine.ACME, NewFile.of("a.txt", "text/plain"), new byte[] {1});
        publish("", Map.of("deep", List.of(acmes)), Map.of());

        assertThatThrownBy(() -> call("x")).hasMessageContaining("not the caller's");
    }

    @Test
    void theAnswerOfAModelIsItsText() throws Exception {
        LlmResult answer = new LlmResult(
                null, "m", new PromptMessage.Assistant("it is sunny"), FinishReason.STOP, null, null, null);

        assertThat(resultOf(answer).text()).isEqualTo("it is sunny");
    }

    @Test
    void theResultOfAToolIsPassedOnWhole() throws Exception {
        StoredFile file = stored("in.txt");
        ToolResult inner = new ToolResult(
                "text",
                List.of(JsonObject.of("a", 1), JsonObject.of("b", 2)),
                List.of(file),
                List.of(new ToolInvokeMessage.Link("https://example.org", ToolInvokeMessage.Meta.NONE)),
                Map.of("v", new JsonString("w")),
                List.of(new ToolInvokeMessage.RetrieverResources(List.of(JsonObject.of("title", "t")), "context")),
                List.of(JsonObject.of("b", 2)),
                new io.bactrian.core.tool.ToolInvokeMeta(null, Duration.ZERO, null, 0, 0, List.of()));

        ToolResult result = resultOf(inner);

        assertThat(result.text()).isEqualTo("text");
        assertThat(result.json()).isEqualTo(inner.json());
        assertThat(result.shown()).isEqualTo(inner.shown());
        assertThat(result.files()).containsExactly(file);
        assertThat(result.links()).isEqualTo(inner.links());
        assertThat(result.variables()).isEqualTo(inner.variables());
        assertThat(result.citations()).isEqualTo(inner.citations());
    }

    @Test
    void whatNobodyCanReadIsRefusedByItsClass() throws Exception {
        publish("", new Object(), Map.of());

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("java.lang.Object")
                .hasMessageContaining("convertBodyTo");
    }

    static Stream<Arguments> unfit() {
        Map<String, Object> circle = new LinkedHashMap<>();
        circle.put("again", circle);
        return Stream.of(
                Arguments.of(circle, "nested more than"),
                Arguments.of(Map.of("a", new Thread()), "$.a"),
                Arguments.of(Map.of(1, "a"), "key that is no text"),
                Arguments.of(Map.of("n", Double.NaN), "$.n"),
                Arguments.of(Map.of("bytes", new byte[] {1}), "$.bytes"),
                Arguments.of(List.of(new BrokenParcel()), "cannot be written as JSON"));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void whatIsNoJsonIsRefusedWithItsPlace(Object body, String told) throws Exception {
        publish("", body, Map.of());

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining(told)
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void theResultHasToFitItsSchema() throws Exception {
        publish("&outputSchema=classpath:order-output.json", Map.of("status", "lost"), Map.of());

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("tool-workflow:x")
                .hasMessageContaining("outputSchema")
                .hasMessageContaining("status")
                .hasMessageNotContaining("lost");
    }

    static Stream<Object> fitting() {
        return Stream.of(
                Map.of("status", "open"),
                "{\"status\": \"open\"}",
                JsonObject.of("status", "open"),
                new ToolResult(
                        "",
                        List.of(JsonObject.of("status", "open")),
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        new io.bactrian.core.tool.ToolInvokeMeta(null, Duration.ZERO, null, 0, 0, List.of())));
    }

    @ParameterizedTest
    @MethodSource("fitting")
    void aResultThatFitsItsSchemaIsStructure(Object body) throws Exception {
        publish("&outputSchema=classpath:order-output.json", body, Map.of());

        assertThat(call("x").object()).isEqualTo(JsonObject.of("status", "open"));
    }

    @ParameterizedTest
    @MethodSource("noStructure")
    void aResultWithASchemaHasToHaveStructure(Object body) throws Exception {
        publish("&outputSchema=classpath:order-output.json", body, Map.of());

        assertThatThrownBy(() -> call("x")).isInstanceOf(InvokeException.class).hasMessageContaining("outputSchema");
    }

    static Stream<Arguments> noStructure() {
        return Stream.of(
                Arguments.of("just text"), Arguments.of((Object) null), Arguments.of(5), Arguments.of(new byte[] {1}));
    }
}
