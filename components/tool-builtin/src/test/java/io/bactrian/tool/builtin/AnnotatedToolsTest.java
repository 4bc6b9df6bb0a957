package io.bactrian.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.core.tool.annotation.AiTool;
import io.bactrian.core.tool.annotation.AiToolParameter;
import io.bactrian.core.tool.annotation.AiTools;
import io.bactrian.core.tool.annotation.AnnotatedTools;
import io.bactrian.json.ToolJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Annotated methods as tools: what is declared, how arguments become Java's values, and what is made of what is returned. */
class AnnotatedToolsTest {

    public enum Color {
        RED,
        GREEN
    }

    public record Point(int x, Optional<Integer> y) {}

    public record Shape(
            @AiToolParameter(description = "what it is called")
            String name,

            List<Point> points,
            Map<String, BigDecimal> sizes,

            @AiToolParameter(description = "its color", required = false)
            Color color) {

        public Shape {
            if (name.equals("secret-canary")) {
                throw new IllegalArgumentException("not " + name);
            }
            if (name.equals("circle")) {
                throw ToolErrors.argument("name: no circles");
            }
        }
    }

    @AiTools(
            provider = "all",
            description = "All types",
            labels = {ToolLabel.UTILITIES, ToolLabel.OTHER})
    public static class AllTypes {

        @AiTool(
                description = "Scalars",
                tags = {"a", "b"},
                retriable = true,
                approval = ToolApproval.ASK,
                timeoutMillis = 1500)
        public String scalars(
                String text,
                byte tiny,
                short small,
                int whole,
                Long large,
                BigInteger huge,
                double real,
                float rough,
                BigDecimal exact,
                boolean flag,
                Color color,
                UUID uuid) {
            return List.of(text, tiny, small, whole, large, huge, real, rough, exact, flag, color, uuid)
                    .toString();
        }

        @AiTool(description = "Times")
        public String times(
                LocalDate date, LocalTime time, LocalDateTime local, OffsetDateTime offset, Instant instant) {
            return List.of(date, time, local, offset, instant).toString();
        }

        @AiTool(description = "Structures")
        public String structures(
                List<String> texts,
                List<Integer> numbers,
                List<Color> colors,
                Map<String, Object> anything,
                Map<String, Integer> counts,
                Shape shape,
                JsonObject object,
                JsonValue value,
                FileId file,
                List<FileId> files) {
            return List.of(texts, numbers, colors, anything, counts, shape, object, value, file, files)
                    .toString();
        }

        @AiTool(name = "described", description = "Described parameters")
        public String describedParameters(
                Caller caller,
                @AiToolParameter(name = "count", description = "how many", min = 1, max = 10, defaultValue = "3") int n,
                @AiToolParameter(
                                description = "which",
                                options = {"a", "b"})
                        String choice,
                @AiToolParameter(description = "how", form = ToolParameterForm.FORM, required = false) String mode,
                @AiToolParameter(description = "whether", defaultValue = "true") boolean flag,
                Optional<String> note) {
            return caller.tenant() + " " + n + " " + choice + " " + mode + " " + flag + " " + note;
        }

        @AiTool(description = "Gives a shape")
        public Shape shape() {
            return new Shape(
                    "box", List.of(new Point(1, Optional.empty()), new Point(2, Optional.of(3))), Map.of(), null);
        }

        @AiTool(description = "Takes a shape alone")
        public String sizes(Shape shape) {
            return shape.sizes().toString();
        }

        @AiTool(description = "Takes whole numbers of any size")
        public String whole(List<BigInteger> numbers) {
            return numbers.toString();
        }

        @AiTool(description = "Takes a float")
        public String rough(float value) {
            return String.valueOf(value);
        }

        @AiTool(description = "Gives nothing")
        public void nothing() {}

        @AiTool(description = "Gives perhaps something")
        public Optional<Integer> perhaps(boolean some) {
            return some ? Optional.of(42) : Optional.empty();
        }

        @AiTool(description = "Gives messages")
        public ToolStream messages() {
            return ToolStream.of(new ToolInvokeMessage.Text("a"), new ToolInvokeMessage.Json(JsonObject.EMPTY));
        }

        @AiTool(description = "Gives one message")
        public ToolInvokeMessage message() {
            return new ToolInvokeMessage.Link("https://example.org", ToolInvokeMessage.Meta.NONE);
        }

        @AiTool(description = "Gives rows")
        public List<Map<String, Object>> rows() {
            return List.of(Map.of("day", LocalDate.of(2026, 1, 31)), Map.of("n", 1.5));
        }

        public String noTool() {
            return "";
        }
    }

