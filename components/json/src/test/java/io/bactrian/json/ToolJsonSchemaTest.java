package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolJsonSchemaTest {

    private static final String LINKED = """
            {"$ref": "#/$defs/node",
             "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "value": {"type": "integer"}},
                                "required": ["value"], "additionalProperties": false}}}
            """;

    private final JsonCodec codec = ToolJson.codec();

    @Test
    void tellsAllThatIsWrongWithPathAndRule() {
        JsonCodec.Check check = check("""
                {"type": "object",
                 "properties": {"city": {"type": "string", "minLength": 2}, "days": {"type": "array", "items": {"type": "integer", "maximum": 9}},
                                "unit": {"enum": ["C", "F"]}, "when": {"format": "date"}, "zip": {"pattern": "^[0-9]+$"}, "no": false},
                 "required": ["city", "country"], "additionalProperties": false, "minProperties": 1}
                """);

        assertThat(check.problems(json("{\"city\":\"Bonn\",\"country\":\"x\"}")))
                .containsExactly("$ has a member that is not allowed: 'country'");
        assertThat(
                        check.problems(
                                json(
                                        "{\"city\":\"B\",\"days\":[1,\"2\",10],\"unit\":\"K\",\"when\":\"tomorrow\",\"zip\":\"x\",\"no\":1}")))
                .containsExactlyInAnyOrder(
                        "$.city has to have at least 2 characters",
                        "$.days[1] has to be integer",
                        "$.days[2] has to be at most 9",
                        "$.unit has to be one of C, F",
                        "$.when has to be in the format date",
                        "$.zip has to match the regular expression ^[0-9]+$",
                        "$.no is not allowed",
                        "$ needs the member 'country'");
        assertThat(check.problems(JsonNull.NULL)).containsExactly("$ has to be object");
    }

    @Test
    void tellsTenProblemsAtMost() {
        JsonCodec.Check check = check("{\"items\":{\"type\":\"integer\"}}");

        assertThat(check.problems(JsonArray.of(
                        IntStream.range(0, 5_000).mapToObj(i -> "x" + i).toList())))
                .hasSize(10)
                .startsWith("$[0] has to be integer");
    }

    @Test
    void tellsWhatIsWrongWithEachAlternativeTogether() {
        JsonCodec.Check check = check("""
                {"properties": {"anyOf": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                                "one": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]},
                                "list": {"items": {"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "integer"}]}}}}
                """);

        assertThat(check.problems(json("{\"anyOf\":5,\"one\":1.5,\"list\":[1,{\"a\":2}]}")))
                .containsExactlyInAnyOrder(
                        "$.anyOf fits none of the alternatives (has to be string / has to be null)",
                        "$.one fits none of the alternatives (has to be integer / has to be at least 5)",
                        "$.list[1] fits none of the alternatives (.a has to be string / has to be integer)");
        assertThat(check.problems(json("{\"one\":6}"))).containsExactly("$.one fits more than one of the alternatives");
        assertThat(check.problems(json("{\"anyOf\":null,\"one\":1}"))).isEmpty();
    }

    @Test
    @DisplayName("LOG-01: values are never quoted, and names only if they are harmless")
    void neverQuotesValues() {
        JsonCodec.Check check = check("""
                {"type": "object", "additionalProperties": {"type": "integer", "enum": [1], "const": 1, "not": {"type": "string"}},
                 "propertyNames": {"maxLength": 70}}
                """);
        String evil = "\u202e\n".repeat(3);

        List<String> problems = check.problems(JsonObject.of("ok", "CANARY", evil, "CANARY"));

        assertThat(problems)
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("CANARY") || problem.contains("\u202e"));
        assertThat(problems)
                .anyMatch(problem -> problem.startsWith("$.ok "))
                .anyMatch(problem -> problem.contains("(a name that cannot be shown)"));
        assertThat(check.problems(JsonObject.of("n".repeat(71), 1))).noneMatch(problem -> problem.contains("nnn"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"type\":\"integer\"} | 5.0 | true",
                "{\"type\":\"integer\"} | 5.5 | false",
                "{\"type\":\"integer\"} | 1e3 | true",
                "{\"type\":\"integer\"} | 123456789012345678901234567890 | true",
                "{\"type\":\"integer\",\"maximum\":10} | 123456789012345678901234567890 | false",
                "{\"type\":\"integer\",\"minimum\":10} | -123456789012345678901234567890 | false",
                "{\"type\":\"integer\",\"maximum\":9223372036854775807} | 9223372036854775808 | false",
                "{\"type\":\"integer\",\"maximum\":9223372036854775807} | 9223372036854775807 | true",
                "{\"type\":\"integer\",\"maximum\":1e300} | 1e301 | false",
                "{\"type\":\"number\",\"exclusiveMinimum\":0.1} | 0.1 | false",
                "{\"type\":\"number\",\"exclusiveMinimum\":0.1} | 0.10000000000000000001 | true",
                "{\"multipleOf\":0.01} | 19.99 | true",
                "{\"multipleOf\":0.01} | 19.999 | false",
                "{\"multipleOf\":3} | 9007199254740993 | true",
                "{\"multipleOf\":2} | 9007199254740993 | false",
                "{\"multipleOf\":1e-300} | 1e300 | true",
                "{\"const\":1} | 1.0 | true",
                "{\"enum\":[1,[2.0]]} | [2] | true",
                "{\"enum\":[{\"a\":1}]} | {\"a\":1.0} | true",
                "{\"enum\":[1]} | \"1\" | false",
                "{\"uniqueItems\":true} | [1,1.0] | false",
                "{\"uniqueItems\":true} | [1,\"1\",[1],{\"a\":1}] | true",
                "{\"type\":\"string\"} | 1 | false",
                "{\"maxLength\":1} | \"🐫\" | true",
                "{\"type\":[\"string\",\"null\"]} | null | true",
                "{} | {\"any\":[\"thing\"]} | true",
                "{\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"a\":{}}}]} | {\"a\":1} | true",
                "{\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"a\":{}}}]} | {\"b\":1} | false",
                "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]}} | {\"a\":1} | false",
                "{\"dependentRequired\":{\"a\":[\"b\"]}} | {\"a\":1} | false",
                "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false} | [\"a\",1] | false",
                "{\"contains\":{\"type\":\"integer\"},\"maxContains\":1} | [1,2] | false",
                "{\"patternProperties\":{\"^n_\":{\"type\":\"integer\"}},\"additionalProperties\":false} | {\"n_a\":1} | true",
                "{\"patternProperties\":{\"^n_\":{\"type\":\"integer\"}},\"additionalProperties\":false} | {\"x\":1} | false"
            })
    @DisplayName("PARSE-02: values are compared exactly")
    void checksExactly(String schema, String value, boolean fits) {
        assertThat(check(schema).problems(json(value)).isEmpty()).as(value).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "date | 2026-02-28 | 2026-02-30",
                "date-time | 2026-01-31T10:00:00Z | 2026-01-31 10:00",
                "time | 10:00:00+02:00 | 25:00:00Z",
                "duration | P3DT4H | 3 days",
                "email | a.b@example.com | a.b@",
                "uri | https://example.com/a?b=c | /a/b",
                "uri-reference | /a/b | a b",
                "uuid | 6ba7b810-9dad-11d1-80b4-00c04fd430c8 | 6ba7b810",
                "ipv4 | 10.0.0.255 | 10.0.0.256",
                "ipv4 | 0.0.0.0 | 010.0.0.1",
                "ipv6 | 2001:db8::1 | 2001:db8::g",
                "hostname | a-b.example.com | -a.example.com",
                "json-pointer | /a/b~1c | a/b",
                "relative-json-pointer | 1/a | /a",
                "regex | ^a+$ | (a"
            })
    void checksFormats(String format, String good, String bad) {
        JsonCodec.Check check = ToolJson.codec().schema(JsonObject.of("format", format));

        assertThat(check.problems(new JsonString(good))).isEmpty();
        assertThat(check.problems(new JsonString(bad))).containsExactly("$ has to be in the format " + format);
        assertThat(check.problems(json("5")))
                .as("other kinds than text have no format")
                .isEmpty();
    }

    @Test
    void leavesUnknownFormatsAlone() {
        assertThat(check("{\"format\":\"color\"}").problems(new JsonString("x")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostname",
                "json-pointer",
                "uri-template",
                "email",
                "idn-email",
                "uri",
                "iri",
                "date-time",
                "duration",
                "regex",
                "ipv6",
                "style",
                "utc-millisec",
                "idn-hostname"
            })
    @DisplayName("PARSE-07: formats are quick for long texts of the kind that makes expressions backtrack")
    void checksFormatsOfLongTextsQuickly(String format) {
        JsonCodec.Check check = ToolJson.codec().schema(JsonObject.of("format", format));
        for (String piece : List.of("a.", "1", "/~0", "a", ":", "{", "\u00e9", "-", "[", "P1Y", "@")) {
            for (int length : new int[] {999, 8_000, 1_000_000}) {
                JsonValue text = new JsonString(piece.repeat(length / piece.length()) + "!");
                assertTimeoutPreemptively(Duration.ofSeconds(2), () -> check.problems(text), piece);
            }
        }
    }

    @Test
    void followsReferencesWithinTheSchema() {
        JsonCodec.Check check = check(LINKED);

        assertThat(check.problems(json("{\"value\":1,\"next\":{\"value\":2,\"next\":{\"value\":3}}}")))
                .isEmpty();
        assertThat(check.problems(json("{\"value\":1,\"next\":{\"value\":2,\"next\":{\"value\":\"3\",\"x\":1}}}")))
                .containsExactly(
                        "$.next.next.value has to be integer", "$.next.next has a member that is not allowed: 'x'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#name\",\"$defs\":{\"a\":{\"$anchor\":\"name\",\"type\":\"string\"}}}",
                "{\"$id\":\"http://example.com/s\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}",
                "{\"$id\":\"some-name\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}",
                "{\"$ref\":\"#/$defs/a~1b%20c\",\"$defs\":{\"a/b c\":{\"type\":\"string\"}}}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{\"type\":\"string\"}}}",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema\",\"type\":\"string\"}",
                "{\"$schema\":\"https://json-schema.org/draft-06/schema#\",\"type\":\"string\"}",
                "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"type\":\"string\"}",
                "{\"$schema\":\"http://json-schema.org/draft/2020-12/schema#\",\"type\":\"string\"}",
                "{\"$dynamicRef\":\"#a\",\"$defs\":{\"a\":{\"$dynamicAnchor\":\"a\",\"type\":\"string\"}}}"
            })
    void knowsDraftsAnchorsAndPointers(String schema) {
        assertThat(check(schema).problems(new JsonString("a"))).isEmpty();
        assertThat(check(schema).problems(json("1"))).containsExactly("$ has to be string");
    }

    @Test
    void keepsToTheDraftThatASchemaNames() {
        String tuple = "\"items\":[{\"type\":\"string\"}],\"additionalItems\":false";

        assertThat(check("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"," + tuple + "}")
                        .problems(json("[1,2]")))
                .hasSize(2);
        assertThatRefused("{" + tuple + "}", "is none: $.items has to be");
        assertThat(check(
                                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"minimum\":1,\"exclusiveMinimum\":true}")
                        .problems(json("1")))
                .hasSize(1);
    }

    @Test
    void keepsSchemasOfTheSameIdApart() {
        String id = "{\"$id\":\"http://example.com/same\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"%\"}}}";
        JsonCodec.Check first = check(id.replace("%", "string"));
        JsonCodec.Check second = check(id.replace("%", "integer"));

        assertThat(first.problems(json("1"))).hasSize(1);
        assertThat(second.problems(json("1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"http://127.0.0.1:1/schema.json\"}",
                "{\"$ref\":\"https://example.com/schema.json#/a\"}",
                "{\"$ref\":\"file:///etc/passwd\"}",
                "{\"$ref\":\"classpath:draft-07/schema\"}",
                "{\"$ref\":\"jar:file:/x.jar!/y\"}",
                "{\"$ref\":\"other.json\"}",
                "{\"$ref\":\"\"}",
                "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}",
                "{\"$dynamicRef\":\"http://127.0.0.1:1/x#y\"}",
                "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"$recursiveRef\":\"http://127.0.0.1:1/\"}",
                "{\"properties\":{\"a\":{\"items\":{\"anyOf\":[{\"not\":{\"$ref\":\"http://127.0.0.1:1/x\"}}]}}}}",
                "{\"properties\":{\"default\":{\"$ref\":\"http://127.0.0.1:1/x\"}}}",
                "{\"$defs\":{\"enum\":{\"$ref\":\"http://127.0.0.1:1/x\"}}}",
                "{\"x-other\":{\"$ref\":\"http://127.0.0.1:1/x\"}}"
            })
    @DisplayName("SSRF-01: a reference to elsewhere is refused when the schema is compiled")
    void refusesReferencesToElsewhere(String schema) {
        assertThatRefused(schema, "refers elsewhere at $");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#/examples/0\",\"examples\":[{\"$ref\":\"http://127.0.0.1:1/x\"}]}",
                "{\"$ref\":\"#/const\",\"const\":{\"$id\":\"http://127.0.0.1:1/\",\"$ref\":\"x.json\"}}",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"id\":\"http://127.0.0.1:1/x\",\"$ref\":\"#/nowhere\"}",
                "{\"$id\":\"http://127.0.0.1:1/x\",\"$ref\":\"#nowhere\"}",
                "{\"$ref\":\"#/$defs/none\"}",
                "{\"$ref\":\"#/default\",\"default\":5}",
                "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"$ref\":\"#/$defs/none\"}}}}}"
            })
    @DisplayName(
            "SSRF-01: nothing is loaded by a reference into data or an id either, and what leads nowhere is refused at once")
    void refusesReferencesThatLeadNowhere(String schema) {
        assertThatRefused(schema, "");
    }

    @Test
    void takesMembersThatAreNamedLikeKeywords() {
        JsonCodec.Check check = check("""
                {"properties": {"$ref": {"type": "string"}, "$schema": {"type": "string"}, "pattern": {"type": "string"},
                                "enum": {"type": "string"}, "properties": {"type": "string"}},
                 "default": {"$ref": "http://example.com", "pattern": "(?=x)"}, "examples": [{"$schema": "http://example.com/x"}]}
                """);

        assertThat(check.problems(json("{\"$ref\":1,\"$schema\":1,\"pattern\":1,\"enum\":1,\"properties\":1}")))
                .containsExactlyInAnyOrder(
                        "$.$ref has to be string",
                        "$.$schema has to be string",
                        "$.pattern has to be string",
                        "$.enum has to be string",
                        "$.properties has to be string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":5}",
                "{\"type\":\"strin\"}",
                "{\"type\":\"any\"}",
                "{\"properties\":[]}",
                "{\"required\":true}",
                "{\"required\":[1]}",
                "{\"minimum\":\"1\"}",
                "{\"minLength\":-1}",
                "{\"enum\":5}",
                "{\"pattern\":5}",
                "{\"items\":5}",
                "{\"multipleOf\":0}",
                "{\"$ref\":5}",
                "{\"additionalProperties\":\"no\"}",
                "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"x\"}}}}}",
                "{\"allOf\":[]}",
                "{\"exclusiveMinimum\":true}"
            })
    void refusesWhatIsNoSchema(String schema) {
        assertThatRefused(schema, "is none: $");
    }

    @Test
    void refusesUnknownDrafts() {
        assertThatRefused("{\"$schema\":\"http://127.0.0.1:1/draft\"}", "leave it out for 2020-12");
        assertThatRefused("{\"$schema\":\"http://json-schema.org/draft-03/schema#\"}", "$schema");
        assertThatRefused("{\"properties\":{\"a\":{\"$schema\":\"http://127.0.0.1:1/draft\"}}}", "$schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(a)\\\\1", "((a{1000}){1000}){1000}", "[a"})
    @DisplayName("PARSE-07: expressions that need backtracking are refused, wherever they stand")
    void refusesExpressionsThatBacktrack(String expression) {
        assertThatRefused("{\"pattern\":\"" + expression + "\"}", "has a regular expression at $.pattern that ");
        assertThatRefused(
                "{\"patternProperties\":{\"" + expression + "\":{}}}",
                "has a regular expression at $.patternProperties");
        assertThatRefused(
                "{\"$ref\":\"#/const\",\"const\":{\"pattern\":\"" + expression + "\"}}",
                "has a regular expression that ");
    }

    @Test
    @DisplayName("PARSE-07: the expression that is catastrophic elsewhere takes less than 50 ms")
    void matchesQuickly() {
        JsonCodec.Check check = check("{\"pattern\":\"^(a+)+$\",\"patternProperties\":{\"(x+x+)+y\":{}}}");
        JsonValue text = new JsonString("a".repeat(10_000) + "!");
        for (int i = 0; i < 20; i++) {
            check.problems(text);
        }

        assertTimeoutPreemptively(Duration.ofMillis(500), () -> check.problems(text));
        assertThat(check.problems(text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"allOf\":[{\"$ref\":\"#\"}]}",
                "{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#\"}]}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
                "{\"not\":{\"$ref\":\"#\"}}",
                "{\"if\":{\"$ref\":\"#\"}}",
                "{\"$dynamicAnchor\":\"a\",\"$dynamicRef\":\"#a\"}"
            })
    void refusesSchemasThatLeadInCircles(String schema) {
        assertThatRefused(schema, "in a circle");
    }

    @Test
    @DisplayName("PARSE-04: a circle that only some values lead into ends there")
    void endsInCirclesOfSomeValues() {
        JsonCodec.Check check = check(
                "{\"if\":{\"type\":\"string\"},\"then\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}");

        assertThat(check.problems(json("1"))).isEmpty();
        assertThat(check.problems(new JsonString("x")))
                .singleElement()
                .asString()
                .contains("cannot be checked");
    }

    static List<String> explosive() {
        String twice = IntStream.range(0, 40)
                .mapToObj(i -> "\"d" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/d" + (i + 1)
                        + "\"},{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}]}")
                .collect(Collectors.joining(","));
        return List.of(
                "{\"properties\":{\"x\":{\"$ref\":\"#/$defs/d0\"}},\"$defs\":{" + twice
                        + ",\"d40\":{\"type\":\"string\"}}}",
                "{\"properties\":{\"x\":{\"$ref\":\"#/$defs/n\"}},\"$defs\":{\"n\":{\"anyOf\":["
                        + "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"minItems\":9},"
                        + "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"minItems\":8}]}}}",
                "{\"properties\":{\"x\":{\"allOf\":["
                        + String.join(",", Collections.nCopies(5_000, "{\"uniqueItems\":true,\"maxLength\":1}"))
                        + "]}}}");
    }

    @ParameterizedTest
    @MethodSource("explosive")
    @DisplayName("PARSE-04: a short schema that asks for endless work ends within its budget, and refuses the value")
    void endsWithinTheBudget(String schema) {
        JsonCodec.Check check = check(schema);
        String deep = "[".repeat(60) + "]".repeat(60);
        String wide = IntStream.range(0, 90_000).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        for (String x : List.of(wide, "\"" + "x".repeat(7_000_000) + "\"")) {
            assertThat(within(check, json("{\"x\":" + x + "}"))).isNotEmpty();
        }
        within(check, json("{\"x\":" + deep + "}"));
        assertThat(check.problems(JsonObject.EMPTY)).isEmpty();
    }

    static List<Arguments> costly() {
        String nested = "{\"x\":".repeat(50) + "1" + "}".repeat(50);
        return List.of(
                // what was evaluated is looked for again and again
                Arguments.of(
                        "{\"properties\":{\"r\":{\"$ref\":\"#/$defs/n\"}},\"$defs\":{\"n\":{\"unevaluatedProperties\":false,\"anyOf\":["
                                + "{\"properties\":{\"x\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"y\"]},"
                                + "{\"properties\":{\"x\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"z\"]}]}}}",
                        "{\"r\":" + nested + "}"),
                Arguments.of(
                        "{\"unevaluatedProperties\":false,\"allOf\":["
                                + listed(3_000, "{\"additionalProperties\":true}") + "]}",
                        "{" + listed(1_000, "\"m#\":1") + "}"),
                // one keyword with thousands of words, for thousands of objects
                Arguments.of(
                        "{\"items\":{\"required\":[" + listed(5_000, "\"k#\"") + "]}}",
                        "[" + listed(90_000, "{}") + "]"),
                Arguments.of(
                        "{\"items\":{\"properties\":{" + listed(5_000, "\"k#\":true") + "}}}",
                        "[" + listed(90_000, "{}") + "]"),
                Arguments.of(
                        "{\"patternProperties\":{" + listed(1_500, "\"^k#.*x$\":true") + "}}",
                        "{" + listed(90_000, "\"kkkkkkkkkkkkkkkkkkkk#\":1") + "}"),
                // formats that are slow for their length, of thousands of texts
                Arguments.of(
                        "{\"items\":{\"format\":\"idn-hostname\"}}",
                        "[" + listed(7_000, "\"" + "\u00e9.".repeat(490) + "\"") + "]"),
                Arguments.of(
                        "{\"items\":{\"format\":\"email\"}}", "[" + listed(7_000, "\"" + "@".repeat(990) + "\"") + "]"),
                Arguments.of("{\"items\":{\"format\":\"regex\"}}", "[" + listed(90_000, "\"(a{60}){60}\"") + "]"));
    }

    private static String listed(int times, String item) {
        return IntStream.range(0, times)
                .mapToObj(i -> item.replace("#", String.valueOf(i)))
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @MethodSource("costly")
    @DisplayName("PARSE-04: keywords that look at much in one step pay for it")
    void paysForWhatTakesLong(String schema, String value) {
        assertThat(within(check(schema), json(value)))
                .singleElement()
                .asString()
                .contains("it takes too many steps");
    }

    @Test
    void doesNotPayTooMuchForHonestOnes() {
        JsonCodec.Check check = check(
                "{\"items\":{\"type\":\"string\",\"format\":\"email\",\"maxLength\":100,\"pattern\":\"^[a-z0-9]+@[a-z.]+$\"}}");

        assertThat(check.problems(json("[" + listed(20_000, "\"user#@example.com\"") + "]")))
                .isEmpty();
    }

    private static List<String> within(JsonCodec.Check check, JsonValue value) {
        // seconds on a busy machine, where it would be years
        return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> check.problems(value));
    }

    @Test
    void checksALargeValueAgainstAnHonestSchema() {
        JsonCodec.Check check = check(
                "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000000}}");

        assertThat(check.problems(
                        JsonArray.of(IntStream.range(0, 100_000).boxed().toList())))
                .isEmpty();
    }

    @Test
    @DisplayName("PARSE-04: deep, large and long-winded schemas are refused")
    void refusesLargeSchemas() {
        JsonObject deep = JsonObject.EMPTY;
        for (int i = 0; i < 10_000; i++) {
            deep = JsonObject.of("not", deep);
        }
        JsonObject tooDeep = deep;
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> codec.schema(tooDeep))
                .withMessageContaining("64 deep");
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> codec.schema(
                        JsonObject.of("enum", IntStream.range(0, 20_001).boxed().toList())))
                .withMessageContaining("too large");
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> codec.schema(JsonObject.of("description", "x".repeat(1_000_001))))
                .withMessageContaining("too large");
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> codec.schema(chain(6_500)))
                .withMessageContaining("refer");
    }

    private static JsonObject chain(int length) {
        JsonObject.Builder definitions = JsonObject.builder();
        for (int i = 0; i < length; i++) {
            definitions.put("d" + i, JsonObject.of("$ref", "#/$defs/d" + (i + 1)));
        }
        definitions.put("d" + length, JsonObject.of("type", "string"));
        return JsonObject.of("$defs", definitions.build(), "$ref", "#/$defs/d0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://json-schema.org/draft/2020-12/schema",
                "https://json-schema.org/draft/2019-09/schema",
                "http://json-schema.org/draft-07/schema#"
            })
    void compilesTheDeepestSchemas(String draft) {
        String deep = "{\"properties\":{\"a\":{\"items\":{\"anyOf\":[".repeat(10) + "{\"type\":\"string\"}"
                + "]}}}}".repeat(10);
        String value = "{\"a\":[".repeat(10) + "%s" + "]}".repeat(10);
        JsonCodec.Check check = check("{\"$schema\":\"" + draft + "\"," + deep.substring(1));

        assertThat(check.problems(json(String.format(Locale.ROOT, value, "\"x\""))))
                .isEmpty();
        assertThat(check.problems(json(String.format(Locale.ROOT, value, "1"))))
                .singleElement()
                .asString()
                .contains("has to be string");
    }

    @Test
    @DisplayName("PARSE-02: a number of Java's that is short and huge is refused before it is written out")
    void refusesHugeNumbersOfJava() {
        JsonValue huge = JsonValue.of(new BigDecimal("1e2000000000"));
        JsonCodec.Check check = check("{\"type\":\"integer\",\"multipleOf\":3}");

        assertThat(check.problems(huge))
                .singleElement()
                .asString()
                .startsWith("$ cannot be checked: the value has a number of more");
        assertThat(check.problems(JsonValue.of(new BigDecimal("1e-2000000000"))))
                .hasSize(1);
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> codec.schema(JsonObject.of("minimum", new BigDecimal("1e2000000000"))))
                .withMessageContaining("2000 digits");
    }

    @Test
    void compilesALargeHonestSchema() {
        JsonObject.Builder properties = JsonObject.builder();
        for (int i = 0; i < 1_500; i++) {
            properties.put(
                    "p" + i,
                    json(
                            "{\"type\":[\"string\",\"null\"],\"description\":\"a field\",\"items\":{\"type\":\"string\"},\"enum\":[1,2]}"));
        }
        JsonCodec.Check check = codec.schema(JsonObject.of("type", "object", "properties", properties.build()));

        assertThat(check.problems(JsonObject.of("p7", 5))).hasSize(2);
    }

    @Test
    void isSharedByThreads() throws Exception {
        JsonCodec.Check check = check(LINKED);
        JsonValue good = json("{\"value\":1,\"next\":{\"value\":2}}");
        JsonValue bad = json("{\"value\":1,\"next\":{\"value\":\"x\"}}");
        Callable<Boolean> work = () -> {
            for (int i = 0; i < 500; i++) {
                if (!check.problems(good).isEmpty() || check.problems(bad).size() != 1) {
                    return false;
                }
            }
            return true;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(work));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private JsonCodec.Check check(String schema) {
        return codec.schema((JsonObject) json(schema));
    }

    private JsonValue json(String json) {
        return codec.parse(json);
    }

    private void assertThatRefused(String schema, String why) {
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> check(schema))
                .withMessageStartingWith("the JSON Schema ")
                .withMessageContaining(why)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.MISCONFIGURED));
    }
}
