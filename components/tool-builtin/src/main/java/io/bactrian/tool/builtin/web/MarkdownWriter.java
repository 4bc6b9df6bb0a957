package io.bactrian.tool.builtin.web;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts text together line by line: blanks and line breaks are asked for, and written when text follows, so that there are
 * never more than needed. Used once.
 */
final class MarkdownWriter {

    private final StringBuilder out = new StringBuilder();
    private final List<String> prefixes = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();
    private String bullet = "";
    private int breaks;

    /** How many prefixes the last line and the next one have in common: empty lines between them have no more. */
    private int common = Integer.MAX_VALUE;

    private boolean blank;
    private int cells;

    /** Text as HTML has it: any number of blanks is one. */
    void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBlank(c)) {
                blank = true;
            } else {
                flush();
                out.append(cells > 0 && c == '|' ? "\\|" : String.valueOf(c));
            }
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u00a0';
    }

    /** Text as it is, line by line. */
    void verbatim(String text) {
        for (String line : text.split("\\R", -1)) {
            flush();
            out.append(line);
            breaks = 1;
        }
    }

    /** Asks for the end of a line, or with 2 for an empty line; within a cell of a table there is none. */
    void lines(int count) {
        if (cells > 0) {
            blank = true;
            return;
        }
        if (!bullet.isEmpty() && count > 1) {
            // the first paragraph of an item stands behind its mark
            return;
        }
        breaks = Math.max(breaks, count);
        blank = false;
    }

    /** A mark that opens something, such as {@code **}; it is written with the first text in it. */
    void open(String mark) {
        marks.add(mark);
    }

    /** Closes what was opened last; what holds no text is not there at all. */
    void close(String mark) {
        if (marks.isEmpty()) {
            out.append(mark);
        } else {
            marks.remove(marks.size() - 1);
        }
    }

    /** From now on lines begin with this. */
    void indent(String prefix) {
        common = Math.min(common, prefixes.size());
        prefixes.add(prefix);
    }

    /** Ends the last {@link #indent}. */
    void outdent() {
        prefixes.remove(prefixes.size() - 1);
        common = Math.min(common, prefixes.size());
    }

    /** The next text begins an item of a list. */
    void bullet(String mark) {
        bullet = mark;
    }

    /** Forgets the mark of an item that had no text. */
    void dropBullet() {
        bullet = "";
    }

    void cellBegins() {
        flush();
        cells++;
        out.append("| ");
        blank = false;
    }

    void cellEnds() {
        cells--;
        out.append(' ');
        blank = false;
    }

    /** Anything that is written as it is, in the current line. */
    void raw(String text) {
        flush();
        out.append(text);
    }

    int length() {
        return out.length();
    }

    private void flush() {
        if (breaks > 0 && out.length() > 0) {
            for (int i = 1; i < breaks; i++) {
                out.append('\n')
                        .append(joined(Math.min(common, prefixes.size())).stripTrailing());
            }
            out.append('\n').append(prefix());
        } else if (out.length() == 0) {
            out.append(prefix());
        } else if (blank && bullet.isEmpty()) {
            out.append(' ');
        }
        breaks = 0;
        common = Integer.MAX_VALUE;
        blank = false;
        bullet = "";
        marks.forEach(out::append);
        marks.clear();
    }

    /** The line's beginning; the item's mark stands in the place of its own indent. */
    private String prefix() {
        String all = joined(prefixes.size());
        return bullet.isEmpty() ? all : all.substring(0, all.length() - bullet.length()) + bullet;
    }

    private String joined(int count) {
        return String.join("", prefixes.subList(0, count));
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
