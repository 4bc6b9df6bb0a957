package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people and ISO 8601 write them: {@code P1M2DT3H}, {@code 1 month 2 days 3 hours}, {@code -2w}. */
final class Spans {

    private static final int LONGEST = 100;

    private static final Pattern ISO =
            Pattern.compile("([+-])?P(?:(\\d{1,9})Y)?(?:(\\d{1,9})M)?(?:(\\d{1,9})W)?(?:(\\d{1,9})D)?"
                    + "(?:T(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9})S)?)?");

    private static final Pattern PART = Pattern.compile("\\s*,?\\s*(?:and\\s+)?(\\d{1,9})\\s*([a-z]+)");

    /** Places in {@link Parts} by the words for them. */
    private static final Map<String, Integer> UNITS = Map.ofEntries(
            Map.entry("y", 0),
            Map.entry("year", 0),
            Map.entry("years", 0),
            Map.entry("month", 1),
            Map.entry("months", 1),
            Map.entry("mo", 1),
            Map.entry("w", 2),
            Map.entry("week", 2),
            Map.entry("weeks", 2),
            Map.entry("d", 3),
            Map.entry("day", 3),
            Map.entry("days", 3),
            Map.entry("h", 4),
            Map.entry("hour", 4),
            Map.entry("hours", 4),
            Map.entry("min", 5),
            Map.entry("minute", 5),
            Map.entry("minutes", 5),
            Map.entry("s", 6),
            Map.entry("sec", 6),
            Map.entry("second", 6),
            Map.entry("seconds", 6));

    private static final String ACCEPTED =
            "accepted are ISO 8601 such as P1M2DT3H, and words such as '1 month 2 days 3 hours', with '-' before it to go back";

    private Spans() {}

    /**
     * A length of time.
     *
     * @param calendar the part that the calendar counts: years, months, days
     * @param exact the part that a stopwatch counts
     */
    record Span(Period calendar, Duration exact) {}

    /** @throws BadRequestException saying what is accepted */
    static Span parse(String parameter, String text) {
        checkLength(parameter, text, LONGEST);
        String given = text.strip();
        Matcher iso = ISO.matcher(given.toUpperCase(Locale.ROOT));
        long[] parts = iso.matches() ? isoParts(parameter, iso) : wordParts(parameter, given.toLowerCase(Locale.ROOT));
        int sign = given.startsWith("-") ? -1 : 1;
        try {
            Period calendar = Period.of(
                    Math.toIntExact(sign * parts[0]),
                    Math.toIntExact(sign * parts[1]),
                    Math.toIntExact(sign * Math.addExact(parts[2] * 7, parts[3])));
            Duration exact = Duration.ofHours(parts[4])
                    .plusMinutes(parts[5])
                    .plusSeconds(parts[6])
                    .multipliedBy(sign);
            return new Span(calendar, exact);
        } catch (ArithmeticException | DateTimeException tooLong) {
            throw refused(parameter, "is too long; it has to lead to a year from 1 to 9999");
        }
    }

    private static long[] isoParts(String parameter, Matcher iso) {
        long[] parts = new long[7];
        boolean any = false;
        for (int i = 0; i < parts.length; i++) {
            String number = iso.group(i + 2);
            parts[i] = number == null ? 0 : Long.parseLong(number);
            any |= number != null;
        }
        if (!any) {
            throw refused(parameter, "has no part; " + ACCEPTED);
        }
        return parts;
    }

    private static long[] wordParts(String parameter, String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        long[] parts = new long[7];
        Matcher part = PART.matcher(unsigned);
        int at = 0;
        while (at < unsigned.length() && part.find(at) && part.start() == at) {
            Integer unit = UNITS.get(part.group(2));
            if (unit == null) {
                throw refused(parameter, "there is no unit " + quoted(part.group(2)) + "; " + ACCEPTED);
            }
            parts[unit] += Long.parseLong(part.group(1));
            at = part.end();
        }
        if (at == 0 || at < unsigned.length()) {
            throw refused(parameter, "is not understood; " + ACCEPTED);
        }
        return parts;
    }
}
