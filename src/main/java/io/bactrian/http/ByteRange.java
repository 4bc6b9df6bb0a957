package io.bactrian.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of a file that a request asks for (RFC 9110, section 14). */
sealed interface ByteRange {

    /** No part, or none that is understood: all of it. */
    record Whole() implements ByteRange {}

    /**
     * One part.
     *
     * @param from the place it begins at
     * @param length how many bytes it has; one at least
     */
    record Part(long from, long length) implements ByteRange {}

    /** No part that there is, or more parts than anybody needs. */
    record Unsatisfiable() implements ByteRange {}

    /** Two may be asked for by an honest client, which gets all of it instead; more are an attack (section 14.2). */
    int MOST_PARTS = 2;

    /** What may be written for one: first and last place, or how many from the end. Long.MAX_VALUE has 19 digits. */
    Pattern SPEC = Pattern.compile("([0-9]{0,18})-([0-9]{0,18})");

    /**
     * What a header asks for.
     *
     * @param header the header's value; null if there is none
     * @param size the size of the file
     */
    static ByteRange parse(@Nullable String header, long size) {
        if (header == null || !header.startsWith("bytes=")) {
            // a unit that is not understood is ignored
            return new Whole();
        }
        String[] specs = header.substring("bytes=".length()).split(",", MOST_PARTS + 1);
        if (specs.length > MOST_PARTS) {
            return new Unsatisfiable();
        }
        return specs.length == 1 ? one(specs[0].strip(), size) : new Whole();
    }

    private static ByteRange one(String spec, long size) {
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches() || spec.length() == 1) {
            return new Unsatisfiable();
        }
        long first = number(matcher.group(1), -1);
        long last = number(matcher.group(2), Long.MAX_VALUE);
        if (first < 0) {
            long length = Math.min(last, size);
            return length == 0 ? new Unsatisfiable() : new Part(size - length, length);
        }
        if (first >= size || last < first) {
            return new Unsatisfiable();
        }
        return new Part(first, Math.min(last, size - 1) - first + 1);
    }

    private static long number(String digits, long otherwise) {
        return digits.isEmpty() ? otherwise : Long.parseLong(digits);
    }
}
