package io.bactrian.tool.builtin.data;

import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** CSV into JSON, one object a row, and JSON into CSV. */
final class CsvConversions {

    /** Numbers as JSON writes them: what has leading zeros, such as a postcode, is text. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9]\\d{0,33})(?:\\.\\d{1,34})?(?:[eE][+-]?\\d{1,2})?");

    /** What spreadsheets take for a formula at the beginning of a cell. */
    private static final String FORMULA_STARTS = "=+-@\t\r";

    private CsvConversions() {}

    /**
     * CSV as JSON.
     *
     * @param header whether the first row names the columns; otherwise rows become arrays
     * @param types whether numbers, truth values and empty cells become such, instead of text
     */
    static Answer toJson(String csv, Delimiter delimiter, boolean header, boolean types) {
        List<String[]> rows = CsvTables.read(csv, delimiter);
        if (rows.isEmpty()) {
            throw refused("csv", "has no rows");
        }
        List<JsonValue> converted = new ArrayList<>();
        List<String> columns = header ? columns(rows.get(0)) : List.of();
        for (int i = header ? 1 : 0; i < rows.size(); i++) {
            converted.add(header ? object(columns, rows.get(i), i + 1, types) : array(rows.get(i), types));
        }
        JsonArray array = new JsonArray(converted);
        return new Answer(
                JsonTexts.write(array),
                JsonObject.builder()
                        .put("rows", array)
                        .put("columns", columns)
                        .put("count", converted.size())
                        .build());
    }

    private static List<String> columns(String[] names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.length; i++) {
            if (names[i].isBlank()) {
                throw refused(
                        "csv",
                        "column " + (i + 1) + " has no name in the first row; without names set header to false");
            }
            if (!seen.add(names[i])) {
                throw refused("csv", "the column name " + quoted(names[i]) + " is there twice in the first row");
            }
        }
        return List.of(names);
    }

    private static JsonObject object(List<String> columns, String[] cells, int number, boolean types) {
        if (cells.length != columns.size()) {
            throw refused(
                    "csv",
                    "row " + number + " has " + cells.length + " cells, but there are " + columns.size()
                            + " columns; check the delimiter and the quotes");
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            members.put(columns.get(i), cell(cells[i], types));
        }
        return new JsonObject(members);
    }

    private static JsonArray array(String[] cells, boolean types) {
        return new JsonArray(Arrays.stream(cells).map(cell -> cell(cell, types)).toList());
    }

    private static JsonValue cell(String cell, boolean types) {
        if (!types) {
            return new JsonString(cell);
        }
        return switch (cell) {
            case "" -> JsonNull.NULL;
            case "true", "TRUE", "True" -> JsonBoolean.of(true);
            case "false", "FALSE", "False" -> JsonBoolean.of(false);
            default -> NUMBER.matcher(cell).matches() ? new JsonNumber(new BigDecimal(cell)) : new JsonString(cell);
        };
    }

    /**
     * A JSON array of objects, or of arrays, as CSV. Nested values become JSON text in their cell.
     *
     * @param guard whether cells that a spreadsheet would run as a formula get an apostrophe before them
     * @throws BadRequestException if it is something else, naming the row
     */
    static Answer toCsv(String json, Delimiter delimiter, boolean header, boolean guard) {
        if (!(JsonTexts.read("json", json) instanceof JsonArray rows)) {
            throw refused("json", "has to be an array of objects or of arrays");
        }
        if (rows.elements().size() > CsvTables.MOST_ROWS) {
            throw refused("json", "has more than " + CsvTables.MOST_ROWS + " rows");
        }
        List<String> columns = columns(rows);
        if (columns.size() > CsvTables.MOST_COLUMNS) {
            throw refused("json", "has more than " + CsvTables.MOST_COLUMNS + " different names");
        }
        List<List<String>> table = new ArrayList<>();
        if (header && !columns.isEmpty()) {
            table.add(columns.stream().map(name -> guard ? guarded(name) : name).toList());
        }
        for (JsonValue row : rows.elements()) {
            table.add(cells(row, columns, guard));
        }
        String csv = CsvTables.write(table, delimiter);
        return new Answer(
                csv,
                JsonObject.builder()
                        .put("csv", csv)
                        .put("columns", columns)
                        .put("count", rows.elements().size())
                        .build());
    }

    /** The names of all objects, in the order in which they come up. */
    private static List<String> columns(JsonArray rows) {
        Set<String> names = new LinkedHashSet<>();
        boolean objects = !rows.elements().isEmpty() && rows.elements().get(0) instanceof JsonObject;
        for (int i = 0; i < rows.elements().size(); i++) {
            JsonValue row = rows.elements().get(i);
            if (row instanceof JsonObject object && objects) {
                names.addAll(object.names());
            } else if (!(row instanceof JsonArray) || objects) {
                throw refused(
                        "json",
                        "item " + (i + 1) + " is a " + row.kind() + "; all items have to be objects, or all arrays");
            }
        }
        return List.copyOf(names);
    }

    private static List<String> cells(JsonValue row, List<String> columns, boolean guard) {
        if (row instanceof JsonObject object) {
            return columns.stream()
                    .map(name -> text(object.find(name).orElse(JsonNull.NULL), guard))
                    .toList();
        }
        List<JsonValue> cells = ((JsonArray) row).elements();
        if (cells.size() > CsvTables.MOST_COLUMNS) {
            throw refused("json", "has an array of more than " + CsvTables.MOST_COLUMNS + " items");
        }
        return cells.stream().map(cell -> text(cell, guard)).toList();
    }

    private static String text(JsonValue value, boolean guard) {
        if (value == JsonNull.NULL) {
            return "";
        }
        if (value instanceof JsonString text) {
            return guard ? guarded(text.value()) : text.value();
        }
        return JsonTexts.write(value);
    }

    /** What OWASP advises against CSV injection. */
    private static String guarded(String text) {
        return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
