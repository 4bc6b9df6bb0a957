package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolJsonReadingTest {

    private final JsonCodec codec = ToolJson.codec();

    @Test
    void readsEveryKindOfValueInOrder() {
        JsonValue value = codec.parse(
                " {\"o\":{}, \"l\":[1,\"\\u00e9\",true,false,null,[]],\r\n\t\"n\":-1.50e-3, \"\":\"\\\"\\\\/\\b\"} ");

        assertThat(value)
                .isEqualTo(JsonObject.builder()
                        .put("o", JsonObject.EMPTY)
                        .put(
                                "l",
                                new JsonArray(List.of(
                                        JsonNumber.of(1),
                                        new JsonString("é"),
                                        JsonBoolean.TRUE,
                                        JsonBoolean.FALSE,
                                        JsonNull.NULL,
                                        new JsonArray(List.of()))))
                        .put("n", new BigDecimal("-0.0015"))
                        .put("", "\"\\/\b")
                        .build());
        assertThat(((JsonObject) value).names()).containsExactly("o", "l", "n", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "{",
                "[",
                "\"",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1,,2]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\":1 \"b\":2}",
                "{,}",
                "[\"a\"",
                "]",
                "}",
                "[}",
                "{]",
                "[1]]",
                "{}}",
                "{} {}",
                "1 2",
                "1,2",
                "\"a\" \"b\"",
                "true false",
                "nul",
                "nulll",
                "True",
                "TRUE",
                "undefined",
                "NaN",
                "-NaN",
                "Infinity",
                "-Infinity",
                "+Infinity",
                "'a'",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\\"",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"a\u0000b\"",
                "\"\u001f\"",
                "01",
                "-01",
                "00",
                "+1",
                ".5",
                "-.5",
                "1.",
                "1.e1",
                "1e",
                "1e+",
                "1E-",
                "-",
                "--1",
                "1-",
                "0x10",
                "1_000",
                "1,000",
                "\u0661",
                "1f",
                "1d",
                "1L",
                "/**/1",
                "1//",
                "#1",
                "// c\n1",
                "\u00a01",
                "1\u00a0",
                "\u20281",
                "\u0000",
                "1\u0000",
                "{\"a\":1}x",
                "[1]\u0007",
                "%7B%7D",
                "<a/>",
                "!!java.net.URL [\"http://x\"]",
                "(1)",
                "\\u0031",
                "b'x'",
                "[1, ...]",
                "{\"a\":...}",
                "None",
                "a"
            })
    @DisplayName("PARSE-05: what is cut off, has something after it or is no JSON is refused")
    void refusesWhatIsNoJson(String json) {
        assertThatRefused(json).withMessageContaining("the JSON ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff{}", "\ufeff", "\ufeff\ufeff1", "\ufffe{}"})
    @DisplayName("PARSE-05: byte order marks are refused")
    void refusesByteOrderMarks(String json) {
        assertThatRefused(json);
    }

    @Test
    void saysHowToMendAByteOrderMark() {
        assertThatRefused("\ufeff{}").withMessage("the JSON begins with a byte order mark: leave it out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\udc00\\ud800\"",
                "\"\\ud800\\ud800\\udc00\"",
                "\"a\\ud83dz\"",
                "{\"\\ud800\":1}",
                "[{\"a\":[\"\\udfff\"]}]"
            })
    @DisplayName("PARSE-05: halves of surrogate pairs are refused, escaped")
    void refusesHalfPairs(String json) {
        assertThatRefused(json).withMessageContaining("half of a surrogate pair");
    }

    @Test
    @DisplayName("PARSE-05: halves of surrogate pairs are refused, as they stand")
    void refusesHalfPairsAsTheyStand() {
        assertThatRefused("\"" + (char) 0xd800 + "\"").withMessageContaining("half of a surrogate pair");
        assertThatRefused("{\"" + (char) 0xdc00 + "x\":1}").withMessageContaining("half of a surrogate pair");
    }

    @Test
    void readsWholePairs() {
        String camel = Character.toString(0x1f42b);

        assertThat(codec.parse("\"\\ud83d\\udc2b\"")).isEqualTo(new JsonString(camel));
        assertThat(codec.parse("{\"" + camel + "\":1}")).isEqualTo(JsonObject.of(camel, 1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":1} | line 1, column 8",
                "{\"b\":{\"a\":1,\"a\":2}} | line 1, column 13",
                "[{\"a\":null,\"\\u0061\":2}] | line 1, column 12",
                "{\"\":1,\"\":2} | line 1, column 7"
            })
    @DisplayName("PARSE-03: a name given twice is refused, escaped or not, at any depth")
    void refusesANameGivenTwice(String json, String place) {
        assertThatRefused(json)
                .withMessageContaining("a name twice in one object")
                .withMessageContaining(place);
    }

    @Test
    void takesTheSameNameInDifferentObjects() {
        assertThat(codec.parse("[{\"a\":1},{\"a\":{\"a\":2}}]")).isInstanceOf(JsonArray.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "-0.0, 0",
        "0e5, 0",
        "0E-999, 0",
        "0.000e+999, 0",
        "5, 5",
        "5.0, 5",
        "1e2, 100",
        "1E+2, 100",
        "100e-2, 1",
        "9223372036854775808, 9223372036854775808",
        "-9223372036854775809, -9223372036854775809",
        "0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827",
        "1e308, 1e308",
        "4.9e-324, 4.9e-324",
        "1.7976931348623157e308, 1.7976931348623157e308"
    })
    @DisplayName("PARSE-02: numbers are read exactly")
    void readsNumbersExactly(String json, BigDecimal number) {
        assertThat(codec.parse(json)).isEqualTo(new JsonNumber(number));
    }

    @Test
    @DisplayName("PARSE-02: a number of 300 digits is read, one of 1001 characters is not")
    void boundsTheDigitsOfNumbers() {
        String digits = "123456789".repeat(33);

        assertThat(codec.parse(digits)).isEqualTo(new JsonNumber(new BigDecimal(digits)));
        assertThat(codec.parse("0." + "7".repeat(998))).isInstanceOf(JsonNumber.class);
        assertThatRefused("0." + "7".repeat(999)).withMessageContaining("1000");
        assertThatRefused("7".repeat(1_000_000)).withMessageContaining("1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e309",
                "1e400",
                "-1e400",
                "1e-400",
                "1e1000000",
                "1e-1000000",
                "1e2147483647",
                "1e-2147483647",
                "1e2147483648",
                "1e-2147483649",
                "1e99999999999999999999",
                "123456789e302",
                "[1, {\"a\": 1e999999999}]"
            })
    @DisplayName("PARSE-02: numbers that others would read as zero or infinity are refused")
    void refusesNumbersBeyondDoubles(String json) {
        assertThatRefused(json).withMessageContaining("1e-324").withMessageContaining("1e308");
    }

    static List<String> tooLarge() {
        return List.of(
                "[".repeat(10_000),
                "[".repeat(10_000) + "]".repeat(10_000),
                "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "\"" + "x".repeat(100_000_000) + "\"",
                members(1_000_000),
                members(100_001),
                "[" + "[],".repeat(100_000) + "[]]",
                "{\"" + "n".repeat(257) + "\":1}",
                " ".repeat(8_000_001));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    @DisplayName("PARSE-04: deep, long and wide documents are refused at the limit, at little cost")
    void refusesWhatIsTooLarge(String json) {
        assertThatRefused("[1"); // classes are loaded
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatRefused(json);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes, where a document may have " + ToolJson.LONGEST_DOCUMENT + " characters of two")
                .isLessThan(2L * 2 * ToolJson.LONGEST_DOCUMENT);
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        assertThat(codec.parse("[".repeat(64) + "]".repeat(64))).isInstanceOf(JsonArray.class);
        assertThatRefused("[".repeat(65) + "]".repeat(65)).withMessageContaining("64 levels");
        assertThat(((JsonObject) codec.parse(members(100_000))).names()).hasSize(100_000);
        assertThat(codec.parse("\"" + "x".repeat(7_999_998) + "\"")).isInstanceOf(JsonString.class);
        assertThat(codec.parse("{\"" + "n".repeat(256) + "\":1}")).isInstanceOf(JsonObject.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CANARY",
                "{\"CANARY\"}",
                "{\"CANARY\":1,\"CANARY\":2}",
                "[\"CANARY",
                "\"CANARY\\x\"",
                "{\"a\":CANARY}",
                "\"CANARY\" 1",
                "\"CANARY\\ud800\"",
                "{\"CANARY\":1e999}"
            })
    @DisplayName("LOG-01: what was handed in is never quoted")
    void neverQuotes(String json) {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> codec.parse(json))
                .satisfies(
                        error -> assertThat(error.toString() + error.getCause()).doesNotContain("CANARY"));
    }

    @Test
    void saysWhereItIsWrong() {
        assertThatRefused("{\n  \"a\": 1,\n  \"b\": tru\n}").withMessage("the JSON is not valid (line 3, column 8)");
        assertThatRefused("[1]\n [2]").withMessage("the JSON has something after its end (line 2, column 2)");
    }

    @Test
    @DisplayName("PARSE-05: JSON in a text within JSON stays text")
    void leavesJsonInTextsAlone() {
        assertThat(codec.parse("{\"a\":\"{\\\"b\\\":1}\"}")).isEqualTo(JsonObject.of("a", "{\"b\":1}"));
    }

    private ThrowableAssertAlternative<BadRequestException> assertThatRefused(String json) {
        return assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> codec.parse(json))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM));
    }
}
