package io.bactrian.json;

import static io.bactrian.json.SampleTools.json;
import static io.bactrian.json.SampleTools.object;
import static io.bactrian.json.SampleTools.parameter;
import static io.bactrian.json.SampleTools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is bound, refused and ignored when arguments are given to a tool. */
class BindingTest {

    private static final String FILE = SampleTools.FILE_ID;

    @ParameterizedTest
    @EnumSource(ToolParameterType.class)
    @DisplayName("PARSE-06: null and nothing are missing if required, and bound nowhere if not, for every type")
    void tellsWhatIsMissing(ToolParameterType type) {
        Tool required = SampleTools.of(parameter(type).required());
        Tool optional = SampleTools.of(parameter(type));

        assertThatRefused(required, "{}").withMessage("the arguments of 'echo' are wrong: x is missing");
        assertThatRefused(required, "{\"x\":null}")
                .withMessage("the arguments of 'echo' are wrong: x is null, but has to have a value");
        assertThat(bound(optional, "{}")).isEqualTo("{}");
        assertThat(bound(optional, "{\"x\":null}")).isEqualTo("{}");
    }

    static List<ToolParameter.Builder> withDefaults() {
        return List.of(
                parameter(ToolParameterType.STRING).defaultValue("a"),
                parameter(ToolParameterType.SELECT).defaultValue("yes"),
                parameter(ToolParameterType.BOOLEAN).defaultValue("yes"),
                parameter(ToolParameterType.NUMBER).defaultValue("7"),
                parameter(ToolParameterType.DATE).defaultValue("2026-01-31"),
                parameter(ToolParameterType.OBJECT).defaultValue("{\"a\":1}"),
                parameter(ToolParameterType.ARRAY).defaultValue(List.of(1)),
                parameter(ToolParameterType.ANY).defaultValue(List.of("z")));
    }

    @Test
    @DisplayName("PARSE-06: defaults are put in, coerced, for nothing and for null, required or not")
    void putsDefaultsIn() {
        List<String> defaults = new ArrayList<>();
        for (ToolParameter.Builder parameter : withDefaults()) {
            for (boolean required : new boolean[] {true, false}) {
                Tool tool = SampleTools.of(parameter.required(required));
                assertThat(bound(tool, "{\"x\":null}")).isEqualTo(bound(tool, "{}"));
                defaults.add(bound(tool, "{}"));
            }
        }

        assertThat(defaults.stream().distinct())
                .containsExactly(
                        "{\"x\":\"a\"}",
                        "{\"x\":\"yes\"}",
                        "{\"x\":true}",
                        "{\"x\":7}",
                        "{\"x\":\"2026-01-31\"}",
                        "{\"x\":{\"a\":1}}",
                        "{\"x\":[1]}",
                        "{\"x\":[\"z\"]}");
    }

    @Test
    void prefersWhatIsGivenToTheDefaultEvenIfItIsFalseZeroOrEmpty() {
        assertThat(bound(SampleTools.of(parameter(ToolParameterType.BOOLEAN).defaultValue(true)), "{\"x\":false}"))
                .isEqualTo("{\"x\":false}");
        assertThat(bound(SampleTools.of(parameter(ToolParameterType.NUMBER).defaultValue(1)), "{\"x\":0}"))
                .isEqualTo("{\"x\":0}");
        assertThat(bound(SampleTools.of(parameter(ToolParameterType.STRING).defaultValue("a")), "{\"x\":\"\"}"))
                .isEqualTo("{\"x\":\"\"}");
        assertThat(bound(SampleTools.of(parameter(ToolParameterType.ARRAY).defaultValue(List.of(1))), "{\"x\":[]}"))
                .isEqualTo("{\"x\":[]}");
    }

