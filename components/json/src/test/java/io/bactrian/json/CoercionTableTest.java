package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameterType;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what each type of parameter makes of each kind of value; every cell is written out and every cell is tested. */
class CoercionTableTest {

    /** What is given, beside null, which is the same for all types. */
    private static final List<String> KINDS = List.of(
            "true",
            "0",
            "1",
            "5",
            "5.0",
            "2.50",
            "\"\"",
            "\" 7 \"",
            "\"hello\"",
            "\" Yes \"",
            "\"2026-01-31\"",
            "\"{\\\"a\\\":1}\"",
            "\"[1,2]\"",
            "\"{oops\"",
            "\"" + SampleTools.FILE_ID + "\"",
            "[]",
            "[\"hello\"]",
            "{}",
            "{\"a\":1}");

    /** Types, then given → outcome: JSON, or an exclamation mark and words of the error. */
    private static final String TABLE = """
            STRING SECRET_INPUT CHECKBOX DYNAMIC_SELECT
            true                -> "true"
            0                   -> "0"
            1                   -> "1"
            5                   -> "5"
            5.0                 -> "5.0"
            2.50                -> "2.50"
            ""                  -> ""
            " 7 "               -> " 7 "
            "hello"             -> "hello"
            " Yes "             -> " Yes "
            "2026-01-31"        -> "2026-01-31"
            "{\\"a\\":1}"       -> "{\\"a\\":1}"
            "[1,2]"             -> "[1,2]"
            "{oops"             -> "{oops"
            "FILE"              -> "FILE"
            []                  -> ! has to be text, not an array
            ["hello"]           -> ! has to be text, not an array
            {}                  -> ! has to be text, not an object
            {"a":1}             -> ! has to be text, not an object

            SELECT
            true                -> ! has to be one of hello, yes, 5
            0                   -> ! has to be one of
            1                   -> ! has to be one of
            5                   -> "5"
            5.0                 -> ! has to be one of
            2.50                -> ! has to be one of
            ""                  -> ""
            " 7 "               -> ! has to be one of
            "hello"             -> "hello"
            " Yes "             -> ! has to be one of
            "2026-01-31"        -> ! has to be one of
            "{\\"a\\":1}"       -> ! has to be one of
            "[1,2]"             -> ! has to be one of
            "{oops"             -> ! has to be one of
            "FILE"              -> ! has to be one of
            []                  -> ! has to be text, not an array
            ["hello"]           -> ! has to be text, not an array
            {}                  -> ! has to be text, not an object
            {"a":1}             -> ! has to be text, not an object

            BOOLEAN
            true                -> true
            0                   -> false
            1                   -> true
            5                   -> ! has to be true or false
            5.0                 -> ! has to be true or false
            2.50                -> ! has to be true or false
            ""                  -> ! has to be true or false
            " 7 "               -> ! has to be true or false
            "hello"             -> ! has to be true or false
            " Yes "             -> true
            "2026-01-31"        -> ! has to be true or false
            "{\\"a\\":1}"       -> ! has to be true or false
            "[1,2]"             -> ! has to be true or false
            "{oops"             -> ! has to be true or false
            "FILE"              -> ! has to be true or false
            []                  -> ! has to be true or false
            ["hello"]           -> ! has to be true or false
            {}                  -> ! has to be true or false
            {"a":1}             -> ! has to be true or false

            NUMBER
            true                -> ! has to be a number, not a boolean
            0                   -> 0
            1                   -> 1
            5                   -> 5
            5.0                 -> 5.0
            2.50                -> 2.50
            ""                  -> ! has to be a number, not a string
            " 7 "               -> 7
            "hello"             -> ! has to be a number, not a string
            " Yes "             -> ! has to be a number, not a string
            "2026-01-31"        -> ! has to be a number, not a string
            "{\\"a\\":1}"       -> ! has to be a number, not a string
            "[1,2]"             -> ! has to be a number, not a string
            "{oops"             -> ! has to be a number, not a string
            "FILE"              -> ! has to be a number, not a string
            []                  -> ! has to be a number, not an array
            ["hello"]           -> ! has to be a number, not an array
            {}                  -> ! has to be a number, not an object
            {"a":1}             -> ! has to be a number, not an object

            FILE
            true                -> ! has to be the id of a file
            0                   -> ! has to be the id of a file
            1                   -> ! has to be the id of a file
            5                   -> ! has to be the id of a file
            5.0                 -> ! has to be the id of a file
            2.50                -> ! has to be the id of a file
            ""                  -> ! has to be the id of a file
            " 7 "               -> ! has to be the id of a file
            "hello"             -> ! has to be the id of a file
            " Yes "             -> ! has to be the id of a file
            "2026-01-31"        -> ! has to be the id of a file
            "{\\"a\\":1}"       -> ! has to be the id of a file
            "[1,2]"             -> ! has to be one file, not 2
            "{oops"             -> ! is text that looks like JSON, but the JSON is not valid
            "FILE"              -> "FILE"
            []                  -> ! has to be one file, not 0
            ["hello"]           -> ! has to be the id of a file
            {}                  -> ! has to be the id of a file
            {"a":1}             -> ! has to be the id of a file

            FILES SYSTEM_FILES
            true                -> ! item 0 has to be the id of a file
            0                   -> ! item 0 has to be the id of a file
            1                   -> ! item 0 has to be the id of a file
            5                   -> ! item 0 has to be the id of a file
            5.0                 -> ! item 0 has to be the id of a file
            2.50                -> ! item 0 has to be the id of a file
            ""                  -> ! item 0 has to be the id of a file
            " 7 "               -> ! item 0 has to be the id of a file
            "hello"             -> ! item 0 has to be the id of a file
            " Yes "             -> ! item 0 has to be the id of a file
            "2026-01-31"        -> ! item 0 has to be the id of a file
            "{\\"a\\":1}"       -> ! item 0 has to be the id of a file
            "[1,2]"             -> ! item 0 has to be the id of a file
            "{oops"             -> ! item 0 is text that looks like JSON, but the JSON is not valid
            "FILE"              -> ["FILE"]
            []                  -> []
            ["hello"]           -> ! item 0 has to be the id of a file
            {}                  -> ! item 0 has to be the id of a file
            {"a":1}             -> ! item 0 has to be the id of a file

            OBJECT
            true                -> ! has to be an object, not a boolean
            0                   -> ! has to be an object, not a number
            1                   -> ! has to be an object, not a number
            5                   -> ! has to be an object, not a number
            5.0                 -> ! has to be an object, not a number
            2.50                -> ! has to be an object, not a number
            ""                  -> ! has to be an object, not a string
            " 7 "               -> ! has to be an object, not a string
            "hello"             -> ! has to be an object, not a string
            " Yes "             -> ! has to be an object, not a string
            "2026-01-31"        -> ! has to be an object, not a string
            "{\\"a\\":1}"       -> {"a":1}
            "[1,2]"             -> ! has to be an object, not a string
            "{oops"             -> ! is text that looks like JSON, but the JSON is not valid
            "FILE"              -> ! has to be an object, not a string
            []                  -> ! has to be an object, not an array
            ["hello"]           -> ! has to be an object, not an array
            {}                  -> {}
            {"a":1}             -> {"a":1}

            APP_SELECTOR
            true                -> ! has to be an object, not a boolean
            0                   -> ! has to be an object, not a number
            1                   -> ! has to be an object, not a number
            5                   -> ! has to be an object, not a number
            5.0                 -> ! has to be an object, not a number
            2.50                -> ! has to be an object, not a number
            ""                  -> ! has to be an object, not a string
            " 7 "               -> ! has to be an object, not a string
            "hello"             -> ! has to be an object, not a string
            " Yes "             -> ! has to be an object, not a string
            "2026-01-31"        -> ! has to be an object, not a string
            "{\\"a\\":1}"       -> ! needs the member app_id, a text
            "[1,2]"             -> ! has to be an object, not a string
            "{oops"             -> ! is text that looks like JSON, but the JSON is not valid
            "FILE"              -> ! has to be an object, not a string
            []                  -> ! has to be an object, not an array
            ["hello"]           -> ! has to be an object, not an array
            {}                  -> ! needs the member app_id, a text
            {"a":1}             -> ! needs the member app_id, a text

            MODEL_SELECTOR
            true                -> ! has to be an object, not a boolean
            0                   -> ! has to be an object, not a number
            1                   -> ! has to be an object, not a number
            5                   -> ! has to be an object, not a number
            5.0                 -> ! has to be an object, not a number
            2.50                -> ! has to be an object, not a number
            ""                  -> ! has to be an object, not a string
            " 7 "               -> ! has to be an object, not a string
            "hello"             -> ! has to be an object, not a string
            " Yes "             -> ! has to be an object, not a string
            "2026-01-31"        -> ! has to be an object, not a string
            "{\\"a\\":1}"       -> ! needs the member provider, a text
            "[1,2]"             -> ! has to be an object, not a string
            "{oops"             -> ! is text that looks like JSON, but the JSON is not valid
            "FILE"              -> ! has to be an object, not a string
            []                  -> ! has to be an object, not an array
            ["hello"]           -> ! has to be an object, not an array
            {}                  -> ! needs the member provider, a text
            {"a":1}             -> ! needs the member provider, a text

            ARRAY
            true                -> ! has to be a list, not a boolean
            0                   -> ! has to be a list, not a number
            1                   -> ! has to be a list, not a number
            5                   -> ! has to be a list, not a number
            5.0                 -> ! has to be a list, not a number
            2.50                -> ! has to be a list, not a number
            ""                  -> ! has to be a list, not a string
            " 7 "               -> ! has to be a list, not a string
            "hello"             -> ! has to be a list, not a string
            " Yes "             -> ! has to be a list, not a string
            "2026-01-31"        -> ! has to be a list, not a string
            "{\\"a\\":1}"       -> ! has to be a list, not a string
            "[1,2]"             -> [1,2]
            "{oops"             -> ! has to be a list, not a string
            "FILE"              -> ! has to be a list, not a string
            []                  -> []
            ["hello"]           -> ["hello"]
            {}                  -> ! has to be a list, not an object
            {"a":1}             -> ! has to be a list, not an object

            TOOLS
            true                -> ! has to be a list, not a boolean
            0                   -> ! has to be a list, not a number
            1                   -> ! has to be a list, not a number
            5                   -> ! has to be a list, not a number
            5.0                 -> ! has to be a list, not a number
            2.50                -> ! has to be a list, not a number
            ""                  -> ! has to be a list, not a string
            " 7 "               -> ! has to be a list, not a string
            "hello"             -> ! has to be a list, not a string
            " Yes "             -> ! has to be a list, not a string
            "2026-01-31"        -> ! has to be a list, not a string
            "{\\"a\\":1}"       -> ! has to be a list, not a string
            "[1,2]"             -> ! item 0 has to be an object, not a number
            "{oops"             -> ! has to be a list, not a string
            "FILE"              -> ! has to be a list, not a string
            []                  -> []
            ["hello"]           -> ! item 0 has to be an object, not a string
            {}                  -> ! has to be a list, not an object
            {"a":1}             -> ! has to be a list, not an object

            ANY
            true                -> true
            0                   -> 0
            1                   -> 1
            5                   -> 5
            5.0                 -> 5.0
            2.50                -> 2.50
            ""                  -> ""
            " 7 "               -> " 7 "
            "hello"             -> "hello"
            " Yes "             -> " Yes "
            "2026-01-31"        -> "2026-01-31"
            "{\\"a\\":1}"       -> "{\\"a\\":1}"
            "[1,2]"             -> "[1,2]"
            "{oops"             -> "{oops"
            "FILE"              -> "FILE"
            []                  -> []
            ["hello"]           -> ["hello"]
            {}                  -> {}
            {"a":1}             -> {"a":1}

            DATE
            true                -> ! has to be a date such as 2026-01-31
            0                   -> ! has to be a date such as 2026-01-31
            1                   -> ! has to be a date such as 2026-01-31
            5                   -> ! has to be a date such as 2026-01-31
            5.0                 -> ! has to be a date such as 2026-01-31
            2.50                -> ! has to be a date such as 2026-01-31
            ""                  -> ! has to be a date such as 2026-01-31
            " 7 "               -> ! has to be a date such as 2026-01-31
            "hello"             -> ! has to be a date such as 2026-01-31
            " Yes "             -> ! has to be a date such as 2026-01-31
            "2026-01-31"        -> "2026-01-31"
            "{\\"a\\":1}"       -> ! has to be a date such as 2026-01-31
            "[1,2]"             -> ! has to be a date such as 2026-01-31
            "{oops"             -> ! has to be a date such as 2026-01-31
            "FILE"              -> ! has to be a date such as 2026-01-31
            []                  -> ! has to be text, not an array
            ["hello"]           -> ! has to be text, not an array
            {}                  -> ! has to be text, not an object
            {"a":1}             -> ! has to be text, not an object

            DATE_RANGE
            true                -> ! has to be an object, not a boolean
            0                   -> ! has to be an object, not a number
            1                   -> ! has to be an object, not a number
            5                   -> ! has to be an object, not a number
            5.0                 -> ! has to be an object, not a number
            2.50                -> ! has to be an object, not a number
            ""                  -> ! has to be a date such as 2026-01-31
            " 7 "               -> ! has to be a date such as 2026-01-31
            "hello"             -> ! has to be a date such as 2026-01-31
            " Yes "             -> ! has to be a date such as 2026-01-31
            "2026-01-31"        -> {"start":"2026-01-31"}
            "{\\"a\\":1}"       -> ! has to be an object with start, end or both
            "[1,2]"             -> ! has to be a date such as 2026-01-31
            "{oops"             -> ! is text that looks like JSON, but the JSON is not valid
            "FILE"              -> ! has to be a date such as 2026-01-31
            []                  -> ! has to be an object, not an array
            ["hello"]           -> ! has to be an object, not an array
            {}                  -> {}
            {"a":1}             -> ! has to be an object with start, end or both
            """.replace("FILE\"", SampleTools.FILE_ID + "\"");

