package io.bactrian.tool.builtin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Json;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvConversionsTest {

    private static String toJson(String csv) {
        return CsvConversions.toJson(csv, Delimiter.COMMA, true, false).text();
    }

    private static String toCsv(String json) {
        return CsvConversions.toCsv(json, Delimiter.COMMA, true, false).text();
    }

    @Test
    void makesAnObjectOfEachRow() {
        assertThat(toJson("name,age\r\nAnn,30\r\n\"Smith, \"\"J\"\"\",\n\n\"two\nlines\", 007 \n"))
                .isEqualTo("[{\"name\":\"Ann\",\"age\":\"30\"},{\"name\":\"Smith, \\\"J\\\"\",\"age\":\"\"},"
                        + "{\"name\":\"two\\nlines\",\"age\":\" 007 \"}]");
        assertThat(toJson("\ufeffa,b\n1,2")).isEqualTo("[{\"a\":\"1\",\"b\":\"2\"}]");
        assertThat(toJson("a,b")).isEqualTo("[]");
    }

    @Test
    void readsTypesWhereAsked() {
        assertThat(CsvConversions.toJson("a,b,c,d,e,f,g\n1,-2.50,1e3,007,true,,1 000", Delimiter.COMMA, true, true)
                        .text())
                .isEqualTo("[{\"a\":1,\"b\":-2.50,\"c\":1000,\"d\":\"007\",\"e\":true,\"f\":null,\"g\":\"1 000\"}]");
    }

    @Test
    void makesArraysWithoutAHeader() {
        assertThat(CsvConversions.toJson("a;b\nc", Delimiter.SEMICOLON, false, false)
                        .text())
                .isEqualTo("[[\"a\",\"b\"],[\"c\"]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a,b\n1` | csv: row 2 has 1 cells, but there are 2 columns",
                "`a,b\n1,2\n1,2,3` | csv: row 3 has 3 cells, but there are 2 columns",
                "`a,,c\n1,2,3` | csv: column 2 has no name in the first row",
                "`a,b,a\n1,2,3` | csv: the column name 'a' is there twice",
                "`a,b\n\"1,2` | csv: is no CSV",
                "`a,b\n\"1\"x,2` | csv: is no CSV at line 2",
                "`` | csv: has no rows",
            })
    void saysWhatIsWrongWithTheCsv(String csv, String message) {
        assertThatThrownBy(() -> toJson(csv))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void makesARowOfEachObject() {
        assertThat(toCsv("[{\"a\":1,\"b\":\"x,y\"},{\"b\":null,\"c\":{\"k\":[true]}},{\"a\":\"say \\\"hi\\\"\"}]"))
                .isEqualTo("a,b,c\n1,\"x,y\",\n,,\"{\"\"k\"\":[true]}\"\n\"say \"\"hi\"\"\",,\n");
        assertThat(toCsv("[[1,\"two\"],[3]]")).isEqualTo("1,two\n3\n");
        assertThat(toCsv("[]")).isEmpty();
        assertThat(CsvConversions.toCsv("[{\"a\":\"1\\t2\"}]", Delimiter.TAB, false, false)
                        .text())
                .isEqualTo("\"1\t2\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | json: has to be an array of objects or of arrays",
                "[{},1] | json: item 2 is a number; all items have to be objects, or all arrays",
                "[[],{}] | json: item 2 is a object",
                "[{}, [] ] | json: item 2 is a array",
                "[ | json: ",
            })
    void saysWhatIsWrongWithTheJson(String json, String message) {
        assertThatThrownBy(() -> toCsv(json))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"})
    void guardsSpreadsheetsAgainstFormulas(String formula) {
        String json = JsonTexts.write(JsonValue.of(List.of(List.of(formula, -1))));

        String guarded = CsvConversions.toCsv(json, Delimiter.COMMA, true, true).text();
        String plain = CsvConversions.toCsv(json, Delimiter.COMMA, true, false).text();

        assertThat(CsvTables.read(guarded, Delimiter.COMMA).get(0)).containsExactly("'" + formula, "-1");
        assertThat(CsvTables.read(plain, Delimiter.COMMA).get(0)).containsExactly(formula, "-1");
    }

    @ParameterizedTest
    @DisplayName("PARSE-09: what was written is read back, whatever is in the cells")
    @EnumSource(Delimiter.class)
    void readsBackWhatItWrote(Delimiter delimiter) {
        SplittableRandom random = new SplittableRandom(2);
        String[] pieces = {
            "a", "\"", ",", ";", "\t", "|", "\n", "\r\n", " ", "'", "😀", "\\", "#", "${x}", "{{y}}", "=", ""
        };
        for (int i = 0; i < 1_000; i++) {
            List<Object> rows = new ArrayList<>();
            for (int row = random.nextInt(1, 4); row > 0; row--) {
                rows.add(IntStream.range(0, 3)
                        .mapToObj(cell -> IntStream.range(0, random.nextInt(4))
                                .mapToObj(piece -> pieces[random.nextInt(pieces.length)])
                                .collect(Collectors.joining()))
                        .toList());
            }
            JsonValue value = JsonValue.of(rows);

            String csv = CsvConversions.toCsv(JsonTexts.write(value), delimiter, false, false)
                    .text();

            assertThat(Json.of(
                            CsvConversions.toJson(csv, delimiter, false, false).text()))
                    .as(csv)
                    .isEqualTo(value);
        }
    }

    @Test
    @DisplayName("PARSE-04: rows, cells and characters end")
    void boundsTheTable() {
        assertThatThrownBy(() -> toJson("a\n".repeat(20_002))).hasMessage("csv: has more than 20000 rows");
        assertThatThrownBy(() -> toJson("a,".repeat(599) + "a")).hasMessage("csv: row 1 has 600 cells; at most 500");
        assertThatThrownBy(() -> toJson("a".repeat(2_000_001))).hasMessageContaining("at most 2000000 are accepted");
        assertThatThrownBy(() -> toCsv("[" + "[],".repeat(20_001) + "[]]"))
                .hasMessage("json: has more than 20000 rows");
        assertThatThrownBy(() -> toCsv("[[" + "1,".repeat(600) + "1]]")).hasMessageContaining("more than 500 items");
        JsonArray wide = new JsonArray(IntStream.range(0, 600)
                .<JsonValue>mapToObj(i -> Json.of("{\"c" + i + "\":1}"))
                .toList());
        assertThatThrownBy(() -> toCsv(JsonTexts.write(wide))).hasMessageContaining("more than 500 different names");
    }
}
