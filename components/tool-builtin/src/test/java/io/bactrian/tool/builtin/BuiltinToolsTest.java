package io.bactrian.tool.builtin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import io.bactrian.tool.builtin.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every builtin tool, through the same door that agents and routes use. */
class BuiltinToolsTest {

    private static final FaultServer SERVER = FaultServer.start();
    private static final EgressClient EGRESS = EgressClient.of(
            EgressPolicy.builder().allow("127.0.0.1:" + SERVER.port()).build());
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-30T12:00:00Z"), ZoneOffset.UTC);
    private static final JsonCodec CODEC = ToolJson.codec();

    private static final List<ToolProviderController> PROVIDERS =
            BuiltinToolFactory.providers(CLOCK, new SplittableRandom(1), Optional.of(EGRESS), CODEC);

    /** What comes out where one of the hostile expressions is worked out. */
    private static final String EVALUATED = Integer.toString(1234 * 5678);

    /** Arguments for each tool, and what its text begins with. */
    private static final Map<String, String[]> EXAMPLES = examples();

    @AfterAll
    static void stop() {
        EGRESS.close();
        SERVER.close();
    }

    private static Map<String, String[]> examples() {
        Map<String, String[]> all = new TreeMap<>();
        example(all, "calculator/evaluate", "{'expression':'2 * (3 + 4)'}", "14");
        example(all, "data/csv_to_json", "{'csv':'a,b\\n1,2'}", "[{\"a\":\"1\",\"b\":\"2\"}]");
        example(all, "data/json_format", "{'json':'[1]','indent':0}", "[1]");
        example(all, "data/json_to_csv", "{'json':'[[1,2]]','delimiter':'pipe'}", "1|2");
        example(all, "data/json_to_yaml", "{'json':'[1,true]'}", "- 1\n- true");
        example(all, "data/json_validate", "{'json':'{'}", "not valid:");
        example(all, "data/yaml_to_json", "{'yaml':'a: 1','indent':0}", "{\"a\":1}");
        example(all, "hash/crc32", "{'text':'123456789'}", "cbf43926");
        example(all, "hash/decode", "{'text':'aGk=','encoding':'base64'}", "hi");
        example(all, "hash/digest", "{'text':'abc'}", "ba7816bf8f01cfea414140de5dae2223");
        example(all, "hash/encode", "{'text':'hi','encoding':'base64'}", "aGk=");
        example(all, "random/choice", "{'items':['a']}", "a");
        example(all, "random/integer", "{'min':7,'max':7}", "7");
        example(all, "random/string", "{'length':20}", "");
        example(all, "random/uuid", "{'version':'v7'}", "0195e6");
        example(all, "text/change_case", "{'text':'Hello World','style':'slug'}", "hello-world");
        example(all, "text/count", "{'text':'one two'}", "7 characters, 2 words");
        example(all, "text/diff", "{'first':'a','second':'b'}", "--- first");
        example(all, "text/json_path", "{'json':'{\\\"a\\\":[1,2]}','path':'$.a[1]'}", "2");
        example(all, "text/regex_find", "{'text':'a1b22','pattern':'\\\\d+'}", "1\n22");
        example(all, "text/regex_replace", "{'text':'a1','pattern':'\\\\d','replacement':'<$0>'}", "a<1>");
        example(all, "text/similarity", "{'first':'abc','second':'abd'}", "similarity 0.6667");
        example(all, "text/split", "{'text':'a,b','by':'separator'}", "[\"a\",\"b\"]");
        example(all, "text/template", "{'template':'Hi {name}','values':{'name':'Ann'}}", "Hi Ann");
        example(all, "text/trim", "{'text':'  a '}", "a");
        example(all, "time/current_time", "{}", "2025-03-30 12:00:00");
        example(all, "time/date_add", "{'time':'2025-01-31','duration':'1 month'}", "2025-02-28 (Friday)");
        example(all, "time/date_difference", "{'start':'2025-01-01','end':'2025-03-01'}", "2 months");
        example(all, "time/localtime_to_timestamp", "{'localtime':'1970-01-02'}", "86400");
        example(all, "time/timestamp_to_localtime", "{'timestamp':0}", "1970-01-01 00:00:00");
        example(
                all,
                "time/timezone_conversion",
                "{'current_time':'2025-07-01 12:00','target_timezone':'Asia/Tokyo'}",
                "2025-07-01 21:00:00");
        example(all, "time/weekday", "{'year':2025,'month':3,'day':30}", "2025-03-30 is a Sunday");
        example(all, "units/convert", "{'value':5,'from':'mi','to':'km'}", "5 mi = 8.04672 km");
        example(all, "web/fetch", "{'url':'" + SERVER.url("/data") + "'}", "text of the file");
        example(all, "web/read_page", "{'url':'" + SERVER.url("/page") + "'}", "# Title\n\nHello");
        return all;
    }

