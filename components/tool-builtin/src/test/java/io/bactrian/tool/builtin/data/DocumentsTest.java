package io.bactrian.tool.builtin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Json;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

    @Test
    void laysJsonOutAnew() {
        String json = " {\"b\" : [1.0, 1e2,{ }, []], \"a\":\"x\"}";

        assertThat(JsonDocuments.format(json, 2, false).text()).isEqualTo("""
                {
                  "b": [
                    1.0,
                    1E+2,
                    {},
                    []
                  ],
                  "a": "x"
                }""");
        assertThat(JsonDocuments.format(json, 0, true).text()).isEqualTo("{\"a\":\"x\",\"b\":[1.0,100,{},[]]}");
        assertThatThrownBy(() -> JsonDocuments.format(json, 9, false))
                .hasMessage("indent: is 9; accepted are whole numbers from 0 to 8");
    }

    @ParameterizedTest
    @DisplayName("PARSE-03, PARSE-05: what is no JSON is refused")
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "NaN",
                "1 2",
                "{\"a\":1,\"a\":2}",
                "// c\n1",
                "\ufeff1",
                "\"\\ud800\"",
                "01",
                "[1",
                "tru"
            })
    void saysWhatIsNoJson(String json) {
        assertThatThrownBy(() -> JsonDocuments.format(json, 2, false))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("json: ");

        Answer answer = JsonDocuments.validate(json, "");
        assertThat(answer.text()).startsWith("not valid:\n");
        assertThat(answer.json().find("valid")).contains(JsonBoolean.of(false));
    }

    @Test
    void checksJsonAgainstASchema() {
        String schema = "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\"}}}";

        assertThat(JsonDocuments.validate("{\"a\":1}", schema).text()).isEqualTo("valid, and fits the schema");
        assertThat(JsonDocuments.validate("{\"a\":\"x\"}", schema).text())
                .startsWith("not valid:\n")
                .contains("a");
        assertThat(JsonDocuments.validate("[1]", "").text()).isEqualTo("valid JSON: array");
        assertThatThrownBy(() -> JsonDocuments.validate("1", "[]")).hasMessage("schema: has to be a JSON object");
        assertThatThrownBy(() -> JsonDocuments.validate("1", "{\"type\":7}"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("schema: ");
    }

    @ParameterizedTest
    @DisplayName("PARSE-07: a schema with a catastrophic pattern is refused or quick")
    @ValueSource(strings = {"^(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void isQuickWithCatastrophicPatterns(String pattern) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            try {
                assertThat(JsonDocuments.validate(
                                        "\"" + "a".repeat(10_000) + "!\"", "{\"pattern\":\"" + pattern + "\"}")
                                .text())
                        .startsWith("not valid");
            } catch (BadRequestException refused) {
                assertThat(refused).hasMessageStartingWith("schema: ");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: 1\nb: [x, 2.50, true, null, ~]` | {\"a\":1,\"b\":[\"x\",2.50,true,null,null]}",
                "`- 0x1F\n- 0o17\n- 1e3\n- '1'\n- yes\n- 2024-01-01` | [31,15,1000,\"1\",\"yes\",\"2024-01-01\"]",
                "`1: a\ntrue: b` | {\"1\":\"a\",\"true\":\"b\"}",
                "`a: &x {k: 1}\nb: *x` | {\"a\":{\"k\":1},\"b\":{\"k\":1}}",
                "`a: |\n  two\n  lines\nb: >\n  one\n  line\n` | {\"a\":\"two\\nlines\\n\",\"b\":\"one line\\n\"}",
                "`12345678901234567890.123456789` | 12345678901234567890.123456789",
                "`a: ${x} {{y}}` | {\"a\":\"${x} {{y}}\"}",
                "`<<: {a: 1}` | {\"a\":1}",
            })
    void readsYaml(String yaml, String expected) {
        assertThat(YamlDocuments.toJson(yaml, 0).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: [1` | yaml: is no YAML at line 1",
                "`a: 1\na: 2` | yaml: ",
                "`a: 1\n---\nb: 2` | yaml: is no YAML at line 2",
                "`x: !!java.lang.Runtime {}` | yaml: line 1: tags such as",
                "`!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]` | yaml: line 1: tags such as",
                "`? [a]\n: b` | yaml: is no YAML that can be read: Non scalar key",
                "`.inf` | yaml: line 1: '.inf' is no number that JSON has",
                "`1e999999999` | yaml: line 1: a number beyond all measure",
                "`` | yaml: is empty",
            })
    void saysWhatIsWrongWithTheYaml(String yaml, String message) {
        assertThatThrownBy(() -> YamlDocuments.toJson(yaml, 0))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    @DisplayName("PARSE-04: aliases that multiply, deep nesting and loops are refused")
    void refusesYamlBombs() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            laughs.append("a" + i + ": &a" + i + " [")
                    .append(("*a" + (i - 1) + ",").repeat(10))
                    .append("]\n");
        }
        StringBuilder few = new StringBuilder("a0: &a0 [" + "x,".repeat(2_000) + "]\n");
        for (int i = 1; i < 20; i++) {
            few.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ",*a" + (i - 1) + "]\n");
        }
        for (String bomb : List.of(
                laughs.toString(),
                few.toString(),
                "[".repeat(20_000),
                "- ".repeat(20_000),
                "&a [*a]",
                "&a {k: *a}",
                "a".repeat(1_000_001))) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> assertThatThrownBy(() -> YamlDocuments.toJson(bomb, 0))
                            .isInstanceOf(BadRequestException.class)
                            .hasMessageStartingWith("yaml: "));
        }
    }

    @Test
    void writesYaml() {
        assertThat(YamlDocuments.toYaml(
                                "{\"a\":[1,\"1\",\"true\",true,null,1.50],\"b\":{\"c\":\"two\\nlines\",\"d\":[],\"e\":{}},\"f\":\"${x} {{y}}\"}")
                        .text())
                .isEqualTo("""
                        a:
                        - 1
                        - '1'
                        - 'true'
                        - true
                        - null
                        - 1.50
                        b:
                          c: |-
                            two
                            lines
                          d: []
                          e: {}
                        f: ${x} {{y}}
                        """);
    }

    @Test
    @DisplayName("PARSE-09: JSON becomes YAML and the same JSON again")
    void readsBackTheYamlItWrote() {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 1_000; i++) {
            JsonValue value = JsonValue.of(any(random, 0));
            String yaml = YamlDocuments.toYaml(JsonTexts.write(value)).text();

            assertThat(Json.of(YamlDocuments.toJson(yaml, 0).text())).as(yaml).isEqualTo(value);
        }
    }

    private static @Nullable Object any(SplittableRandom random, int depth) {
        String[] texts = {
            "",
            "a",
            "1",
            "1e3",
            "0x1",
            "null",
            "~",
            "true",
            "no",
            "- a",
            "a: b",
            "#c",
            " x ",
            "\n",
            "é😀",
            "\t",
            "'",
            "\"",
            "*a",
            "&b",
            "!c",
            "%d",
            "@e",
            "{f",
            "[g",
            "|",
            ">",
            "2024-01-01",
            ".inf",
            "<<",
            "\u0085",
            "\u2028",
            "\u0001",
            "1.",
            "0o7"
        };
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(-5, 6));
            case 3, 4 -> texts[random.nextInt(texts.length)];
            case 5 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    list.add(any(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    map.put(texts[random.nextInt(texts.length)], any(random, depth + 1));
                }
                yield map;
            }
        };
    }
}
