package io.bactrian.json;

import com.networknt.schema.regex.RegularExpressions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates a regular expression of ECMA-262 into the syntax of RE2, and counts how many states it will have before any is
 * made: {@code ((a{1000}){1000}){1000}} is a short text.
 */
final class EcmaPattern {

    private static final int LONGEST = 2_000;
    private static final int MOST_STATES = 5_000;
    private static final int LARGEST_REPEAT = 1_000;

    private static final String ANYTHING = "[\\x00-\\x{10FFFF}]";
    private static final String NOTHING = "[^\\x00-\\x{10FFFF}]";

    // the escapes that mean the same in both
    private static final String SHARED_ESCAPES = "dDwWsStnrfv0";
    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,6})(,([0-9]{0,6}))?\\}");
    private static final Pattern HEX = Pattern.compile("u(?:([0-9A-Fa-f]{4})|\\{([0-9A-Fa-f]{1,6})\\})");
    private static final Pattern LOW_SURROGATE = Pattern.compile("\\\\u([dD][c-fC-F][0-9A-Fa-f]{2})");
    private static final Pattern PROPERTY =
            Pattern.compile("[pP]\\{(?:(?:Script|sc|General_Category|gc)=)?([A-Za-z_]{1,40})\\}");

    private final String from;
    private final StringBuilder re2 = new StringBuilder();
    private final Deque<Group> groups = new ArrayDeque<>();
    private int at;

    /** What stands between two brackets: where its last atom begins, and how large all and the last atom are. */
    private static final class Group {
        private final int begin;
        private long states = 1;
        private int lastBegin;
        private long lastStates;

        Group(int begin) {
            this.begin = begin;
        }

        void atom(int atomBegin, long atomStates) {
            lastBegin = atomBegin;
            lastStates = atomStates;
            states += atomStates;
        }
    }

    private EcmaPattern(String from) {
        this.from = from;
        groups.push(new Group(0));
    }

    /** @throws LinearPattern.Refused if it has what RE2 has not, or is too large */
    static EcmaPattern translate(String expression) {
        if (expression.length() > LONGEST) {
            throw new LinearPattern.Refused("has more than " + LONGEST + " characters");
        }
        EcmaPattern pattern = new EcmaPattern(expression);
        while (pattern.at < expression.length()) {
            pattern.next();
        }
        if (pattern.groups.size() != 1) {
            throw unbalanced();
        }
        return pattern;
    }

    /** The expression for RE2. */
    String re2() {
        return re2.toString();
    }

    /** About how many states it has. */
    int size() {
        return (int) group().states;
    }

    private Group group() {
        return groups.getFirst();
    }

    private void next() {
        char c = from.charAt(at);
        switch (c) {
            case '(' -> open();
            case ')' -> close();
            case '[' -> characterClass();
            case '\\' -> {
                int begin = re2.length();
                escape(false);
                group().atom(begin, 1);
            }
            case '{' -> repeat();
            case '*', '+', '?' -> {
                re2.append(c);
                at++;
                repeated(1);
            }
            case '|' -> {
                re2.append(c);
                at++;
                group().atom(re2.length(), 1);
                group().lastStates = 0;
            }
            case '$' -> literal("\\z");
            default -> literal(String.valueOf(Character.toChars(from.codePointAt(at))));
        }
    }

    private void literal(String text) {
        group().atom(re2.length(), 1);
        re2.append(text);
        at += from.charAt(at) == '$' ? 1 : text.length();
    }

    private void open() {
        int prefix = 1;
        if (from.startsWith("(?:", at)) {
            prefix = 3;
        } else if (from.startsWith("(?<", at) && !from.startsWith("(?<=", at) && !from.startsWith("(?<!", at)) {
            int end = from.indexOf('>', at);
            if (end < 0) {
                throw unbalanced();
            }
            prefix = end + 1 - at;
        } else if (from.startsWith("(?", at)) {
            throw new LinearPattern.Refused(
                    "looks ahead or behind, or sets a flag, which needs backtracking: leave it out");
        }
        groups.push(new Group(re2.length()));
        // nobody asks for what a group captured
        re2.append("(?:");
        at += prefix;
    }

    private void close() {
        if (groups.size() == 1) {
            throw unbalanced();
        }
        Group closed = groups.pop();
        re2.append(')');
        at++;
        group().atom(closed.begin, closed.states + 1);
    }

    private void characterClass() {
        int begin = re2.length();
        boolean negated = from.startsWith("[^", at);
        at += negated ? 2 : 1;
        if (at < from.length() && from.charAt(at) == ']') {
            re2.append(negated ? ANYTHING : NOTHING);
            at++;
            group().atom(begin, 1);
            return;
        }
        re2.append(negated ? "[^" : "[");
        while (at < from.length() && from.charAt(at) != ']') {
            member(from.charAt(at));
        }
        if (at == from.length()) {
            throw unbalanced();
        }
        re2.append(']');
        at++;
        group().atom(begin, 1);
    }

    private void member(char c) {
        if (c == '\\') {
            escape(true);
            return;
        }
        // [[:alpha:]] is a class of RE2's, and letters in brackets to ECMA
        re2.append(c == '[' ? "\\[" : String.valueOf(c));
        at++;
    }

    private void escape(boolean inClass) {
        at++;
        if (at == from.length()) {
            throw new LinearPattern.Refused("ends with a backslash");
        }
        char c = from.charAt(at);
        if (c == 'u') {
            codePoint();
        } else if (c == 'c' && at + 1 < from.length() && Character.isLetter(from.charAt(at + 1))) {
            hex(from.charAt(at + 1) & 0x1f);
            at += 2;
        } else if (c == 'p' || c == 'P') {
            property(c);
        } else if (c == 'b' && inClass) {
            hex('\b');
            at++;
        } else if (!letterOrDigit(c)
                || SHARED_ESCAPES.indexOf(c) >= 0
                || !inClass && (c == 'b' || c == 'B')
                || c == 'x') {
            re2.append('\\').append(c);
            at++;
        } else {
            throw new LinearPattern.Refused("refers back or has an escape that is none: \\" + c);
        }
    }

    private void codePoint() {
        Matcher hex = HEX.matcher(from).region(at, from.length());
        if (!hex.lookingAt()) {
            throw new LinearPattern.Refused("has an escape that is none: \\u");
        }
        int code = Integer.parseInt(hex.group(1) == null ? hex.group(2) : hex.group(1), 16);
        at = hex.end();
        Matcher low = LOW_SURROGATE.matcher(from).region(at, from.length());
        if (Character.isBmpCodePoint(code) && Character.isHighSurrogate((char) code) && low.lookingAt()) {
            code = Character.toCodePoint((char) code, (char) Integer.parseInt(low.group(1), 16));
            at = low.end();
        }
        hex(code);
    }

    private void hex(int code) {
        re2.append("\\x{").append(Integer.toHexString(code)).append('}');
    }

    private void property(char c) {
        Matcher property = PROPERTY.matcher(from).region(at, from.length());
        if (!property.lookingAt()) {
            throw new LinearPattern.Refused("has an escape that is none: \\" + c);
        }
        String shortName = RegularExpressions.replaceLongformCharacterProperties("\\p{" + property.group(1) + "}");
        re2.append('\\').append(c).append(shortName, 2, shortName.length());
        at = property.end();
    }

    private void repeat() {
        Matcher repeat = REPEAT.matcher(from).region(at, from.length());
        if (!repeat.lookingAt()) {
            re2.append('\\');
            literal("{");
            return;
        }
        int least = Integer.parseInt(repeat.group(1));
        boolean open = repeat.group(2) != null && repeat.group(3).isEmpty();
        int most = repeat.group(2) == null || open ? least : Integer.parseInt(repeat.group(3));
        if (most < least) {
            throw new LinearPattern.Refused("is no regular expression");
        }
        at = repeat.end();
        repeated(group().lastStates * Math.max(0, most - 1L) + 1);
        String atom = re2.substring(group().lastBegin);
        re2.setLength(group().lastBegin);
        re2.append("(?:");
        times(atom, least, "");
        times(atom, most - least, "0,");
        re2.append(open ? atom + "*" : "").append(')');
    }

    /** RE2 repeats at most a thousand times at once. */
    private void times(String atom, int times, String from0) {
        for (int left = times; left > 0; left -= LARGEST_REPEAT) {
            re2.append(atom)
                    .append('{')
                    .append(from0)
                    .append(Math.min(left, LARGEST_REPEAT))
                    .append('}');
        }
    }

    /** The last atom is repeated, which adds states. */
    private void repeated(long states) {
        Group group = group();
        if (group.lastStates == 0) {
            throw new LinearPattern.Refused("is no regular expression");
        }
        group.states += states;
        group.lastStates = 0;
        if (group.states > MOST_STATES) {
            throw new LinearPattern.Refused("has more than " + MOST_STATES + " states, its repetitions written out");
        }
        // as few as possible or as many: it is found or not, all the same
        if (at < from.length() && from.charAt(at) == '?') {
            at++;
        }
    }

    private static boolean letterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static LinearPattern.Refused unbalanced() {
        return new LinearPattern.Refused("has brackets that do not match");
    }
}
