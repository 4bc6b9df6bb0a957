package io.bactrian.tool.builtin.support;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large the program of a regular expression becomes, before it is made: counted repetitions within each other
 * multiply, and RE2/J writes every copy out ({@code ((a{900}){900}){900}} fills any memory).
 */
final class RegexSize {

    /** Where counting ends: all that is larger is too large. */
    private static final long CEILING = 1L << 40;

    private final String regex;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    private long group;
    private long last;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** Not less than half the number of instructions. */
    static long of(String regex) {
        return new RegexSize(regex).estimate();
    }

    private long estimate() {
        while (at < regex.length()) {
            char c = regex.charAt(at++);
            switch (c) {
                case '(' -> {
                    outer.push(group);
                    group = 0;
                    last = 0;
                }
                case ')' -> closeGroup();
                case '{' -> repetition();
                case '[' -> {
                    characterClass();
                    atom(1);
                }
                case '\\' -> escape();
                default -> atom(1);
            }
        }
        while (!outer.isEmpty()) {
            closeGroup();
        }
        return group + 2;
    }

    private void closeGroup() {
        long inner = group + 2;
        group = outer.isEmpty() ? 0 : outer.pop();
        atom(inner);
    }

    private void atom(long size) {
        last = size;
        group = Math.min(CEILING, group + size);
    }

    /** {@code {n}}, {@code {n,}} and {@code {n,m}}; everything else in braces is text. */
    private void repetition() {
        int end = regex.indexOf('}', at);
        if (end < 0 || !isCount(regex.substring(at, end))) {
            atom(1);
            return;
        }
        long copies = 1;
        for (String bound : regex.substring(at, end).split(",", -1)) {
            copies = Math.max(copies, bound.length() > 6 ? CEILING : bound.isEmpty() ? 1 : Long.parseLong(bound));
        }
        at = end + 1;
        // one more for what {n,} adds
        long repeated = last > CEILING / (copies + 1) ? CEILING : last * (copies + 1);
        group = Math.min(CEILING, group - last + repeated);
        last = repeated;
    }

    private static boolean isCount(String text) {
        int comma = text.indexOf(',');
        return !text.isEmpty()
                && comma != 0
                && comma == text.lastIndexOf(',')
                && text.chars().allMatch(c -> c == ',' || c >= '0' && c <= '9');
    }

    private void characterClass() {
        at += regex.startsWith("^", at) ? 1 : 0;
        at += regex.startsWith("]", at) ? 1 : 0;
        while (at < regex.length() && regex.charAt(at) != ']') {
            int named = regex.startsWith("[:", at) ? regex.indexOf(":]", at + 2) : -1;
            at = named >= 0 ? named + 2 : at + (regex.charAt(at) == '\\' ? 2 : 1);
        }
        at = Math.min(at + 1, regex.length());
    }

    private void escape() {
        if (regex.startsWith("Q", at)) {
            int end = regex.indexOf("\\E", at);
            long length = (end < 0 ? regex.length() : end) - at;
            at = end < 0 ? regex.length() : end + 2;
            atom(length);
            last = 1;
            return;
        }
        boolean braced = at + 1 < regex.length() && "pPx".indexOf(regex.charAt(at)) >= 0 && regex.charAt(at + 1) == '{';
        int end = braced ? regex.indexOf('}', at) : at;
        at = Math.min(end < 0 ? regex.length() : end + 1, regex.length());
        atom(1);
    }
}