    private static void example(Map<String, String[]> all, String tool, String arguments, String text) {
        all.put(tool, new String[] {arguments.replace('\'', '"'), text});
    }

    private static Stream<Tool> tools() {
        return PROVIDERS.stream().flatMap(provider -> provider.tools().stream());
    }

    private static String name(Tool tool) {
        return tool.entity().identity().provider() + "/" + tool.entity().name();
    }

    private static List<ToolInvokeMessage> invoke(Tool tool, JsonObject arguments, ToolInvokeFrom from) {
        Caller caller = new Caller(
                TenantId.DEFAULT,
                null,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r1"),
                Deadline.in(Duration.ofSeconds(20)));
        ToolRuntime runtime =
                new ToolRuntime(caller, from, Credentials.NONE, ToolCredentialType.UNAUTHORIZED, JsonObject.EMPTY);
        List<ToolInvokeMessage> messages = new ArrayList<>();
        try (ToolStream stream = tool.forkToolRuntime(runtime).invoke(arguments)) {
            stream.forEachRemaining(messages::add);
        }
        return messages;
    }

    private static void serve() {
        SERVER.handle(request -> request.target().equals("/page")
                ? Reply.body(200, "text/html", "<title>Title</title><p>Hello".getBytes(UTF_8))
                : Reply.body(200, "text/plain", "text of the file".getBytes(UTF_8)));
    }

