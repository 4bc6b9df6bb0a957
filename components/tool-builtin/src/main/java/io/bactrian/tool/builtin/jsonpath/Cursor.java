package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.ArgumentChecks;

/** A place in the text of a path, and the small pieces that can be read from there. */
final class Cursor {

    private static final char END = '\0';

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    BadRequestException refused(String problem) {
        return ArgumentChecks.refused(JsonPath.PARAMETER, "at character " + (at + 1) + ": " + problem);
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The character here; a NUL at the end, which no path has. */
    char peek() {
        return atEnd() ? END : text.charAt(at);
    }

    boolean looksAt(String what) {
        return text.startsWith(what, at);
    }

    /** Goes on if that is what stands here. */
    boolean take(String what) {
        boolean here = looksAt(what);
        at += here ? what.length() : 0;
        return here;
    }

    char next() {
        if (atEnd()) {
            throw refused("the path ends too early");
        }
        return text.charAt(at++);
    }

    void expect(String what) {
        if (!take(what)) {
            throw refused("'" + what + "' is expected" + found());
        }
    }

    /** What stands here instead, for messages. */
    String found() {
        return atEnd()
                ? ", not the end"
                : ", not " + ArgumentChecks.quoted(text.substring(at, Math.min(at + 10, text.length())));
    }

    /** Blanks as JSON has them. */
    void skipBlanks() {
        while (isBlank(peek())) {
            at++;
        }
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    int mark() {
        return at;
    }

    void reset(int mark) {
        at = mark;
    }

    /** The text from a mark to here. */
    String since(int mark) {
        return text.substring(mark, at);
    }

    /** Takes digits; says how many. */
    int takeDigits() {
        int before = at;
        while (isDigit(peek())) {
            at++;
        }
        return at - before;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A name behind a point (RFC 9535 §2.5.1.1): letters, digits, {@code _} and all beyond ASCII. */
    String shorthandName() {
        int before = at;
        while (isNameCharacter(peek()) && !(at == before && isDigit(peek()))) {
            at++;
        }
        if (at == before) {
            throw refused("a name or '*' is expected" + found() + "; other names are written ['so']");
        }
        return since(before);
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c >= 0x80;
    }

    /** A name of a function (RFC 9535 §2.4); empty if none begins here. */
    String functionName() {
        int before = at;
        while (isFunctionCharacter(peek()) && !(at == before && !(peek() >= 'a' && peek() <= 'z'))) {
            at++;
        }
        return since(before);
    }

    private static boolean isFunctionCharacter(char c) {
        return c >= 'a' && c <= 'z' || c == '_' || isDigit(c);
    }

    /** A whole number as a path has them (RFC 9535 §2.1): without leading zeros, within 2^53. */
    long integer() {
        int before = at;
        take("-");
        int digits = takeDigits();
        String number = since(before);
        if (digits == 0 || digits > 1 && number.charAt(number.length() - digits) == '0' || number.equals("-0")) {
            at = before;
            throw refused("a whole number is expected" + found());
        }
        if (digits > 16 || Math.abs(Long.parseLong(number)) > (1L << 53) - 1) {
            at = before;
            throw refused("the number is beyond 2^53");
        }
        return Long.parseLong(number);
    }
}