    @Test
    void refusesDefaultsThatDoNotFit() {
        assertThatMisconfigured(parameter(ToolParameterType.NUMBER).range(1, 5).defaultValue(6))
                .withMessage("the default of parameter 'x' of tool 'echo' has to be at most 5");
        assertThatMisconfigured(parameter(ToolParameterType.SELECT).defaultValue("no"));
        assertThatMisconfigured(parameter(ToolParameterType.DATE).defaultValue("soon"));
        assertThatMisconfigured(parameter(ToolParameterType.ANY)
                        .schema(object("{\"type\":\"string\"}"))
                        .defaultValue(5))
                .withMessageContaining("does not fit its schema: $ has to be string");
    }

    @Test
    void namesTheParameterWhoseSchemaIsNone() {
        assertThatMisconfigured(parameter(ToolParameterType.ANY).schema(object("{\"type\":\"strin\"}")))
                .withMessageStartingWith("parameter 'x' of tool 'echo': the JSON Schema is none: $.type ");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "1e400 | no number of usable size",
                "-1e309 | no number of usable size",
                "1e-309 | no number of usable size",
                "NaN | has to be a number",
                "Infinity | has to be a number",
                "-Infinity | has to be a number",
                "1e99999 | has to be a number",
                "+5 | has to be a number",
                ".5 | has to be a number",
                "5. | has to be a number",
                "05 | has to be a number",
                "0x10 | has to be a number",
                "1_000 | has to be a number",
                "1,5 | has to be a number",
                "5f | has to be a number",
                "٥ | has to be a number",
                "1 2 | has to be a number",
                "-- | has to be a number"
            })
    @DisplayName("PARSE-02: texts that are no number, or none that anybody means")
    void refusesTextsThatAreNoNumber(String text, String why) {
        assertThatRefused(SampleTools.of(parameter(ToolParameterType.NUMBER)), text(JsonObject.of("x", text)))
                .withMessageContaining("x ")
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "' 5 ', 5",
        "-0, 0",
        "-0.0, 0",
        "0e300, 0",
        "5.0, 5.0",
        "1e2, 100",
        "1E+2, 100",
        "-1.5e-3, -0.0015",
        "1e308, 1E+308",
        "9223372036854775808, 9223372036854775808",
        "0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827"
    })
    @DisplayName("PARSE-02: numbers come through exactly, as numbers and as texts")
    void takesNumbersExactly(String number, String bound) {
        Tool tool = SampleTools.of(parameter(ToolParameterType.NUMBER));

        assertThat(bound(tool, text(JsonObject.of("x", number)))).isEqualTo("{\"x\":" + bound + "}");
        assertThat(bound(tool, "{\"x\":" + number.strip() + "}")).isEqualTo("{\"x\":" + bound + "}");
    }

    @Test
    @DisplayName("PARSE-02: a hundred digits are a number, a thousand are not, as a number or as text")
    void boundsTheDigits() {
        for (ToolParameterType type : List.of(ToolParameterType.NUMBER, ToolParameterType.STRING)) {
            Tool tool = SampleTools.of(parameter(type));
            assertThat(bound(tool, "{\"x\":" + "7".repeat(100) + "}")).contains("7".repeat(100));
            assertThatRefused(tool, "{\"x\":" + "7".repeat(101) + "}").withMessageContaining("at most 100 digits");
        }
        assertThatRefused(SampleTools.of(parameter(ToolParameterType.NUMBER)), "{\"x\":\"" + "7".repeat(1_000) + "\"}")
                .withMessageContaining("has to be a number");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "5.0, 5",
        "'\"5\"', 5",
        "'\"5.00\"', 5",
        "1e3, 1000",
        "-0.0, 0",
        "12345678901234567890, 12345678901234567890"
    })
    @DisplayName("PARSE-02: whole numbers are bound as such, however they are written")
    void takesWholeNumbers(String given, String bound) {
        Tool tool = SampleTools.of(parameter(ToolParameterType.NUMBER).whole());

        assertThat(bound(tool, "{\"x\":" + given + "}")).isEqualTo("{\"x\":" + bound + "}");
        assertThatRefused(tool, "{\"x\":5.5}").withMessageContaining("x has to be a whole number");
        assertThatRefused(tool, "{\"x\":\"1e-1\"}").withMessageContaining("x has to be a whole number");
    }

    @Test
    void enforcesRangeAndPrecision() {
        Tool tool = SampleTools.of(
                parameter(ToolParameterType.NUMBER).range(-1.5, 1e2).precision(2));

        assertThat(bound(tool, "{\"x\":-1.5}")).isEqualTo("{\"x\":-1.5}");
        assertThat(bound(tool, "{\"x\":\"100.00\"}")).isEqualTo("{\"x\":100.00}");
        assertThat(bound(tool, "{\"x\":0.250}")).isEqualTo("{\"x\":0.250}");
        assertThatRefused(tool, "{\"x\":-1.51}").withMessageContaining("x has to be at least -1.5");
        assertThatRefused(tool, "{\"x\":100.01}").withMessageContaining("x has to be at most 100");
        assertThatRefused(tool, "{\"x\":0.255}").withMessageContaining("x has more than 2 decimals");
    }

    @Test
    void givesTextsOfNumbersAsPeopleWriteThem() {
        Tool tool = SampleTools.of(parameter(ToolParameterType.STRING));

        assertThat(bound(tool, JsonObject.of("x", 1e10))).isEqualTo("{\"x\":\"10000000000\"}");
        assertThat(bound(tool, "{\"x\":1e300}")).isEqualTo("{\"x\":\"1E+300\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", " true ", "yes", "Yes", "y", "Y", "1"})
    void takesWordsForTrue(String word) {
        Tool tool = SampleTools.of(parameter(ToolParameterType.BOOLEAN));

        assertThat(bound(tool, JsonObject.of("x", word))).isEqualTo("{\"x\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "FALSE", "no", "No", "n", "0"})
    void takesWordsForFalse(String word) {
        Tool tool = SampleTools.of(parameter(ToolParameterType.BOOLEAN));

        assertThat(bound(tool, JsonObject.of("x", word))).isEqualTo("{\"x\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "", " ", "2", "-1", "1.5", "on", "off", "null", "truth", "tru\u0131", "ye\u017f"})
    @DisplayName("PARSE-06: what is neither true nor false is refused, not true")
    void refusesOtherWords(String word) {
        assertThatRefused(SampleTools.of(parameter(ToolParameterType.BOOLEAN)), text(JsonObject.of("x", word)))
                .withMessageContaining("x has to be true or false");
    }

    @Test
    void takesOneAndZeroForTrueAndFalseHoweverWritten() {
        Tool tool = SampleTools.of(parameter(ToolParameterType.BOOLEAN));

        assertThat(bound(tool, "{\"x\":1.0}")).isEqualTo("{\"x\":true}");
        assertThat(bound(tool, "{\"x\":-0}")).isEqualTo("{\"x\":false}");
        assertThatRefused(tool, "{\"x\":-1}").withMessageContaining("x has to be true or false");
        assertThatRefused(tool, "{\"x\":0.5}").withMessageContaining("x has to be true or false");
    }

    @Test
    @DisplayName(
            "PARSE-06: values that are no option are refused, with the options in the error, a bounded number of them")
    void refusesWhatIsNoOption() {
        Tool few = SampleTools.of(
                ToolParameter.llm("x", ToolParameterType.STRING, "").options("a", "b"));
        String[] options = IntStream.range(0, 500).mapToObj(i -> "option" + i).toArray(String[]::new);
        Tool many = SampleTools.of(
                ToolParameter.llm("x", ToolParameterType.DYNAMIC_SELECT, "").options(options));

        assertThatRefused(few, "{\"x\":\"A\"}").withMessageEndingWith("x has to be one of a, b");
        assertThatRefused(many, "{\"x\":\"z\"}").withMessageEndingWith("option18, option19 or others, 500 in all");
        assertThat(bound(many, "{\"x\":\"option499\"}")).isEqualTo("{\"x\":\"option499\"}");
    }

    @Test
    void bindsSelectsOfSeveral() {
        Tool tool = SampleTools.of(ToolParameter.llm("x", ToolParameterType.SELECT, "")
                .options("a", "b", "5")
                .multiple()
                .defaultValue(List.of("a")));

        assertThat(bound(tool, "{\"x\":[\"b\",5]}")).isEqualTo("{\"x\":[\"b\",\"5\"]}");
        assertThat(bound(tool, "{\"x\":\"[\\\"a\\\",\\\"b\\\"]\"}")).isEqualTo("{\"x\":[\"a\",\"b\"]}");
        assertThat(bound(tool, "{\"x\":[]}")).isEqualTo("{\"x\":[]}");
        assertThat(bound(tool, "{}")).isEqualTo("{\"x\":[\"a\"]}");
        assertThatRefused(tool, "{\"x\":[\"a\",\"z\"]}").withMessageEndingWith("x item 1 has to be one of a, b, 5");
        assertThatRefused(tool, "{\"x\":[null]}").withMessageEndingWith("x item 0 has to be text, not null");
        assertThatRefused(tool, "{\"x\":\"a\"}").withMessageEndingWith("x has to be a list, not a string");
    }

    @Test
    void bindsFiles() {
        Tool file = SampleTools.of(parameter(ToolParameterType.FILE));
        Tool files = SampleTools.of(parameter(ToolParameterType.FILES));

        for (String given : List.of(
                "\"%s\"",
                "\" %s \"",
                "[\"%s\"]",
                "{\"file_id\":\"%s\"}",
                "[{\"file_id\":\"%s\"}]",
                "\"{\\\"file_id\\\":\\\"%s\\\"}\"",
                "\"[\\\"%s\\\"]\"")) {
            String arguments = "{\"x\":" + given.replace("%s", FILE) + "}";
            assertThat(bound(file, arguments)).as(arguments).isEqualTo("{\"x\":\"" + FILE + "\"}");
            assertThat(bound(files, arguments)).as(arguments).isEqualTo("{\"x\":[\"" + FILE + "\"]}");
        }
        ToolArguments both = bind(files, "{\"x\":[\"" + FILE + "\",{\"file_id\":\"" + FILE + "\"}]}")
                .arguments();
        assertThat(both.files("x")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../x",
                "http://127.0.0.1/x",
                "file:///etc/passwd",
                "0123456789ABCDEF0123456789ABCDEF",
                "0123456789abcdef0123456789abcdef/x",
                "0123456789abcdef0123456789abcde",
                "",
                "0123456789abcdef0123456789abcdef\u0000"
            })
    void refusesFilesThatAreNoId(String id) {
        for (ToolParameterType type : List.of(ToolParameterType.FILE, ToolParameterType.FILES)) {
            assertThatRefused(SampleTools.of(parameter(type)), text(JsonObject.of("x", id)))
                    .withMessageContaining("has to be the id of a file");
        }
    }

    @Test
    void boundsTheNumberOfFiles() {
        Tool tool = SampleTools.of(parameter(ToolParameterType.FILES));
        List<String> hundred = IntStream.range(0, 100).mapToObj(i -> FILE).toList();
        List<String> more = IntStream.range(0, 101).mapToObj(i -> FILE).toList();

        assertThat(bind(tool, text(JsonObject.of("x", hundred))).arguments().files("x"))
                .hasSize(100);
        assertThatRefused(tool, text(JsonObject.of("x", more))).withMessageEndingWith("x has more than 100 files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30",
                "2026-13-01",
                "2026-1-31",
                "26-01-31",
                "31.01.2026",
                "2026-01-31T00:00:00",
                "2026-01-31Z",
                "+12026-01-31",
                "-0001-01-31",
                "99999-01-01",
                "20260131",
                "today",
                ""
            })
    void refusesDatesThatAreNone(String date) {
        assertThatRefused(SampleTools.of(parameter(ToolParameterType.DATE)), text(JsonObject.of("x", date)))
                .withMessageEndingWith("x has to be a date such as 2026-01-31");
    }

    @Test
    void bindsRangesOfDates() {
        Tool tool = SampleTools.of(parameter(ToolParameterType.DATE_RANGE));
        String whole = "{\"x\":{\"start\":\"2026-01-31\",\"end\":\"2026-02-01\"}}";

        assertThat(bound(tool, whole)).isEqualTo(whole);
        assertThat(bound(tool, "{\"x\":{\"end\":\"2026-02-01\",\"start\":null}}"))
                .isEqualTo("{\"x\":{\"end\":\"2026-02-01\"}}");
        assertThat(bound(tool, "{\"x\":{\"start\":\"2026-01-31\",\"end\":\"2026-01-31\"}}"))
                .contains("end");
        assertThat(bound(tool, "{\"x\":\" {\\\"start\\\":\\\"2026-01-31\\\"}\"}"))
                .isEqualTo("{\"x\":{\"start\":\"2026-01-31\"}}");
        assertThatRefused(tool, "{\"x\":{\"start\":\"2026-02-01\",\"end\":\"2026-01-31\"}}")
                .withMessageEndingWith("x starts after its end");
        assertThatRefused(tool, "{\"x\":{\"start\":\"2026-02-30\"}}").withMessageContaining("has to be a date");
        assertThatRefused(tool, "{\"x\":{\"start\":\"2026-02-01\",\"until\":\"2026-03-01\"}}")
                .withMessageContaining("start, end or both");
    }

    @Test
    void bindsSelectorsAndTools() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("app", ToolParameterType.APP_SELECTOR, ""),
                ToolParameter.llm("model", ToolParameterType.MODEL_SELECTOR, ""),
                ToolParameter.llm("tools", ToolParameterType.TOOLS, ""));
        String good =
                "{\"app\":{\"app_id\":\"a\",\"inputs\":{\"q\":1}},\"model\":{\"provider\":\"p\",\"model\":\"m\",\"model_type\":\"llm\",\"completion_params\":{}},"
                        + "\"tools\":[{\"provider_id\":\"p\",\"tool_name\":\"t\"}]}";

        assertThat(bound(tool, good)).isEqualTo(good);
        assertThatRefused(tool, "{\"app\":{\"app_id\":\" \"}}")
                .withMessageContaining("app needs the member app_id, a text");
        assertThatRefused(tool, "{\"model\":{\"provider\":\"p\",\"model\":5,\"model_type\":\"llm\"}}")
                .withMessageContaining("model needs the member model, a text");
        assertThatRefused(tool, "{\"tools\":[{\"provider_id\":\"p\",\"tool_name\":\"t\"},{\"provider_id\":\"p\"}]}")
                .withMessageContaining("tools item 1 needs the member tool_name, a text");
    }

    @Test
    void letsFormValuesWin() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("city", ToolParameterType.STRING, ""),
                ToolParameter.form("unit", ToolParameterType.STRING, ""));
        JsonObject form = object("{\"city\":\"Bonn\",\"unit\":\"C\",\"other\":1}");

        Tool.Bound byModel = tool.bind(object("{\"city\":\"Rome\",\"unit\":\"F\"}"), form, true);
        Tool.Bound byRoute = tool.bind(object("{\"city\":\"Rome\"}"), form, false);

        assertThat(text(byModel.arguments().values())).isEqualTo("{\"city\":\"Bonn\",\"unit\":\"C\"}");
        assertThat(byModel.ignored()).containsExactly("city", "unit");
        assertThat(text(byRoute.arguments().values())).isEqualTo("{\"city\":\"Bonn\",\"unit\":\"C\"}");
        assertThat(byRoute.ignored()).containsExactly("city");
    }

    @Test
    void coercesFormValuesToo() {
        Tool tool = SampleTools.of(
                ToolParameter.form("max", ToolParameterType.NUMBER, "").whole());

        assertThat(text(tool.bind(JsonObject.EMPTY, object("{\"max\":\"5\"}"), true)
                        .arguments()
                        .values()))
                .isEqualTo("{\"max\":5}");
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind(JsonObject.EMPTY, object("{\"max\":\"many\"}"), true))
                .withMessageContaining("max has to be a number");
    }

    @Test
    void letsModelsSetNothingButWhatIsForThem() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("city", ToolParameterType.STRING, ""),
                ToolParameter.form("limit", ToolParameterType.NUMBER, "").defaultValue(10),
                ToolParameter.form("region", ToolParameterType.STRING, ""));
        String given = "{\"city\":\"Rome\",\"limit\":1000000,\"region\":\"x\"}";

        Tool.Bound byModel = tool.bind(object(given), JsonObject.EMPTY, true);
        Tool.Bound byRoute = tool.bind(object(given), JsonObject.EMPTY, false);

        assertThat(text(byModel.arguments().values())).isEqualTo("{\"city\":\"Rome\",\"limit\":10}");
        assertThat(byModel.ignored()).containsExactly("limit", "region");
        assertThat(text(byRoute.arguments().values())).isEqualTo(given);
        assertThat(byRoute.ignored()).isEmpty();
    }

    @Test
    void tellsTheModelThatItCannotMendAMissingFormValue() {
        Tool tool = SampleTools.of(
                ToolParameter.form("region", ToolParameterType.STRING, "").required());

        assertThatRefused(tool, "{\"region\":\"x\"}")
                .withMessageEndingWith("region has no value: it is set where the tool is put to use, not by the model");
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind(JsonObject.EMPTY, JsonObject.EMPTY, false))
                .withMessageEndingWith("region is missing");
    }

    @Test
    @DisplayName(
            "HDR-09: names that are not declared are bound nowhere and reported, bounded and without control characters")
    void ignoresUndeclaredNames() {
        Tool tool = SampleTools.of(ToolParameter.llm("city", ToolParameterType.STRING, ""));
        Tool.Bound bound =
                bind(tool, "{\"CamelHttpUri\":\"http://evil\",\"city\":\"x\",\"City\":\"y\",\"city \":\"z\"}");

        assertThat(text(bound.arguments().values())).isEqualTo("{\"city\":\"x\"}");
        assertThat(bound.ignored()).containsExactly("CamelHttpUri", "City", "city ");

        JsonObject.Builder many =
                JsonObject.builder().put("a\nb", 1).put("\u202egpj", 1).put("n".repeat(65), 1);
        for (int i = 0; i < 1_000; i++) {
            many.put("name" + i, "x");
        }
        assertThat(tool.bind(many.build(), JsonObject.EMPTY, true).ignored())
                .hasSize(20)
                .startsWith(
                        "(a name that cannot be shown)",
                        "(a name that cannot be shown)",
                        "(a name that cannot be shown)",
                        "name0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "authorization",
                "AUTHORIZATION",
                "Host",
                "hOsT",
                "Cookie",
                "Set-Cookie",
                "Proxy-Authorization",
                "Connection",
                "Content-Length",
                "Transfer-Encoding",
                "CamelHttpUri",
                "camelFileName",
                "BactrianTenant",
                "bactrianUser",
                "",
                " x",
                "x y",
                "1x",
                "x\n",
                "x:y",
                "\u00e9",
                "x\u202e"
            })
    @DisplayName("HDR-10: parameters that are named like headers which steer cannot be declared")
    void refusesParametersThatSteer(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> ToolParameter.llm(name, ToolParameterType.STRING, "")
                .build());
    }

    @Test
    @DisplayName("HDR-10: names are compared in no language: a Turkish default locale changes nothing")
    void refusesParametersThatSteerInTurkishToo() {
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr", "TR"));
        try {
            refusesParametersThatSteer("AUTHORIZATION");
            assertThat(bound(SampleTools.of(parameter(ToolParameterType.BOOLEAN)), "{\"x\":\"YES\"}"))
                    .isEqualTo("{\"x\":true}");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    @DisplayName("PARSE-06: all that is wrong is told at once, and not without end")
    void tellsAllProblemsAtOnce() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("a", ToolParameterType.NUMBER, "").required(),
                ToolParameter.llm("b", ToolParameterType.BOOLEAN, ""),
                ToolParameter.llm("c", ToolParameterType.DATE, ""),
                ToolParameter.llm("d", ToolParameterType.ANY, "")
                        .schema(object("{\"properties\":{\"x\":{\"type\":\"string\"},\"y\":{\"minimum\":3}}}")));

        assertThatRefused(tool, "{\"b\":\"maybe\",\"c\":\"soon\",\"d\":{\"x\":1,\"y\":2}}")
                .withMessage(
                        "the arguments of 'echo' are wrong: a is missing; b has to be true or false; "
                                + "c has to be a date such as 2026-01-31; d: $.x has to be string; d: $.y has to be at least 3");

        Tool wide = SampleTools.of(IntStream.range(0, 100)
                .mapToObj(i ->
                        ToolParameter.llm("p" + i, ToolParameterType.NUMBER, "").required())
                .toArray(ToolParameter.Builder[]::new));
        assertThatRefused(wide, "{}").withMessageEndingWith("p19 is missing; and 80 more");
    }

    @Test
    void tellsOfNamesThatAreMisspelt() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("city", ToolParameterType.STRING, "").required());

        assertThatRefused(tool, "{\"City\":\"x\",\"a\\nb\":1}")
                .withMessage("the arguments of 'echo' are wrong: city is missing; there is no parameter City,"
                        + " (a name that cannot be shown)");
    }

    @Test
    void holdsValuesAgainstTheirSchema() {
        JsonObject schema = object("""
                {"type": "object", "required": ["root"], "additionalProperties": false,
                 "properties": {"root": {"$ref": "#/$defs/node"}},
                 "$defs": {"node": {"type": "object", "additionalProperties": false, "required": ["name"],
                                    "properties": {"name": {"type": "string", "minLength": 1},
                                                   "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}
                """);
        Tool tool = SampleTools.of(parameter(ToolParameterType.OBJECT).schema(schema));
        String good = "{\"x\":{\"root\":{\"name\":\"a\",\"children\":[{\"name\":\"b\"}]}}}";

        assertThat(bound(tool, good)).isEqualTo(good);
        assertThat(bound(tool, text(JsonObject.of("x", "{\"root\":{\"name\":\"a\"}}"))))
                .isEqualTo("{\"x\":{\"root\":{\"name\":\"a\"}}}");
        assertThatRefused(tool, "{\"x\":{\"root\":{\"name\":\"a\",\"children\":[{\"name\":\"\"},{\"nam\":\"c\"}]}}}")
                .withMessage(
                        "the arguments of 'echo' are wrong: x: $.root.children[0].name has to have at least 1 characters; "
                                + "x: $.root.children[1] has a member that is not allowed: 'nam'; "
                                + "x: $.root.children[1] needs the member 'name'");
        assertThatRefused(tool, "{\"x\":[]}").withMessageEndingWith("x has to be an object, not an array");
    }

    @Test
    void bindsNullWhereTheSchemaTakesIt() {
        Tool nullable = SampleTools.of(parameter(ToolParameterType.ANY)
                .required()
                .schema(object("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}")));
        Tool withDefault = SampleTools.of(
                parameter(ToolParameterType.ANY).defaultValue("a").schema(object("{\"type\":[\"string\",\"null\"]}")));
        Tool other =
                SampleTools.of(parameter(ToolParameterType.ANY).required().schema(object("{\"type\":\"string\"}")));

        assertThat(bound(nullable, "{\"x\":null}")).isEqualTo("{\"x\":null}");
        assertThatRefused(nullable, "{}").withMessageEndingWith("x is missing");
        assertThat(bound(withDefault, "{\"x\":null}")).isEqualTo("{\"x\":null}");
        assertThat(bound(withDefault, "{}")).isEqualTo("{\"x\":\"a\"}");
        assertThatRefused(other, "{\"x\":null}").withMessageEndingWith("x is null, but has to have a value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${header.secret}", "${bean:x?method=y}", "{{env:HOME}}", "{{bactrian.credentials.x}}", "$simple{body}",
                        "#{T(java.lang.Runtime)}",
                "%{(#a=@java.lang.Runtime@getRuntime())}", "'; DROP TABLE tenants; --", "*)(uid=*))(|(uid=*",
                        "<script>", "RAW(x)", "jndi:ldap://x",
                "${jndi:ldap://127.0.0.1/x}", "{{x", "${", "\u202e{{x}}"
            })
    @DisplayName("PARSE-08: expressions of any language come through as they are, in every type that takes text")
    void leavesExpressionsAlone(String expression) {
        Tool tool = SampleTools.of(
                ToolParameter.llm("string", ToolParameterType.STRING, ""),
                ToolParameter.llm("secret", ToolParameterType.SECRET_INPUT, ""),
                ToolParameter.llm("any", ToolParameterType.ANY, ""),
                ToolParameter.llm("list", ToolParameterType.ARRAY, ""),
                ToolParameter.llm("map", ToolParameterType.OBJECT, ""),
                ToolParameter.llm("options", ToolParameterType.SELECT, "").options(expression),
                ToolParameter.llm("fallback", ToolParameterType.STRING, "").defaultValue(expression));
        JsonObject given = JsonObject.builder()
                .put("string", expression)
                .put("secret", expression)
                .put("any", JsonObject.of(expression, expression))
                .put("list", List.of(expression))
                .put("map", JsonObject.of("a", expression))
                .put("options", expression)
                .build();

        assertThat(tool.bind(given, JsonObject.EMPTY, true).arguments().values())
                .isEqualTo(given.with("fallback", expression));
    }

    @Test
    void givesArgumentsTheirJavaTypes() {
        ToolArguments arguments = bind(
                        SampleTools.of(
                                ToolParameter.llm("n", ToolParameterType.NUMBER, "")
                                        .whole()
                                        .range(0, 10),
                                ToolParameter.llm("b", ToolParameterType.BOOLEAN, ""),
                                ToolParameter.llm("l", ToolParameterType.ARRAY, ""),
                                ToolParameter.llm("f", ToolParameterType.FILE, "")),
                        "{\"n\":\"7.0\",\"b\":\"no\",\"l\":[\"a\"],\"f\":\"" + FILE + "\"}")
                .arguments();

        assertThat(arguments.integer("n")).isEqualTo(7);
        assertThat(arguments.number("n")).isEqualByComparingTo(new BigDecimal(7));
        assertThat(arguments.flag("b")).isFalse();
        assertThat(arguments.texts("l")).containsExactly("a");
        assertThat(arguments.findFile("f")).get().extracting(Object::toString).isEqualTo(FILE);
    }

    @Test
    void refusesValuesThatAreTooDeepForTheirSchema() {
        JsonValue deep = JsonNull.NULL;
        for (int i = 0; i < 70; i++) {
            deep = new JsonArray(List.of(deep));
        }
        Tool tool = SampleTools.of(parameter(ToolParameterType.ANY).schema(object("{\"type\":\"array\"}")));
        JsonObject given = new JsonObject(Map.of("x", deep));

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind(given, JsonObject.EMPTY, false))
                .withMessageContaining("x: $ cannot be checked: the value is nested more than 64 deep");
    }

    private static Tool.Bound bind(Tool tool, String arguments) {
        return tool.bind(object(arguments), JsonObject.EMPTY, true);
    }

    private static String bound(Tool tool, String arguments) {
        return text(bind(tool, arguments).arguments().values());
    }

    private static String bound(Tool tool, JsonObject arguments) {
        return text(tool.bind(arguments, JsonObject.EMPTY, true).arguments().values());
    }

    private static ThrowableAssertAlternative<BadRequestException> assertThatRefused(Tool tool, String arguments) {
        return assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind((JsonObject) json(arguments), JsonObject.EMPTY, true))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID));
    }

    private static ThrowableAssertAlternative<MisconfiguredException> assertThatMisconfigured(
            ToolParameter.Builder parameter) {
        return assertThatExceptionOfType(MisconfiguredException.class).isThrownBy(() -> SampleTools.of(parameter));
    }
}
