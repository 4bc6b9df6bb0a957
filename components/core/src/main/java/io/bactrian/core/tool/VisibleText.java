package io.bactrian.core.tool;

/**
 * Text as a person would see it: without control characters, marks of writing direction, and characters that nobody sees, in
 * which text can be hidden from people that a model reads.
 */
public final class VisibleText {

    private VisibleText() {}

    /** The text with every kind of line end as a line feed, tabs kept, and what is invisible taken out. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        int previous = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean crlf = c == '\n' && previous == '\r';
            if (lineEnd(c)) {
                if (!crlf) {
                    visible.append('\n');
                }
            } else if (joiner(c) ? joins(previous) : shown(c)) {
                visible.appendCodePoint(c);
            }
            previous = c;
        }
        return visible.toString();
    }

    /** As {@link #of}, on one line and no longer than so many characters. */
    static String line(String text, int longest) {
        String line = of(text).replace('\n', ' ').replace('\t', ' ');
        return line.length() <= longest ? line : line.substring(0, cut(line, longest - 1)) + "…";
    }

    /** The place at or before an index where text can be cut without halving a character. */
    static int cut(String text, int index) {
        return index > 0 && index < text.length() && Character.isHighSurrogate(text.charAt(index - 1))
                ? index - 1
                : index;
    }

    private static boolean lineEnd(int c) {
        return c == '\n' || c == '\r' || c == '\u000B' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    /** What changes how its neighbours are drawn, which scripts and emoji need: one at a time, behind what it can change. */
    private static boolean joiner(int c) {
        return c == '\u200C' || c == '\u200D' || c == '\uFE0E' || c == '\uFE0F';
    }

    private static boolean joins(int previous) {
        return previous > 0x7F && !joiner(previous) && shown(previous);
    }

    private static boolean shown(int c) {
        if (c == '\t') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED -> false;
            case Character.FORMAT -> visibleFormat(c);
            default -> !blank(c);
        };
    }

    /** Signs that stand before Arabic, Syriac and Kaithi numbers: of the class of format characters, and drawn. */
    private static boolean visibleFormat(int c) {
        return c >= 0x0600 && c <= 0x0605
                || c == 0x06DD
                || c == 0x070F
                || c >= 0x0890 && c <= 0x0891
                || c == 0x08E2
                || c == 0x110BD
                || c == 0x110CD;
    }

    /** Fillers, and selectors of variants: of no class of their own, and drawn as nothing. */
    private static boolean blank(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c == 0x3164
                || c == 0xFFA0
                || c >= 0x180B && c <= 0x180F
                || c >= 0xFE00 && c <= 0xFE0F
                || c >= 0xE0000 && c <= 0xE0FFF;
    }
}
