package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Days of the week, and the arithmetic of dates: calendar parts on the calendar, hours and less on the stopwatch. */
final class Calendars {

    private Calendars() {}

    static Answer weekday(long year, long month, long day) {
        checkRange("year", year, Moments.FIRST_YEAR, Moments.LAST_YEAR);
        checkRange("month", month, 1, 12);
        YearMonth inMonth = YearMonth.of((int) year, (int) month);
        if (day < 1 || day > inMonth.lengthOfMonth()) {
            throw refused(
                    "day",
                    inMonth.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + year + " has "
                            + inMonth.lengthOfMonth() + " days; there is no day " + day);
        }
        LocalDate date = inMonth.atDay((int) day);
        String name = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        return new Answer(
                date + " is a " + name,
                JsonObject.builder()
                        .put("date", date)
                        .put("weekday", name)
                        .put("iso_weekday", date.getDayOfWeek().getValue())
                        .put("iso_week", date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))
                        .put("iso_week_year", date.get(IsoFields.WEEK_BASED_YEAR))
                        .put("day_of_year", date.getDayOfYear())
                        .build());
    }

    /** Adds a length of time: first years, months and days by the calendar, then hours and less by the stopwatch. */
    static Answer add(String time, String duration, String timezone) {
        GivenTime given = GivenTime.parse("time", time);
        ZoneId zone = Zones.zone("timezone", timezone);
        Spans.Span span = Spans.parse("duration", duration);
        try {
            return given.dateOnly() && span.exact().isZero()
                    ? addDays(given, span)
                    : addTime(given.onlyIn("time", zone), span);
        } catch (DateTimeException | ArithmeticException beyond) {
            throw tooLong();
        }
    }

    private static Answer addDays(GivenTime given, Spans.Span span) {
        LocalDate date = given.local().toLocalDate().plus(span.calendar());
        Moments.checkYear("duration", date.getYear());
        String weekday = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        return new Answer(
                date + " (" + weekday + ")",
                JsonObject.builder().put("date", date).put("weekday", weekday).build());
    }

    private static Answer addTime(ZonedDateTime start, Spans.Span span) {
        LocalDateTime byCalendar = start.toLocalDateTime().plus(span.calendar());
        Moments.checkYear("duration", byCalendar.getYear());
        LocalMoment moment =
                span.calendar().isZero() ? new LocalMoment.Once(start) : LocalMoment.of(byCalendar, start.getZone());
        // of two moments the one by the clock of the start, as if nobody had touched it
        ZonedDateTime landed = moment.candidates().stream()
                .filter(candidate -> candidate.toInstant().equals(byCalendar.toInstant(start.getOffset())))
                .findFirst()
                .orElseGet(() -> moment.candidates().get(moment.candidates().size() - 1));
        ZonedDateTime end = landed.plus(span.exact());
        Moments.checkYear("duration", end.getYear());
        String shown = LocalMoment.shown(end) + " (" + Moments.weekday(end) + ")";
        if (moment.explanation().isEmpty()) {
            return new Answer(shown, Moments.json(end));
        }
        String note = moment.explanation() + ". Counted on from " + LocalMoment.shown(landed);
        return new Answer(
                shown + "\n" + note,
                Moments.builder(end).put("explanation", note).build());
    }

    private static BadRequestException tooLong() {
        return refused("duration", "is too long; it has to lead to a year from 1 to 9999");
    }

    /** How far it is from one time to another. */
    static Answer difference(String start, String end, String timezone) {
        ZoneId zone = Zones.zone("timezone", timezone);
        ZonedDateTime from = GivenTime.parse("start", start).onlyIn("start", zone);
        ZonedDateTime to = GivenTime.parse("end", end).onlyIn("end", zone);
        boolean backwards = to.isBefore(from);
        ZonedDateTime first = backwards ? to : from;
        ZonedDateTime last = backwards ? from : to;
        long days = wholeDays(first, last);
        Period period = Period.between(first.toLocalDate(), first.toLocalDate().plusDays(days));
        Duration rest = Duration.between(first.plusDays(days), last);
        Duration total = Duration.between(from, to);
        String parts = words(period, rest);
        String totals = plural(days, "day") + (rest.isZero() ? "" : " " + words(Period.ZERO, rest)) + "; "
                + plural(Math.abs(total.getSeconds()), "second") + (total.getNano() == 0 ? "" : " and a fraction");
        return new Answer(
                (backwards ? "minus " : "") + parts + " (in all " + totals + ")",
                JsonObject.builder()
                        .put("negative", backwards)
                        .put("years", period.getYears())
                        .put("months", period.getMonths())
                        .put("days", period.getDays())
                        .put("hours", rest.toHours())
                        .put("minutes", rest.toMinutesPart())
                        .put("seconds", rest.toSecondsPart())
                        .put("total_days", backwards ? -days : days)
                        .put("total_seconds", seconds(total))
                        .build());
    }

    /** A day may end at a time that the clock skips, and so later than it seems. */
    private static long wholeDays(ZonedDateTime first, ZonedDateTime last) {
        long days = ChronoUnit.DAYS.between(first, last);
        return first.plusDays(days).isAfter(last) ? days - 1 : days;
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .stripTrailingZeros();
    }

    private static String words(Period period, Duration rest) {
        List<String> words = new ArrayList<>();
        add(words, period.getYears(), "year");
        add(words, period.getMonths(), "month");
        add(words, period.getDays(), "day");
        add(words, rest.toHours(), "hour");
        add(words, rest.toMinutesPart(), "minute");
        add(words, rest.toSecondsPart(), "second");
        return words.isEmpty() ? "0 seconds" : String.join(" ", words);
    }

    private static void add(List<String> words, long count, String unit) {
        if (count != 0) {
            words.add(plural(count, unit));
        }
    }

    private static String plural(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
