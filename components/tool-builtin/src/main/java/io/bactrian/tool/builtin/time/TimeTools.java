package io.bactrian.tool.builtin.time;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;
import java.time.Clock;

/** The tools of the provider {@code time}. */
public final class TimeTools {

    private static final String ZONE =
            "a name of the IANA database such as Europe/Berlin or America/New_York, UTC, or an offset such as +05:30";
    private static final String[] MOMENT = {
        "time? string|null",
        "iso? string",
        "timezone? string",
        "offset? string",
        "timestamp? integer",
        "weekday? string",
        "status? string",
        "explanation? string",
        "candidates? object[]"
    };

    private TimeTools() {}

    /** The provider. */
    public static ToolProviderController provider(Clock clock, JsonCodec codec) {
        Toolkit kit = new Toolkit(
                "time", "The time now, time zones, and the arithmetic of dates", codec, ToolLabel.UTILITIES);
        now(kit, clock);
        timestamps(kit);
        conversion(kit);
        calendar(kit);
        return kit.provider();
    }

    private static void now(Toolkit kit, Clock clock) {
        kit.add(
                kit.declare(
                                "current_time",
                                "Tells the date and time now, in any time zone. Use it whenever the current date matters.")
                        .parameter(zone("timezone", "where"))
                        .parameter(format())
                        .outputSchema(Outputs.object(MOMENT)),
                arguments -> Clocks.now(clock, arguments.text("timezone"), arguments.text("format")));
    }

    private static void timestamps(Toolkit kit) {
        kit.add(
                kit.declare(
                                "localtime_to_timestamp",
                                "Turns a local date and time into a Unix timestamp in seconds. Says so if the time is skipped"
                                        + " or comes twice there because the clocks change.")
                        .parameter(Parameters.text("localtime", "the local time: " + GivenTime.ACCEPTED))
                        .parameter(zone("timezone", "where it is shown"))
                        .parameter(ambiguity())
                        .outputSchema(Outputs.object(MOMENT)),
                arguments ->
                        Clocks.toTimestamp(arguments.text("localtime"), arguments.text("timezone"), choice(arguments)));
        kit.add(
                kit.declare("timestamp_to_localtime", "Shows a Unix timestamp as a local date and time.")
                        .parameter(ToolParameter.llm(
                                        "timestamp",
                                        ToolParameterType.NUMBER,
                                        "the timestamp; seconds since 1970 unless unit says otherwise")
                                .required())
                        .parameter(ToolParameter.llm("unit", ToolParameterType.SELECT, "what the timestamp counts")
                                .options("seconds", "milliseconds")
                                .defaultValue("seconds"))
                        .parameter(zone("timezone", "where to show it"))
                        .parameter(format())
                        .outputSchema(Outputs.object(MOMENT)),
                arguments -> Clocks.fromTimestamp(
                        arguments.number("timestamp"),
                        arguments.text("unit").equals("milliseconds"),
                        arguments.text("timezone"),
                        arguments.text("format")));
    }

    private static void conversion(Toolkit kit) {
        kit.add(
                kit.declare(
                                "timezone_conversion",
                                "Converts a date and time from one time zone to another, with daylight saving time taken into"
                                        + " account. Says so if the time is skipped or comes twice because the clocks change.")
                        .parameter(Parameters.text("current_time", "the time: " + GivenTime.ACCEPTED))
                        .parameter(zone("current_timezone", "where the time is shown"))
                        .parameter(Parameters.text("target_timezone", "where to show it: " + ZONE))
                        .parameter(format())
                        .parameter(ambiguity())
                        .outputSchema(Outputs.object(MOMENT)),
                arguments -> Clocks.convert(
                        arguments.text("current_time"),
                        arguments.text("current_timezone"),
                        arguments.text("target_timezone"),
                        arguments.text("format"),
                        choice(arguments)));
    }

    private static void calendar(Toolkit kit) {
        kit.add(
                kit.declare("weekday", "Tells the day of the week of a date.")
                        .parameter(Parameters.whole("year", Moments.FIRST_YEAR, Moments.LAST_YEAR, "the year"))
                        .parameter(Parameters.whole("month", 1, 12, "the month"))
                        .parameter(Parameters.whole("day", 1, 31, "the day of the month"))
                        .outputSchema(Outputs.object(
                                "date string",
                                "weekday string",
                                "iso_weekday integer",
                                "iso_week integer",
                                "iso_week_year integer",
                                "day_of_year integer")),
                arguments -> Calendars.weekday(
                        arguments.integer("year"), arguments.integer("month"), arguments.integer("day")));
        kit.add(
                kit.declare(
                                "date_add",
                                "Adds a length of time to a date or time, or takes it away: years, months, weeks and days by the"
                                        + " calendar, hours, minutes and seconds by the clock.")
                        .parameter(Parameters.text("time", "the date or time: " + GivenTime.ACCEPTED))
                        .parameter(
                                Parameters.text(
                                        "duration",
                                        "how long: ISO 8601 such as P1M2DT3H, or words such as '2 weeks 3 days'; '-' before it goes back"))
                        .parameter(zone("timezone", "where the time is shown"))
                        .outputSchema(Outputs.object(
                                "date? string",
                                "iso? string",
                                "timezone? string",
                                "offset? string",
                                "timestamp? integer",
                                "weekday string",
                                "explanation? string")),
                arguments ->
                        Calendars.add(arguments.text("time"), arguments.text("duration"), arguments.text("timezone")));
        kit.add(
                kit.declare("date_difference", "Tells how long it is from one date or time to another.")
                        .parameter(Parameters.text("start", "the first date or time: " + GivenTime.ACCEPTED))
                        .parameter(Parameters.text("end", "the second one, written in the same way"))
                        .parameter(zone("timezone", "where both are shown"))
                        .outputSchema(Outputs.object(
                                "negative boolean",
                                "years integer",
                                "months integer",
                                "days integer",
                                "hours integer",
                                "minutes integer",
                                "seconds integer",
                                "total_days integer",
                                "total_seconds number")),
                arguments -> Calendars.difference(
                        arguments.text("start"), arguments.text("end"), arguments.text("timezone")));
    }

    private static ToolParameter.Builder zone(String name, String what) {
        return Parameters.text(name, "UTC", what + ": " + ZONE);
    }

    private static ToolParameter.Builder format() {
        return Parameters.text(
                "format",
                TimePattern.DEFAULT,
                "how to write it: iso, rfc1123, or a pattern of the directives " + TimePattern.ACCEPTED);
    }

    private static ToolParameter.Builder ambiguity() {
        return Parameters.choice(
                Choice.PARAMETER,
                Choice.class,
                Choice.EXPLAIN,
                "which moment is meant where the clock skips the time or shows it twice; explain tells both");
    }

    private static Choice choice(ToolArguments arguments) {
        return Choice.of(arguments.text(Choice.PARAMETER));
    }
}
