package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Moments as they are told to programs, and the years that are told of. */
final class Moments {

    static final int FIRST_YEAR = 1;
    static final int LAST_YEAR = 9_999;

    private Moments() {}

    /** @throws BadRequestException if the year is not from 1 to 9999 */
    static void checkYear(String parameter, long year) {
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw refused(parameter, "leads to the year " + year + "; years from 1 to 9999 are accepted");
        }
    }

    /** A moment with all its faces. */
    static JsonObject json(ZonedDateTime time) {
        return builder(time).build();
    }

    static JsonObject.Builder builder(ZonedDateTime time) {
        return JsonObject.builder()
                .put("iso", iso(time))
                .put("timezone", time.getZone().getId())
                .put("offset", LocalMoment.offset(time.getOffset()))
                .put("timestamp", time.toEpochSecond())
                .put("weekday", weekday(time));
    }

    static JsonArray json(List<ZonedDateTime> times) {
        return JsonArray.of(times.stream().map(Moments::json).toList());
    }

    static String iso(ZonedDateTime time) {
        return time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    static String weekday(ZonedDateTime time) {
        return time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
