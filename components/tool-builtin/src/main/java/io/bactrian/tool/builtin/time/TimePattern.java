package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Map;

/**
 * A way to write times: the directives of strftime, such as {@code %Y-%m-%d %H:%M:%S}, or one of the words {@code iso},
 * {@code rfc1123}. Names of months and days are English.
 */
final class TimePattern {

    /** What Dify's tools write unless told otherwise. */
    static final String DEFAULT = "%Y-%m-%d %H:%M:%S";

    static final String ACCEPTED =
            "%Y %y %m %d %e %H %I %p %M %S %f %j %a %A %b %B %h %u %w %V %G %z %:z %Z %s %F %T %R %D %n %t %%";

    private static final int LONGEST = 200;

    private static final Map<Long, String> SUNDAY_FIRST =
            Map.of(1L, "1", 2L, "2", 3L, "3", 4L, "4", 5L, "5", 6L, "6", 7L, "0");

    private static final Map<String, DateTimeFormatter> WORDS =
            Map.of("iso", DateTimeFormatter.ISO_OFFSET_DATE_TIME, "rfc1123", DateTimeFormatter.RFC_1123_DATE_TIME);

    private final DateTimeFormatter formatter;

    private TimePattern(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /**
     * Reads a pattern.
     *
     * @throws BadRequestException naming the directive that is none
     */
    static TimePattern of(String parameter, String pattern) {
        checkLength(parameter, pattern, LONGEST);
        DateTimeFormatter word = WORDS.get(pattern);
        if (word != null) {
            return new TimePattern(word);
        }
        if (pattern.indexOf('%') < 0) {
            throw refused(
                    parameter, "has no directive; write it as " + DEFAULT + ", or one of the words iso and rfc1123");
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        int at = 0;
        while (at < pattern.length()) {
            int next = pattern.indexOf('%', at);
            builder.appendLiteral(pattern.substring(at, next < 0 ? pattern.length() : next));
            at = next < 0 ? pattern.length() : directive(parameter, pattern, next + 1, builder);
        }
        return new TimePattern(builder.toFormatter(Locale.ENGLISH));
    }

    private static int directive(String parameter, String pattern, int at, DateTimeFormatterBuilder out) {
        boolean colon = pattern.startsWith(":z", at);
        int length = colon ? 2 : 1;
        if (at + length > pattern.length()) {
            throw refused(parameter, "ends with a '%' alone; a per cent sign is written %%");
        }
        String name = pattern.substring(at, at + length);
        if (!date(name, out) && !clock(name, out) && !compound(name, out)) {
            throw refused(parameter, "there is no directive " + quoted("%" + name) + "; there are " + ACCEPTED);
        }
        return at + length;
    }

    private static boolean date(String name, DateTimeFormatterBuilder out) {
        switch (name) {
            case "Y" -> out.appendValue(ChronoField.YEAR, 4);
            case "y" -> out.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
            case "m" -> out.appendValue(ChronoField.MONTH_OF_YEAR, 2);
            case "d" -> out.appendValue(ChronoField.DAY_OF_MONTH, 2);
            case "e" -> out.padNext(2).appendValue(ChronoField.DAY_OF_MONTH);
            case "j" -> out.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case "a" -> out.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case "A" -> out.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case "b", "h" -> out.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case "B" -> out.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case "u" -> out.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case "w" -> out.appendText(ChronoField.DAY_OF_WEEK, SUNDAY_FIRST);
            case "V" -> out.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
            case "G" -> out.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean clock(String name, DateTimeFormatterBuilder out) {
        switch (name) {
            case "H" -> out.appendValue(ChronoField.HOUR_OF_DAY, 2);
            case "I" -> out.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
            case "p" -> out.appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "AM", 1L, "PM"));
            case "M" -> out.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
            case "S" -> out.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
            case "f" -> out.appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, false);
            case "z" -> out.appendOffset("+HHMM", "+0000");
            case ":z" -> out.appendOffset("+HH:MM", "+00:00");
            case "Z" -> out.appendZoneText(TextStyle.SHORT);
            case "s" -> out.appendValue(ChronoField.INSTANT_SECONDS);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean compound(String name, DateTimeFormatterBuilder out) {
        switch (name) {
            case "F" -> out.append(DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ENGLISH));
            case "T" -> out.append(DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH));
            case "R" -> out.append(DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH));
            case "D" -> out.append(DateTimeFormatter.ofPattern("MM/dd/uu", Locale.ENGLISH));
            case "n" -> out.appendLiteral('\n');
            case "t" -> out.appendLiteral('\t');
            case "%" -> out.appendLiteral('%');
            default -> {
                return false;
            }
        }
        return true;
    }

    String format(ZonedDateTime time) {
        return formatter.format(time);
    }
}