    private record Cell(ToolParameterType type, String given, String outcome) {

        @Override
        public String toString() {
            return type + " of " + given;
        }
    }

    static List<Cell> cells() {
        return Arrays.stream(TABLE.split("\n\n"))
                .flatMap(CoercionTableTest::block)
                .toList();
    }

    private static Stream<Cell> block(String block) {
        List<String> lines = block.lines().toList();
        return Arrays.stream(lines.get(0).split(" "))
                .map(ToolParameterType::valueOf)
                .flatMap(type -> lines.stream().skip(1).map(line -> {
                    String[] sides = line.split(" +-> ");
                    return new Cell(type, sides[0], sides[1]);
                }));
    }

    @Test
    void hasACellForEveryTypeAndKind() {
        var kinds = cells().stream()
                .collect(Collectors.groupingBy(
                        Cell::type, TreeMap::new, Collectors.mapping(Cell::given, Collectors.toList())));

        assertThat(kinds.keySet()).containsExactly(ToolParameterType.values());
        assertThat(kinds.values()).allSatisfy(given -> assertThat(given).containsExactlyElementsOf(KINDS));
    }

    @ParameterizedTest
    @MethodSource("cells")
    @DisplayName("PARSE-02, PARSE-06: a value becomes what the table says, or the table's error")
    void coercesAsTheTableSays(Cell cell) {
        Tool tool = SampleTools.of(SampleTools.parameter(cell.type()));
        JsonObject given = JsonObject.of("x", SampleTools.json(cell.given()));
        if (!cell.outcome().startsWith("! ")) {
            JsonObject bound =
                    tool.bind(given, JsonObject.EMPTY, true).arguments().values();
            assertThat(SampleTools.text(bound)).isEqualTo("{\"x\":" + cell.outcome() + "}");
            assertThat(tool.bind(bound, JsonObject.EMPTY, true).arguments().values())
                    .as("what was coerced stays as it is when it is coerced again")
                    .isEqualTo(bound);
            return;
        }
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind(given, JsonObject.EMPTY, true))
                .withMessageStartingWith(
                        "the arguments of 'echo' are wrong: x " + cell.outcome().substring(2))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID));
    }
}
