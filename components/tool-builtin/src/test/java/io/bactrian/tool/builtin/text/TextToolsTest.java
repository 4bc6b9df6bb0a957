package io.bactrian.tool.builtin.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Json;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextToolsTest {

    private static JsonObject object(String json) {
        return (JsonObject) Json.quoted(json);
    }

    private static String split(String text, SplitBy by) {
        return Splitter.split(text, by, "", 1, 0).text();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Dear {name}, | {'name':'Ann'} | Dear Ann,",
                "{a}{b}{a} | {'a':1,'b':true} | 1true1",
                "{user.name} of {user.teams.1} | {'user':{'name':'Ann','teams':['x','y']}} | Ann of y",
                "{a.b} | {'a.b':'whole','a':{'b':'part'}} | whole",
                "{n} | {'n':1.50} | 1.50",
                "{list} {o} | {'list':[1,'a'],'o':{'k':null}} | [1,\"a\"] {\"k\":null}",
                "costs ${price} | {'price':5} | costs $5",
                "no placeholder | {} | no placeholder",
                "{} { } {1} {a b} {a:b} {a+b} | {} | {} { } {1} {a b} {a:b} {a+b}",
                "{\"json\": {name}} | {'name':1} | {\"json\": 1}",
                "{{name}} {{ name }} {name} | {'name':1} | {{name}} {{ name }} 1",
                "{{{name}}} | {'name':1} | {{{name}}}",
            })
    void fillsPlaceholders(String template, String values, String expected) {
        assertThat(Templates.fill(template, object(values)).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("PARSE-08: expressions of other languages are echoed literally, in the template and in the values")
    @ValueSource(
            strings = {
                "{{7*7}}",
                "{{name}}",
                "${7*7}",
                "#{7*7}",
                "${jndi:ldap://127.0.0.1/a}",
                "{%if x%}",
                "<%= 7*7 %>",
                "${T(java.lang.Runtime)}",
                "*)(uid=*))(|(uid=*",
                "' or 1=1 --",
                "%{(#a=1)}",
                "{name}",
            })
    void evaluatesNothing(String hostile) {
        JsonObject values = JsonObject.of("name", hostile, "x", "filled");

        if (!hostile.equals("{name}")) {
            assertThat(Templates.fill(hostile, values).text()).isEqualTo(hostile);
        }
        assertThat(Templates.fill("<{name}>{x}", values).text()).isEqualTo("<" + hostile + ">filled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{b} | {'a':1} | values: have none for the placeholder '{b}'; given are a",
                "{b} | {} | values: have none for the placeholder '{b}'; given are none",
                "{a.b.c} | {'a':{'b':1}} | values: have none for the placeholder '{a.b.c}'; given are a",
                "{a.9} | {'a':[1]} | values: have none for the placeholder '{a.9}'",
                "{a} | {'a':null} | values: the placeholder '{a}' has the value null",
            })
    void saysWhichValueIsMissing(String template, String values, String message) {
        assertThatThrownBy(() -> Templates.fill(template, object(values)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void saysWhichValuesNobodyUsed() {
        Answer answer = Templates.fill("{a} {c.d}", object("{'a':1,'b':2,'c':{'d':3}}"));

        assertThat(answer.json().find("unused")).contains(Json.quoted("['b']"));
        assertThat(answer.json().find("used")).contains(Json.quoted("['a','c']"));
    }

    @Test
    @DisplayName("PARSE-04: a template does not grow without end")
    void boundsTheFilledTemplate() {
        JsonObject values = JsonObject.of("a", "x".repeat(100_000));

        assertThatThrownBy(() -> Templates.fill("{a}".repeat(1_000), values))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("longer than 1000000 characters");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "WORDS | Don't stop: 3.5 km, naïve café! | [\"Don't\",\"stop\",\"3.5\",\"km\",\"naïve\",\"café\"]",
                "SENTENCES | One. Two? It is 3.5 km!  Three | [\"One.\",\"Two?\",\"It is 3.5 km!\",\"Three\"]",
                "WORDS | `` | []",
            })
    void splitsByLanguage(SplitBy by, String text, String expected) {
        assertThat(split(text, by)).isEqualTo(expected);
    }

    @Test
    void splitsByLinesAndParagraphs() {
        assertThat(split("a\nb\r\n\nc", SplitBy.LINES)).isEqualTo("[\"a\",\"b\",\"\",\"c\"]");
        assertThat(split("a\nb\n\n  \n\nc\r\n \t\r\nd", SplitBy.PARAGRAPHS)).isEqualTo("[\"a\\nb\",\"c\",\"d\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b,,c,', ',', '[\"a\",\"b\",\"\",\"c\",\"\"]'",
        "abc, ', ', '[\"abc\"]'",
        "'', ',', '[\"\"]'",
        "a.b, ., '[\"a\",\"b\"]'",
        "a||b, ||, '[\"a\",\"b\"]'",
    })
    void splitsByASeparatorThatIsNoPattern(String text, String separator, String expected) {
        assertThat(Splitter.split(text, SplitBy.SEPARATOR, separator, 1, 0).text())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "abcdefg, 3, 0, '[\"abc\",\"def\",\"g\"]'",
        "abcdefg, 3, 1, '[\"abc\",\"cde\",\"efg\"]'",
        "abc, 10, 9, '[\"abc\"]'",
        "😀😀😀, 2, 1, '[\"😀😀\",\"😀😀\"]'",
        "'', 5, 0, []",
    })
    void splitsByLengthInWholeCharacters(String text, long length, long overlap, String expected) {
        assertThat(Splitter.split(text, SplitBy.LENGTH, "", length, overlap).text())
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("PARSE-04: parts are counted before they fill the memory")
    void boundsTheParts() {
        String text = "a ".repeat(400_000);

        assertThatThrownBy(() -> Splitter.split("abc", SplitBy.SEPARATOR, "", 1, 0))
                .hasMessageStartingWith("separator: is empty");
        assertThatThrownBy(() -> Splitter.split(text, SplitBy.SEPARATOR, " ", 1, 0))
                .hasMessage("text: would have more than 10000 parts");
        assertThatThrownBy(() -> Splitter.split(text, SplitBy.LENGTH, "", 1, 0))
                .hasMessage("text: would have more than 10000 parts");
        assertThatThrownBy(() -> Splitter.split(text, SplitBy.WORDS, "", 1, 0))
                .hasMessage("text: would have more than 10000 parts");
        assertThatThrownBy(() -> Splitter.split(text, SplitBy.LENGTH, "", 500_000, 499_900))
                .hasMessageStartingWith("overlap: makes the parts longer than 4000000");
        assertThatThrownBy(() -> Splitter.split(text, SplitBy.LENGTH, "", 10, 10))
                .hasMessage("overlap: is 10; accepted are whole numbers from 0 to 9");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "UPPER, straße ﬁ i, STRASSE FI I",
        "LOWER, İSTANBUL I, i̇stanbul i",
        "TITLE, the QUICK brown-fox isn't ǆ, The Quick Brown-Fox Isn't ǅ",
        "SENTENCE, HELLO THERE. how ARE you? 'fine', Hello there. How are you? 'Fine'",
        "SLUG, ' Ünïcödé & Größe: 50% OFF! ', unicode-grosse-50-off",
        "SLUG, Łódź Æsir œuvre, lodz-aesir-oeuvre",
        "SLUG, 日本語 テスト, 日本語-テスト",
        "SLUG, '!!!', ''",
        "SNAKE, parseHTMLText fromURL2, parse_html_text_from_url2",
        "KEBAB, some Text_here, some-text-here",
        "CAMEL, some-text here, someTextHere",
        "PASCAL, some-text HERE, SomeTextHere",
        "CONSTANT, someText, SOME_TEXT",
        "CAMEL, '', ''",
        "SNAKE, don't STOP, dont_stop",
    })
    void changesTheStyle(Style style, String text, String expected) {
        assertThat(Styles.change(text, style).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("PARSE-05: halves of characters and much text do no harm")
    @EnumSource(Style.class)
    void takesAnyText(Style style) {
        assertThat(Styles.change("\ud800 a\udc00 \u0000 \u202e", style).text()).isNotNull();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Styles.change("aB-".repeat(300_000), style));
        assertThatThrownBy(() -> Styles.change("a".repeat(1_000_001), style)).isInstanceOf(BadRequestException.class);
    }

    @Test
    void counts() {
        assertThat(TextFacts.count("Hi, 👩‍🚀! It's 3.5 km.\n\nBye").json())
                .isEqualTo(
                        object(
                                "{'characters':24,'code_points':26,'words':5,'sentences':3,'lines':3,'paragraphs':2,'bytes':34}"));
        assertThat(TextFacts.count("").text())
                .isEqualTo("0 characters, 0 words, 0 sentences, 0 lines, 0 paragraphs, 0 bytes in UTF-8");
        assertThatThrownBy(() -> TextFacts.count("\ud800")).hasMessageContaining("lone surrogate");
    }

    @Test
    void takesBlanksAway() {
        String text = "  a \u00a0\t b  \n\n\n \n c\u3000";

        assertThat(TextFacts.trim(text, false).text()).isEqualTo("a \u00a0\t b  \n\n\n \n c");
        assertThat(TextFacts.trim(text, true).text()).isEqualTo("a b\n\nc");
        assertThat(TextFacts.trim(" \n ", true).text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, false, 0.5714, 3",
        "abc, abc, false, 1, 0",
        "abc, xyz, false, 0, 3",
        "'', '', false, 1, 0",
        "'', abc, false, 0, 3",
        "ABC, abc, true, 1, 0",
        "ABC, abc, false, 0, 3",
        "😀a, 😁a, false, 0.5, 1",
    })
    void measuresSimilarity(String first, String second, boolean anyCase, String similarity, int distance) {
        assertThat(Comparisons.similarity(first, second, anyCase).json())
                .isEqualTo(object("{'similarity':" + similarity + ",'distance':" + distance + "}"));
    }

    @Test
    void showsTheLinesThatDiffer() {
        Answer answer = Comparisons.diff("a\nb\nc\nd", "a\nB\nc\nd\ne", 1);

        assertThat(answer.text()).isEqualTo("""
                --- first
                +++ second
                @@ -1,4 +1,5 @@
                 a
                -b
                +B
                 c
                 d
                +e""");
        assertThat(answer.json().find("added")).contains(Json.of("2"));
        assertThat(answer.json().find("removed")).contains(Json.of("1"));
        assertThat(Comparisons.diff("a\r\nb", "a\nb", 3).text()).isEqualTo("no difference");
    }

    @Test
    @DisplayName("PARSE-04: comparisons are bounded, and quick at their bounds")
    void boundsComparisons() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> Comparisons.similarity("ab".repeat(2_500), "bc".repeat(2_500), false));
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        for (int i = 0; i < Comparisons.MOST_LINES; i++) {
            first.append(i).append('\n');
            second.append(-i - 1).append('\n');
        }
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(8), () -> Comparisons.diff(first.toString(), second.toString(), 3));

        assertThatThrownBy(() -> Comparisons.similarity("a".repeat(5_001), "", false))
                .hasMessageContaining("at most 5000 are accepted");
        assertThatThrownBy(() -> Comparisons.diff("\n".repeat(5_001), "", 3))
                .hasMessage("first: has 5001 lines; at most 5000 are accepted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'b':'text'}} | $.a.b | text",
                "{'a':[1,2]} | $.a | [1,2]",
                "{'a':[1,2]} | $.a[*] | [1,2]",
                "{'a':['x']} | $.a[*] | [\"x\"]",
                "{'a':1.50} | $.a | 1.50",
                "{'a':null} | $.a | null",
                "{'a':1} | $.b | no match",
                "{'a':'${x} {{y}}'} | $.a | ${x} {{y}}",
            })
    void takesValuesOutOfJson(String json, String path, String expected) {
        assertThat(JsonPathTool.find(json.replace('\'', '"'), path).text()).isEqualTo(expected);
    }

    @Test
    void saysWhatIsWrongWithTheJson() {
        assertThatThrownBy(() -> JsonPathTool.find("{\"a\":", "$.a"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("json: ");
        assertThatThrownBy(() -> JsonPathTool.find("[".repeat(10_000), "$"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("json: ");
        assertThatThrownBy(() -> JsonPathTool.find("{\"a\":1,\"a\":2}", "$.a"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("json: ");
        assertThatThrownBy(() -> JsonPathTool.find("{}", "a.b")).hasMessageStartingWith("path: at character 1");
    }
}