    /** As a proxy would stand before the object. */
    public static class Proxied extends AllTypes {
        @Override
        public String scalars(
                String text,
                byte tiny,
                short small,
                int whole,
                Long large,
                BigInteger huge,
                double real,
                float rough,
                BigDecimal exact,
                boolean flag,
                Color color,
                UUID uuid) {
            return "proxied "
                    + super.scalars(text, tiny, small, whole, large, huge, real, rough, exact, flag, color, uuid);
        }
    }

    private final ToolProviderController provider = AnnotatedTools.of(new AllTypes(), ToolJson.codec());

    @Test
    void declaresProviderAndTools() {
        assertThat(provider.entity().name()).isEqualTo("all");
        assertThat(provider.entity().labels()).containsExactly(ToolLabel.UTILITIES, ToolLabel.OTHER);
        assertThat(provider.entity().needsCredential()).isFalse();
        assertThat(provider.tools())
                .extracting(tool -> tool.entity().name())
                .containsExactly(
                        "described",
                        "message",
                        "messages",
                        "nothing",
                        "perhaps",
                        "rough",
                        "rows",
                        "scalars",
                        "shape",
                        "sizes",
                        "structures",
                        "times",
                        "whole");
        Tool scalars = tool("scalars");
        assertThat(scalars.entity().tags()).containsExactly("a", "b");
        assertThat(scalars.entity().retriable()).isTrue();
        assertThat(scalars.entity().approval()).isEqualTo(ToolApproval.ASK);
        assertThat(scalars.entity().timeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(scalars.address()).hasToString("tool-builtin:all/scalars");
    }

    @Test
    void showsAModelASchemaOfTheTypes() {
        String scalars = ToolJson.codec().write(tool("scalars").functionSchema());
        assertThat(scalars)
                .contains("\"whole\":{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647}")
                .contains("\"real\":{\"type\":\"number\"}")
                .contains("\"color\":{\"type\":\"string\",\"enum\":[\"RED\",\"GREEN\"]}")
                .contains("\"uuid\":{\"type\":\"string\",\"format\":\"uuid\"}")
                .contains("\"required\":[\"text\",\"tiny\"");
        assertThat(ToolJson.codec().write(tool("structures").functionSchema()))
                .contains("\"texts\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}")
                .contains("\"counts\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"")
                .contains("\"name\":{\"type\":\"string\",\"description\":\"what it is called\"}")
                .contains("\"required\":[\"name\",\"points\",\"sizes\"],\"additionalProperties\":false");
        assertThat(ToolJson.codec().write(tool("described").functionSchema()))
                .contains(
                        "\"count\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":10,\"description\":\"how many\",\"default\":3}")
                .contains("\"flag\":{\"type\":\"boolean\",\"description\":\"whether\",\"default\":true}")
                .contains("\"required\":[\"choice\"]")
                .doesNotContain("caller")
                .doesNotContain("mode");
    }

    @Test
    void promisesTheSchemaOfARecordThatIsReturned() {
        assertThat(tool("shape").entity().outputSchema()).isNotNull();
        assertThat(tool("shape").entity().outputSchema().has("properties")).isTrue();
        assertThat(tool("scalars").entity().outputSchema()).isNull();
    }

    @Test
    void readsScalars() {
        assertThat(text("scalars", """
                {"text": "a", "tiny": 1, "small": "2", "whole": -3, "large": 4, "huge": 123456789012345678901234567890,
                 "real": 0.5, "rough": 1.5, "exact": 1.10, "flag": "yes", "color": "GREEN",
                 "uuid": "123e4567-e89b-12d3-a456-426614174000"}"""))
                .isEqualTo("[a, 1, 2, -3, 4, 123456789012345678901234567890, 0.5, 1.5, 1.10, true, GREEN,"
                        + " 123e4567-e89b-12d3-a456-426614174000]");
    }

    @Test
    void readsTimes() {
        assertThat(text("times", """
                {"date": "2026-01-31", "time": "12:30", "local": "2026-01-31T12:30:00",
                 "offset": "2026-01-31T12:30:00+01:00", "instant": "2026-01-31T12:30:00+01:00"}"""))
                .isEqualTo("[2026-01-31, 12:30, 2026-01-31T12:30, 2026-01-31T12:30+01:00, 2026-01-31T11:30:00Z]");
    }

    @Test
    void readsStructures() {
        String file = "f".repeat(32);
        assertThat(text("structures", """
                {"texts": ["a", "b"], "numbers": "[1, 2]", "colors": ["RED"], "anything": {"a": [1, null]},
                 "counts": {"x": 1}, "shape": {"name": "box", "points": [{"x": 1}, {"x": 2, "y": 3}], "sizes": {"s": 0.5}},
                 "object": {"k": true}, "value": [1], "file": "FILE", "files": ["FILE"]}""".replace("FILE", file)))
                .startsWith(
                        "[[a, b], [1, 2], [RED], {a=[1, null]}, {x=1}, Shape[name=box, points=[Point[x=1, y=Optional.empty],"
                                + " Point[x=2, y=Optional[3]]], sizes={s=0.5}, color=null],");
    }

    @Test
    void givesTheCallerAndDefaultsAndWhatIsNotGiven() {
        assertThat(text("described", "{\"choice\": \"a\"}")).isEqualTo("acme 3 a null true Optional.empty");
        assertThat(text(
                        "described",
                        "{\"choice\": \"b\", \"count\": 10, \"mode\": \"fast\", \"flag\": false, \"note\": \"n\"}"))
                .isEqualTo("acme 10 b fast false Optional[n]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scalars | {\"tiny\": 128} | tiny has to be at most 127",
                "scalars | {\"whole\": 1.5} | whole has to be a whole number",
                "scalars | {\"whole\": 1e100} | whole has to be at most 2147483647",
                "scalars | {\"color\": \"BLUE\"} | color has to be one of RED, GREEN",
                "scalars | {\"uuid\": \"x\"} | uuid",
                "times | {\"date\": \"31.1.2026\"} | date has to be a date",
                "times | {\"instant\": \"yesterday\"} | instant",
                "structures | {\"numbers\": [\"x\"]} | numbers",
                "structures | {\"counts\": {\"x\": \"y\"}} | counts",
                "structures | {\"shape\": {\"name\": \"box\"}} | shape",
                "structures | {\"shape\": {\"name\": \"box\", \"points\": [], \"sizes\": {}, \"more\": 1}} | shape",
                "described | {\"choice\": \"c\"} | choice has to be one of a, b",
                "described | {\"choice\": \"a\", \"count\": 11} | count has to be at most 10"
            })
    void refusesWhatDoesNotFitAndNamesIt(String tool, String arguments, String problem) {
        assertThatThrownBy(() -> text(tool, arguments))
                .isInstanceOfSatisfying(InvokeException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID))
                .hasMessageContaining(problem);
    }

    @Test
    @DisplayName("numbers that only cost memory, or do not fit, are refused wherever they stand")
    void refusesNumbersOutOfRange() {
        for (String number : List.of("1e999999999", "-1e999999999", "1e-999999999", "1e401")) {
            JsonObject shape = JsonObject.of("name", "box", "points", List.of())
                    .with("sizes", Map.of("s", new BigDecimal(number)));
            JsonObject numbers = JsonObject.of("numbers", List.of(new BigDecimal(number)));

            assertThat(refusal("sizes", JsonObject.of("shape", shape))).hasMessageContaining("shape");
            assertThat(refusal("whole", numbers)).hasMessageContaining("numbers");
        }
        assertThatThrownBy(() -> messages("rough", JsonObject.of("value", new BigDecimal("1e300"))))
                .hasMessage("value is a number out of range");
    }

    @Test
    @DisplayName("PARSE: times that a schema lets pass are still told by name")
    void refusesTimesThatAreNone() {
        assertThatThrownBy(() -> text("times", """
                {"date": "2026-01-31", "time": "25:30", "local": "x", "offset": "2026-01-31T12:30:00+01:00",
                 "instant": "2026-01-31T12:30:00Z"}""")).hasMessage("time has to be a time such as 12:30:00");
    }

    @Test
    @DisplayName("HDR-16: what a record's own checks say is passed on only if it is made to be shown")
    void refusesWhatARecordRefuses() {
        String arguments = """
                {"texts": [], "numbers": [], "colors": [], "anything": {}, "counts": {},
                 "shape": {"name": "NAME", "points": [], "sizes": {}}, "object": {}, "value": 1,
                 "file": "FILE", "files": []}""".replace("FILE", "f".repeat(32));

        assertThatThrownBy(() -> text("structures", arguments.replace("NAME", "secret-canary")))
                .hasMessage("shape is refused by the checks of Shape")
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> text("structures", arguments.replace("NAME", "circle")))
                .hasMessage("name: no circles");
    }

