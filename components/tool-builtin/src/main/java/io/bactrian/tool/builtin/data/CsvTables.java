package io.bactrian.tool.builtin.data;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.bactrian.core.error.BadRequestException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** CSV (RFC 4180) as rows of cells and back. */
final class CsvTables {

    static final int LONGEST = 2_000_000;
    static final int MOST_ROWS = 20_000;
    static final int MOST_COLUMNS = 500;

    private static final CsvMapper MAPPER = CsvMapper.builder(CsvFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST)
                            .build())
                    .build())
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
            .build();

    private CsvTables() {}

    /** @throws BadRequestException if it is no CSV, or larger than the bounds */
    static List<String[]> read(String csv, Delimiter delimiter) {
        checkLength("csv", csv, LONGEST);
        String text = csv.startsWith("\ufeff") ? csv.substring(1) : csv;
        List<String[]> rows = new ArrayList<>();
        try (MappingIterator<String[]> in =
                MAPPER.readerFor(String[].class).with(schema(delimiter)).readValues(text)) {
            while (in.hasNextValue()) {
                String[] row = in.nextValue();
                checkRow(row, rows.size() + 1);
                if (!isBlankLine(row, rows)) {
                    rows.add(row);
                }
            }
        } catch (JsonProcessingException wrong) {
            throw refused(
                    "csv",
                    "is no CSV"
                            + (wrong.getLocation() == null
                                    ? ""
                                    : " at line " + wrong.getLocation().getLineNr())
                            + ": a quoted cell ends with its quote, and quotes within it are doubled");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return rows;
    }

    /** A line without anything is an empty cell only where rows have one cell. */
    private static boolean isBlankLine(String[] row, List<String[]> before) {
        boolean empty = row.length == 0 || row.length == 1 && row[0].isEmpty();
        return empty && (before.isEmpty() || before.get(0).length > 1);
    }

    private static void checkRow(String[] row, int number) {
        if (number > MOST_ROWS) {
            throw refused("csv", "has more than " + MOST_ROWS + " rows");
        }
        if (row.length > MOST_COLUMNS) {
            throw refused("csv", "row " + number + " has " + row.length + " cells; at most " + MOST_COLUMNS);
        }
    }

    static String write(List<List<String>> rows, Delimiter delimiter) {
        StringWriter out = new StringWriter();
        try (SequenceWriter writer = MAPPER.writer(schema(delimiter)).writeValues(out)) {
            for (List<String> row : rows) {
                writer.write(row.toArray());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static CsvSchema schema(Delimiter delimiter) {
        return CsvSchema.emptySchema()
                .withColumnSeparator(delimiter.character())
                .withLineSeparator("\n");
    }
}
