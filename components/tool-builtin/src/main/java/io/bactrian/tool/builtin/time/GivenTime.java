package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time as somebody wrote it.
 *
 * @param local what clock and calendar show
 * @param offset the offset from UTC that stands behind it; null if none does
 * @param dateOnly whether no time of day was given; it counts as midnight
 */
record GivenTime(LocalDateTime local, @Nullable ZoneOffset offset, boolean dateOnly) {

    static final String ACCEPTED =
            "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, with an offset such as +02:00 or Z behind it if wanted";

    private static final int LONGEST = 64;
    private static final int DATE_LENGTH = 10;

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendValue(ChronoField.YEAR, 4)
            .appendPattern("-MM-dd")
            .optionalStart()
            .appendPattern("'T'HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .appendPattern("[ ][XXX][XX]")
            .optionalEnd()
            .toFormatter(Locale.ENGLISH)
            .withResolverStyle(ResolverStyle.STRICT);

    /**
     * Reads a time as ISO 8601 writes it.
     *
     * @throws BadRequestException saying what is accepted, or why there is no such day or time
     */
    static GivenTime parse(String parameter, String text) {
        checkLength(parameter, text, LONGEST);
        try {
            GivenTime time = from(ISO.parse(withT(text.strip())));
            Moments.checkYear(parameter, time.local.getYear());
            return time;
        } catch (DateTimeParseException wrong) {
            throw refused(parameter, explanation(wrong));
        }
    }

    /** ISO 8601 has a T between date and time; people write a blank. */
    private static String withT(String text) {
        return text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' '
                ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1)
                : text;
    }

    private static String explanation(DateTimeParseException wrong) {
        return wrong.getCause() instanceof DateTimeException noSuchTime
                ? "is no date or time there is (" + noSuchTime.getMessage() + ")"
                : "is not understood; accepted is " + ACCEPTED;
    }

    private static GivenTime from(TemporalAccessor parsed) {
        LocalTime time = parsed.query(TemporalQueries.localTime());
        LocalDateTime local = LocalDate.from(parsed).atTime(time == null ? LocalTime.MIDNIGHT : time);
        return new GivenTime(local, parsed.query(TemporalQueries.offset()), time == null);
    }

    /** The moments that it can mean in a zone; its own offset goes before the zone. */
    LocalMoment in(ZoneId zone) {
        ZoneOffset own = offset;
        return own == null
                ? LocalMoment.of(local, zone)
                : new LocalMoment.Once(ZonedDateTime.ofInstant(local, own, zone));
    }

    /**
     * The one moment that it means in a zone.
     *
     * @throws BadRequestException if it is skipped or comes twice there, with what to write instead
     */
    ZonedDateTime onlyIn(String parameter, ZoneId zone) {
        LocalMoment moment = in(zone);
        if (moment instanceof LocalMoment.Once once) {
            return once.time();
        }
        throw refused(parameter, moment.explanation() + ". Write the offset behind the time that is meant");
    }
}