    @Test
    void hasAnExampleOfEachTool() {
        assertThat(tools().map(BuiltinToolsTest::name)).containsExactlyInAnyOrderElementsOf(EXAMPLES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> answersWithTextAndWithDataThatFitsItsSchema() {
        serve();
        return tools().map(tool -> DynamicTest.dynamicTest(name(tool), () -> {
            String[] example = EXAMPLES.get(name(tool));
            assertThat(example).isNotNull();

            List<ToolInvokeMessage> messages = invoke(tool, (JsonObject) Json.of(example[0]), ToolInvokeFrom.AGENT);

            assertThat(messages).hasSize(2);
            assertThat(messages.get(0))
                    .isInstanceOfSatisfying(ToolInvokeMessage.Text.class, text -> assertThat(text.text())
                            .startsWith(example[1]));
            JsonObject schema = tool.entity().outputSchema();
            assertThat(schema).isNotNull();
            assertThat(messages.get(1)).isInstanceOfSatisfying(ToolInvokeMessage.Json.class, json -> {
                assertThat(json.suppressOutput()).isTrue();
                assertThat(CODEC.schema(schema).problems(json.json())).isEmpty();
            });
        }));
    }

    @TestFactory
    Stream<DynamicTest> describesItselfToAModel() {
        return tools().map(tool -> DynamicTest.dynamicTest(name(tool), () -> {
            assertThat(tool.entity().description().llm())
                    .hasSizeBetween(20, 1_024)
                    .endsWith(".");
            assertThat(tool.entity().name()).matches("[a-z][a-z0-9_]*");
            assertThat(tool.entity().retriable()).isTrue();
            assertThat(tool.toolProviderType()).isEqualTo(ToolProviderType.BUILTIN);
            for (ToolParameter parameter : tool.entity().parameters()) {
                assertThat(parameter.llmDescription()).as(parameter.name()).hasSizeGreaterThan(3);
                assertThat(parameter.required()
                                || parameter.defaultValue() != null
                                || parameter.name().equals("user_agent"))
                        .as(parameter.name() + " is required or has a default")
                        .isTrue();
            }
            assertThat(CODEC.schema(tool.functionSchema()).problems(Json.of(EXAMPLES.get(name(tool))[0])))
                    .isEmpty();
        }));
    }

    @TestFactory
    @DisplayName("PARSE-06: what is missing, of another type or beyond its bounds is refused by name")
    Stream<DynamicTest> refusesWrongArguments() {
        return tools().map(tool -> DynamicTest.dynamicTest(name(tool), () -> {
            for (ToolParameter parameter : tool.entity().parameters()) {
                JsonObject good = (JsonObject) Json.of(EXAMPLES.get(name(tool))[0]);
                JsonObject wrong = good.with(parameter.name(), Json.of("{\"no\":[\"such\"]}"));
                if (parameter.type() != ToolParameterType.OBJECT) {
                    assertThatThrownBy(() -> invoke(tool, wrong, ToolInvokeFrom.WORKFLOW))
                            .isInstanceOfSatisfying(BadRequestException.class, error -> assertThat(error.code())
                                    .isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID))
                            .hasMessageContaining(parameter.name());
                }
                if (parameter.max() != null) {
                    assertThatThrownBy(() -> invoke(
                                    tool,
                                    good.with(
                                            parameter.name(),
                                            parameter.max().add(parameter.max().abs())),
                                    ToolInvokeFrom.AGENT))
                            .isInstanceOf(BadRequestException.class)
                            .hasMessageContaining(parameter.name());
                }
            }
        }));
    }

    @TestFactory
    @DisplayName("PARSE-01, PARSE-08: hostile text in any text parameter is answered or refused, and never evaluated")
    Stream<DynamicTest> takesHostileTextInAnyParameter() {
        serve();
        List<String> hostile = List.of(
                "",
                " ",
                "\u0000",
                "\u202e",
                "${1234*5678}",
                "{{1234*5678}}",
                "#{1234*5678}",
                "T(Runtime).getRuntime()",
                "' or 1=1 --",
                "*)(uid=*",
                "(a+)+$",
                "[".repeat(5_000),
                "9".repeat(900),
                "-",
                "%",
                "\\",
                "😀".repeat(300),
                "null",
                "../../etc/passwd",
                "a\r\nb: c");
        return tools().map(tool -> DynamicTest.dynamicTest(name(tool), () -> {
            JsonObject good = (JsonObject) Json.of(EXAMPLES.get(name(tool))[0]);
            for (ToolParameter parameter : tool.entity().parameters()) {
                for (String text : hostile) {
                    JsonValue value = new JsonString(text);
                    answersOrRefuses(tool, good.with(parameter.name(), value));
                }
            }
        }));
    }

    private static void answersOrRefuses(Tool tool, JsonObject arguments) {
        try {
            List<ToolInvokeMessage> messages = invoke(tool, arguments, ToolInvokeFrom.WORKFLOW);
            assertThat(messages).isNotEmpty();
            assertThat(((ToolInvokeMessage.Text) messages.get(0)).text()).doesNotContain(EVALUATED);
        } catch (InvokeException refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("java.", "Exception", EVALUATED);
        }
    }

    @Test
    void givesBytesThatAreNoTextAsAFile() {
        Tool decode = tools().filter(tool -> name(tool).equals("hash/decode"))
                .findFirst()
                .orElseThrow();

        List<ToolInvokeMessage> messages =
                invoke(decode, JsonObject.of("text", "ff00", "encoding", "hex"), ToolInvokeFrom.AGENT);

        assertThat(messages).hasSize(3);
        assertThat(messages.get(0))
                .isEqualTo(new ToolInvokeMessage.Text("2 bytes that are no text in UTF-8; they are in the file"));
        assertThat(((ToolInvokeMessage.Blob) messages.get(2)).bytes()).containsExactly(0xff, 0x00);
        JsonObject schema = decode.entity().outputSchema();
        assertThat(schema).isNotNull();
        assertThat(CODEC.schema(schema).problems(((ToolInvokeMessage.Json) messages.get(1)).json()))
                .isEmpty();
    }

    @Test
    void givesFetchedFilesWithTypeAndName() {
        SERVER.handle(request -> Reply.body(200, "image/png", new byte[] {1, 2, 3}));
        Tool fetch = tools().filter(tool -> name(tool).equals("web/fetch"))
                .findFirst()
                .orElseThrow();

        List<ToolInvokeMessage> messages =
                invoke(fetch, JsonObject.of("url", SERVER.url("/a.png")), ToolInvokeFrom.AGENT);

        assertThat(messages).hasSize(3);
        assertThat(messages.get(2)).isInstanceOfSatisfying(ToolInvokeMessage.Blob.class, blob -> {
            assertThat(blob.bytes()).containsExactly(1, 2, 3);
            assertThat(blob.meta()).isEqualTo(new ToolInvokeMessage.Meta("image/png", "a.png"));
        });
    }

    @Test
    void letsNoModelSayWhoAsks() {
        serve();
        Tool read = tools().filter(tool -> name(tool).equals("web/read_page"))
                .findFirst()
                .orElseThrow();
        JsonObject arguments = JsonObject.of("url", SERVER.url("/page"), "user_agent", "Model/1");
        int before = SERVER.requests().size();

        invoke(read, arguments, ToolInvokeFrom.AGENT);
        invoke(read, arguments, ToolInvokeFrom.WORKFLOW);

        assertThat(SERVER.requests().subList(before, before + 2))
                .flatExtracting(request -> request.headerValues("User-Agent"))
                .containsExactly("Bactrian", "Model/1");
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByTheEngine(Egress egress) {
        ToolProviderFactory factory = ServiceLoader.load(ToolProviderFactory.class).stream()
                .filter(found -> found.type() == BuiltinToolFactory.class)
                .map(ServiceLoader.Provider::get)
                .findFirst()
                .orElseThrow();

        List<ToolProviderSource> sources = factory.sources(new Environment(egress == Egress.THERE));

        assertThat(sources).singleElement().satisfies(source -> {
            assertThat(source.toolProviderType()).isEqualTo(ToolProviderType.BUILTIN);
            assertThat(source.provider(TenantId.DEFAULT, "time")).isPresent();
            assertThat(source.provider(TenantId.DEFAULT, "web").isPresent()).isEqualTo(egress == Egress.THERE);
            assertThat(source.provider(TenantId.DEFAULT, "nothing")).isEmpty();
            assertThat(source.providers(TenantId.DEFAULT)).hasSize(egress == Egress.THERE ? 8 : 7);
        });
    }

    enum Egress {
        THERE,
        NOT_THERE
    }

    private record Environment(boolean egress) implements ToolEnvironment {

        @Override
        public <T> Optional<T> find(Class<T> type) {
            Object found = type == Clock.class ? CLOCK : type == EgressClient.class && egress ? EGRESS : null;
            return Optional.ofNullable(found).map(type::cast);
        }

        @Override
        public <T> List<T> beans(Class<T> type) {
            return List.of();
        }

        @Override
        public Optional<String> setting(String name) {
            return Optional.empty();
        }

        @Override
        public JsonCodec json() {
            return CODEC;
        }
    }

    @Test
    void isDescribedInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        tools().forEach(tool -> {
            Optional<String> row = readme.lines()
                    .filter(line -> line.startsWith("| `" + name(tool) + "` |"))
                    .findFirst();
            assertThat(row).as(name(tool)).isPresent();
            for (ToolParameter parameter : tool.entity().parameters()) {
                assertThat(row.orElseThrow()).as(name(tool)).contains("`" + parameter.name() + "`");
            }
        });
        assertThat(readme.lines().filter(line -> line.startsWith("| `") && line.contains("/")))
                .as("rows of tools")
                .hasSizeGreaterThanOrEqualTo((int) tools().count());
    }
}
