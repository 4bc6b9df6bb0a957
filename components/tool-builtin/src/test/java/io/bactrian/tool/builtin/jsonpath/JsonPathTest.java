package io.bactrian.tool.builtin.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

    private static final JsonValue SHOP = Json.quoted("""
            {'books': [
                {'title': 'A', 'price': 5, 'tags': ['x', 'y']},
                {'title': 'B', 'price': 12.5, 'isbn': '0-1'},
                {'title': 'C', 'price': 20, 'isbn': null}],
             'bike': {'price': 400, 'colour': 'red'},
             'limit': 12.50}""");

    private static JsonArray values(String path, JsonValue from) {
        return new JsonArray(JsonPath.parse(path).find(from).stream()
                .map(JsonPath.Match::value)
                .toList());
    }

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "$.books[0].title ~ ['A']",
                "$['books'][-1][\"title\"] ~ ['C']",
                "$.books[*].price ~ [5, 12.5, 20]",
                "$..price ~ [5, 12.5, 20, 400]",
                "$.books[1:].title ~ ['B', 'C']",
                "$.books[::-1].title ~ ['C', 'B', 'A']",
                "$.books[:2].title ~ ['A', 'B']",
                "$.books[0:9:2].title ~ ['A', 'C']",
                "$.books[5:].title ~ []",
                "$.books[0, 2, 0].title ~ ['A', 'C', 'A']",
                "$.books[?@.isbn].title ~ ['B', 'C']",
                "$.books[?!@.isbn].title ~ ['A']",
                "$.books[?@.isbn == null].title ~ ['C']",
                "$.books[?@.price < 10 || @.price > 15].title ~ ['A', 'C']",
                "$.books[?@.price == $.limit].title ~ ['B']",
                "$.books[?@.price <= $.limit && @.isbn].title ~ ['B']",
                "$.books[?(@.price >= 12)].title ~ ['B', 'C']",
                "$.books[?'B' < @.title].title ~ ['C']",
                "$.books[?@.none == @.nothing].title ~ ['A', 'B', 'C']",
                "$.books[?length(@.tags) == 2].title ~ ['A']",
                "$.books[?count(@.*) > 2].title ~ ['A', 'B', 'C']",
                "$.books[?value(@..price) == 20].title ~ ['C']",
                "$.books[?match(@.title, '[AB]')].title ~ ['A', 'B']",
                "$.books[?search(@.isbn, '-')].title ~ ['B']",
                "$.books[?!match(@.title, 'A')].title ~ ['B', 'C']",
                "$.nothing.at.all ~ []",
                "$.limit.more ~ []",
                "$.bike['colour', 'price'] ~ ['red', 400]",
                "$ .bike .colour ~ ['red']",
            })
    void finds(String path, String expected) {
        assertThat(values(path, SHOP)).isEqualTo(Json.quoted(expected));
    }

    @Test
    void bindsAndTighterThanOr() {
        JsonValue rows = Json.quoted("[{'a':1,'b':1,'c':0}, {'a':0,'b':0,'c':1}, {'a':1,'b':0,'c':0}]");

        assertThat(values("$[?@.a == 1 && @.b == 1 || @.c == 1]", rows))
                .isEqualTo(Json.quoted("[{'a':1,'b':1,'c':0}, {'a':0,'b':0,'c':1}]"));
        assertThat(values("$[?@.c == 1 || @.a == 1 && @.b == 1]", rows))
                .isEqualTo(Json.quoted("[{'a':1,'b':1,'c':0}, {'a':0,'b':0,'c':1}]"));
        assertThat(values("$[?!(@.a == 1)]", rows)).isEqualTo(Json.quoted("[{'a':0,'b':0,'c':1}]"));
    }

    @Test
    void tellsWhereEachValueIs() {
        assertThat(JsonPath.parse("$..*").find(Json.of("{\"a'\\n\":[1],\"\\u0001\":2}")))
                .extracting(JsonPath.Match::path)
                .containsExactly("$['a\\'\\n']", "$['\\u0001']", "$['a\\'\\n'][0]");
    }

    @Test
    void ordersTextByCharactersAndNumbersByValue() {
        assertThat(values("$[?@ < '\uff5e']", Json.of("[\"\ud83d\ude00\", \"z\"]")))
                .isEqualTo(Json.of("[\"z\"]"));
        assertThat(values("$[?@ == 1e2]", Json.of("[100, 100.0, \"100\"]"))).isEqualTo(Json.of("[100, 100]"));
        assertThat(values("$[?length(@) == 1]", Json.of("[\"\ud83d\ude00\"]")).elements())
                .hasSize(1);
    }

    @Test
    void saysWhetherThereCanBeMoreThanOne() {
        assertThat(JsonPath.parse("$.a[0]['b']").leadsToOne()).isTrue();
        assertThat(JsonPath.parse("$.a[*]").leadsToOne()).isFalse();
        assertThat(JsonPath.parse("$..a").leadsToOne()).isFalse();
        assertThat(JsonPath.parse("$['a','b']").leadsToOne()).isFalse();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "books|at character 1: a path begins with '$'",
                "|at character 1: a path begins with '$'",
                "$.|at character 3: a name or '*' is expected, not the end",
                "$.a.|a name or '*' is expected",
                "$x|at character 2: '.', '..' or '[' is expected, not 'x'",
                "$.a-b|at character 4: '.', '..' or '[' is expected, not '-b'",
                "$[|a name in quotes, a number, a range",
                "$[0|']' is expected, not the end",
                "$[a]|a name in quotes",
                "$['a|ends too early",
                "$['a\\x']|no such escape",
                "$['\\ud800']|lone surrogate",
                "$[01]|a whole number is expected",
                "$[-0]|a whole number is expected",
                "$[9007199254740992]|beyond 2^53",
                "$[99999999999999999999]|beyond 2^53",
                "$[?@.a = 1]|equality is written '=='",
                "$[?@.a =~ /x/]|regular expressions are match",
                "$[?@.a == ]|a value, a query or a function is expected",
                "$[?1]|a comparison such as == is expected",
                "$[?@.* == 1]|a query that is compared has only names and numbers",
                "$[?foo(@.a) == 1]|no such function; there are length",
                "$[?match(@.a, 'x') == true]|is not compared",
                "$[?true]|a comparison such as == is expected",
                "$[?@.a == 1e99999]|an exponent has 1 to 4 digits",
                "$.a |'.', '..' or '[' is expected",
            })
    void saysWhereAPathIsWrong(String path, String message) {
        assertThatThrownBy(() -> JsonPath.parse(path == null ? "" : path))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("path: at character ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @DisplayName("PARSE-07: patterns that would backtrack for ever are quick")
    @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*)*$", "([a-zA-Z]+)*$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void matchesHostilePatternsInLinearTime(String pattern) {
        JsonValue text = new JsonArray(List.of(new JsonString("a".repeat(5_000) + "!")));

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> values("$[?search(@, '" + pattern + "')]", text));
    }

    @Test
    @DisplayName("PARSE-07: a pattern that is part of the data is as harmless as one in the path")
    void matchesPatternsOutOfTheData() {
        JsonValue data =
                Json.of("[{\"t\":\"" + "a".repeat(5_000) + "!\",\"p\":\"(a+)+$\"}, {\"t\":\"abc\",\"p\":\"b\"}]");

        assertThat(values("$[?search(@.t, @.p)].p", data)).isEqualTo(Json.of("[\"b\"]"));
    }

    @ParameterizedTest
    @DisplayName("PARSE-04: what grows without end is refused")
    @ValueSource(
            strings = {
                "$..*..*..*..*..*..*",
                "$..[?count($..*) > 1]",
                "$..[?@..[?$..*]]",
                "$[*][?$[*][?$[*][?$[*][?@.no]]]]",
            })
    void endsWhenItTakesTooManySteps(String path) {
        List<Object> data = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Object nested = 1;
            for (int depth = 0; depth < 50; depth++) {
                nested = List.of(nested, depth);
            }
            data.add(nested);
        }
        JsonValue document = JsonValue.of(data);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThatThrownBy(
                        () -> JsonPath.parse(path).find(document))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("takes too many steps"));
    }

    @Test
    @DisplayName("PARSE-04: nesting and length of a path end")
    void boundsThePathItself() {
        assertThatThrownBy(() -> JsonPath.parse("$" + "[?@".repeat(300) + "]".repeat(300)))
                .hasMessageContaining("nested more than 30 deep");
        assertThatThrownBy(() -> JsonPath.parse("$[?" + "(".repeat(900) + "@.a" + ")".repeat(900) + "]"))
                .hasMessageContaining("nested more than 30 deep");
        assertThatThrownBy(() -> JsonPath.parse("$" + ".a".repeat(5_000)))
                .hasMessageContaining("has 10001 characters; at most 2000 are accepted");
        assertThatThrownBy(() ->
                        JsonPath.parse("$[?match(@,'((a{900}){900}){900}')]").find(Json.of("[\"a\"]")))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    @DisplayName("PARSE-01: random text is a path or is refused, never anything else")
    void readsRandomTextOrRefusesIt() {
        SplittableRandom random = new SplittableRandom(11);
        String[] pieces = {
            "$", "@", ".", "..", "[", "]", "'", "\"", "a", "*", "?", "0", "-1", ":", ",", "(", ")", "&&", "||", "!",
            "==", "<", "length", "match", "null", " ", "\\", "u", "😀", "\u0000", "1e5"
        };
        for (int i = 0; i < 30_000; i++) {
            StringBuilder path = new StringBuilder("$");
            for (int n = random.nextInt(1, 15); n > 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(JsonPath.parse(path.toString()).find(SHOP)).isNotNull();
            } catch (BadRequestException refused) {
                assertThat(refused).hasMessageStartingWith("path: ");
            }
        }
    }
}
