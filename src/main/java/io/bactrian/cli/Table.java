package io.bactrian.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows for people as columns, for programs as JSON; the column names are the same in both. */
final class Table {

    private final String[] columns;
    private final List<List<Object>> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = columns;
    }

    /** Adds a row; null is shown as nothing. */
    Table row(@Nullable Object... cells) {
        List<Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell == null ? "" : cell instanceof Boolean || cell instanceof Number ? cell : cell.toString());
        }
        rows.add(row);
        return this;
    }

    int print(Session session, boolean json) {
        if (json) {
            session.printJson(rows.stream().map(this::named).toList());
            return CommandLineTool.DONE;
        }
        int[] widths = widths();
        session.print(line(List.of((Object[]) columns), widths));
        rows.forEach(row -> session.print(line(row, widths)));
        return CommandLineTool.DONE;
    }

    private Map<String, Object> named(List<Object> row) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            named.put(columns[i], row.get(i));
        }
        return named;
    }

    private int[] widths() {
        int[] widths = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    columns[i].length(),
                    rows.stream()
                            .mapToInt(row -> shown(row.get(column)).length())
                            .max()
                            .orElse(0));
        }
        return widths;
    }

    private static String line(List<Object> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = shown(row.get(i));
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static String shown(Object cell) {
        if (cell instanceof Boolean flag) {
            return flag ? "yes" : "no";
        }
        // a name must not forge a line (LOG-02)
        return cell.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