    @Test
    void makesMessagesOfWhatIsReturned() {
        assertThat(messages("nothing", "{}")).isEmpty();
        assertThat(messages("perhaps", "{\"some\": false}")).isEmpty();
        assertThat(messages("perhaps", "{\"some\": true}")).containsExactly(new ToolInvokeMessage.Text("42"));
        assertThat(messages("messages", "{}")).hasSize(2);
        assertThat(messages("message", "{}")).hasOnlyElementsOfType(ToolInvokeMessage.Link.class);
        assertThat(messages("rows", "{}"))
                .containsExactly(new ToolInvokeMessage.Json(
                        JsonValue.of(List.of(Map.of("day", "2026-01-31"), Map.of("n", 1.5)))));
        assertThat(((ToolInvokeMessage.Json) messages("shape", "{}").get(0))
                        .json()
                        .toJava())
                .hasToString("{name=box, points=[{x=1}, {x=2, y=3}], sizes={}}");
    }

    @Test
    void whatIsReturnedKeepsToTheSchemaThatIsPromised() {
        Tool shape = tool("shape");
        JsonValue returned = ((ToolInvokeMessage.Json) messages("shape", "{}").get(0)).json();

        assertThat(ToolJson.codec().schema(shape.entity().outputSchema()).problems(returned))
                .isEmpty();
    }

