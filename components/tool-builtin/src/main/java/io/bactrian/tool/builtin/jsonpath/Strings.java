package io.bactrian.tool.builtin.jsonpath;

/** Reads texts in quotes, and compares texts. */
final class Strings {

    private Strings() {}

    /** A text in single or double quotes with the escapes of JSON (RFC 9535 §2.3.1.1). */
    static String quoted(Cursor in) {
        char quote = in.next();
        StringBuilder text = new StringBuilder();
        while (in.peek() != quote) {
            if (in.peek() < ' ' && !in.atEnd()) {
                throw in.refused("a control character in a text is written with an escape");
            }
            char c = in.next();
            if (c == '\\') {
                escape(in, quote, text);
            } else {
                text.append(c);
            }
        }
        in.next();
        checkSurrogates(in, text);
        return text.toString();
    }

    private static void escape(Cursor in, char quote, StringBuilder text) {
        char c = in.next();
        switch (c) {
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case '/', '\\' -> text.append(c);
            case 'u' -> text.append(unit(in));
            default -> {
                if (c != quote) {
                    throw in.refused("no such escape in a text");
                }
                text.append(c);
            }
        }
    }

    private static char unit(Cursor in) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            char c = in.next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw in.refused("four hexadecimal digits are expected after \\u");
            }
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }

    private static void checkSurrogates(Cursor in, CharSequence text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw in.refused("half a character (a lone surrogate) in a text");
        }
    }

    /** Orders by characters, not by halves of them (RFC 9535 §2.3.5.2.2). */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                return rank(left) - rank(right);
            }
        }
        return a.length() - b.length();
    }

    /** A character of two halves comes after any of one. */
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }
}
