package io.bactrian.bench;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. */
final class Table {

    private final List<String> lines = new ArrayList<>();

    /** @param head the first column is text, all others are numbers */
    Table(String... head) {
        row(head);
        StringBuilder line = new StringBuilder("|---|");
        line.append("---:|".repeat(head.length - 1));
        lines.add(line.toString());
    }

    Table row(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
        return this;
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n\n";
    }
}
