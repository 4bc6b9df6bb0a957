package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/** The time now, and times of one zone or count of seconds in another. */
final class Clocks {

    private static final String TIMESTAMP = "timestamp";
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);
    private static final BigDecimal LARGEST = BigDecimal.TEN.pow(18);

    private Clocks() {}

    static Answer now(Clock clock, String timezone, String format) {
        ZonedDateTime now = Instant.now(clock).atZone(Zones.zone("timezone", timezone));
        String shown = TimePattern.of("format", format).format(now);
        return new Answer(shown, Moments.builder(now).put("time", shown).build());
    }

    static Answer toTimestamp(String localtime, String timezone, Choice choice) {
        GivenTime given = GivenTime.parse("localtime", localtime);
        LocalMoment moment = given.in(Zones.zone("timezone", timezone));
        Optional<ZonedDateTime> chosen = choice.from(moment);
        String shown = chosen.map(time -> Long.toString(time.toEpochSecond())).orElse("");
        return told(moment, chosen, shown);
    }

    static Answer convert(
            String currentTime, String currentTimezone, String targetTimezone, String format, Choice choice) {
        ZoneId target = Zones.zone("target_timezone", targetTimezone);
        TimePattern pattern = TimePattern.of("format", format);
        LocalMoment moment =
                GivenTime.parse("current_time", currentTime).in(Zones.zone("current_timezone", currentTimezone));
        Optional<ZonedDateTime> chosen =
                choice.from(moment).map(time -> shifted("current_time", time.toInstant(), target));
        String shown = chosen.map(pattern::format).orElse("");
        Answer told = told(moment, chosen, shown);
        if (chosen.isPresent()) {
            return told;
        }
        StringBuilder both =
                new StringBuilder(told.text()).append(". In ").append(target).append(" these are ");
        moment.candidates().stream()
                .map(time -> LocalMoment.shown(time.withZoneSameInstant(target)))
                .reduce((first, second) -> first + " and " + second)
                .ifPresent(both::append);
        return new Answer(both.toString(), told.json());
    }

    /** What was chosen, or why there was nothing to choose; an explanation goes along with a choice. */
    private static Answer told(LocalMoment moment, Optional<ZonedDateTime> chosen, String shown) {
        JsonObject.Builder json = chosen.map(Moments::builder).orElseGet(JsonObject::builder);
        json.put("status", moment.status());
        if (moment.explanation().isEmpty()) {
            return new Answer(shown, json.put("time", shown).build());
        }
        json.put("explanation", moment.explanation());
        json.put("candidates", Moments.json(moment.candidates()));
        json.put("time", chosen.isPresent() ? shown : JsonNull.NULL);
        String text = chosen.isPresent() ? shown + "\n" + moment.explanation() : moment.explanation();
        return new Answer(text, json.build());
    }

    static Answer fromTimestamp(BigDecimal timestamp, boolean milliseconds, String timezone, String format) {
        ZoneId zone = Zones.zone("timezone", timezone);
        TimePattern pattern = TimePattern.of("format", format);
        ZonedDateTime time = shifted(TIMESTAMP, instant(timestamp, milliseconds), zone);
        String shown = pattern.format(time);
        JsonObject.Builder json = Moments.builder(time).put("time", shown);
        if (LocalMoment.of(time.toLocalDateTime(), zone) instanceof LocalMoment.Twice twice) {
            boolean first = time.isEqual(twice.candidates().get(0));
            String note =
                    "This is the " + (first ? "first" : "second") + " of two such times there: " + twice.explanation();
            return new Answer(shown + "\n" + note, json.put("explanation", note).build());
        }
        return new Answer(shown, json.build());
    }

    /** @throws BadRequestException if the count is beyond all years */
    private static Instant instant(BigDecimal timestamp, boolean milliseconds) {
        // compared before anything is scaled: 1e999999999 would be written out
        if (timestamp.abs().compareTo(LARGEST) > 0) {
            throw refused(TIMESTAMP, "is beyond the years 1 to 9999");
        }
        BigDecimal seconds = timestamp.setScale(12, RoundingMode.FLOOR);
        seconds = milliseconds ? seconds.divide(MILLIS, 12, RoundingMode.FLOOR) : seconds;
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        if (whole.abs().compareTo(BigDecimal.valueOf(Instant.MAX.getEpochSecond())) > 0) {
            throw refused(TIMESTAMP, "is beyond the years 1 to 9999; is it in milliseconds? Then say so in unit");
        }
        long nanos = seconds.subtract(whole).movePointRight(9).longValue();
        return Instant.ofEpochSecond(whole.longValueExact(), nanos);
    }

    private static ZonedDateTime shifted(String parameter, Instant instant, ZoneId zone) {
        int year = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).getYear();
        if (year > Moments.LAST_YEAR && parameter.equals(TIMESTAMP)) {
            throw refused(parameter, "leads to the year " + year + "; is it in milliseconds? Then say so in unit");
        }
        Moments.checkYear(parameter, year);
        ZonedDateTime time = instant.atZone(zone);
        Moments.checkYear(parameter, time.getYear());
        return time;
    }
}