    @Test
    void findsTheAnnotationsOfAnObjectBehindAProxy() {
        ToolProviderController proxied = AnnotatedTools.of(new Proxied(), ToolJson.codec());

        assertThat(AnnotatedTools.isAnnotated(new Proxied())).isTrue();
        assertThat(proxied.tools()).hasSameSizeAs(provider.tools());
        assertThat(proxied.tool("scalars")).isPresent();
    }

    @AiTools(provider = "bad")
    public static class Bad {

        @AiTool(description = "a")
        public String takesAnything(Object anything) {
            return "";
        }

        @AiTool(description = "a")
        public String takesAList(@SuppressWarnings("rawtypes") List list) {
            return "";
        }

        @AiTool(description = "a")
        public String takesItself(Node node) {
            return "";
        }

        @AiTool(description = " ")
        public String saysNothing() {
            return "";
        }

        @AiTool(description = "a")
        public String primitive(@AiToolParameter(description = "d", required = false) int n) {
            return "";
        }

        @AiTool(description = "a")
        public String badDefault(@AiToolParameter(description = "d", defaultValue = "x") int n) {
            return "";
        }

        @AiTool(description = "a")
        public String outOfRange(@AiToolParameter(description = "d", defaultValue = "11", max = 10) int n) {
            return "";
        }

        @AiTool(description = "a")
        public String steering(@AiToolParameter(name = "Authorization", description = "d") String value) {
            return "";
        }

        @AiTool(name = "twice", description = "a")
        public String first() {
            return "";
        }

        @AiTool(name = "twice", description = "a")
        public String second() {
            return "";
        }

        @AiTool(description = "a")
        public static String fixed() {
            return "";
        }

        public record Node(Optional<Node> next) {}
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "takesAnything: parameter 'anything'",
                "takesAList: parameter 'list'",
                "takesItself: parameter 'node'",
                "saysNothing: it needs a description",
                "primitive: parameter 'n': a primitive that is not required needs a defaultValue",
                "badDefault: parameter 'n': the defaultValue is no number",
                "outOfRange: the default of parameter 'n'",
                "steering: parameter 'Authorization'",
                "another tool 'twice'",
                "fixed: it is private or static"
            })
    @DisplayName("HDR-10 and the like: everything that is wrong with a class is named at once")
    void namesEverythingThatIsWrongWithAClass(String problem) {
        assertThatThrownBy(() -> AnnotatedTools.of(new Bad(), ToolJson.codec()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining(Bad.class.getName())
                .hasMessageContaining(problem);
    }

    @Test
    void refusesAnObjectThatIsNotAnnotated() {
        assertThat(AnnotatedTools.isAnnotated("text")).isFalse();
        assertThatThrownBy(() -> AnnotatedTools.of("text", ToolJson.codec()))
                .hasMessageContaining("not annotated @AiTools");
    }

    private InvokeException refusal(String tool, JsonObject arguments) {
        InvokeException refusal = catchThrowableOfType(InvokeException.class, () -> messages(tool, arguments));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        return refusal;
    }

    private Tool tool(String name) {
        return provider.tool(name).orElseThrow();
    }

    private String text(String tool, String arguments) {
        StringBuilder text = new StringBuilder();
        messages(tool, arguments).forEach(message -> text.append(((ToolInvokeMessage.Text) message).text()));
        return text.toString();
    }

    private List<ToolInvokeMessage> messages(String tool, String arguments) {
        return messages(tool, (JsonObject) ToolJson.codec().parse(arguments));
    }

    private List<ToolInvokeMessage> messages(String tool, JsonObject arguments) {
        Caller caller = new Caller(
                new TenantId("acme"),
                null,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofMinutes(1)));
        ToolRuntime runtime = new ToolRuntime(
                caller, ToolInvokeFrom.WORKFLOW, Credentials.NONE, ToolCredentialType.UNAUTHORIZED, JsonObject.EMPTY);
        List<ToolInvokeMessage> messages = new ArrayList<>();
        try (ToolStream stream = tool(tool).forkToolRuntime(runtime).invoke(arguments)) {
            stream.forEachRemaining(messages::add);
        }
        return messages;
    }
}
