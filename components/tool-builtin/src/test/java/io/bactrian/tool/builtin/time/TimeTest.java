package io.bactrian.tool.builtin.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-30T12:34:56.789Z"), ZoneOffset.UTC);

    private static JsonValue member(Answer answer, String name) {
        return answer.json().find(name).orElse(JsonNull.NULL);
    }

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%Y-%m-%d %H:%M:%S | UTC | 2025-03-30 12:34:56",
                "%Y-%m-%d %H:%M:%S | Asia/Shanghai | 2025-03-30 20:34:56",
                "%Y-%m-%d %H:%M:%S | europe/berlin | 2025-03-30 14:34:56",
                "%Y-%m-%d %H:%M:%S | America/New York | 2025-03-30 08:34:56",
                "%H:%M | Asia/Kathmandu | 18:19",
                "%H:%M | +05:30 | 18:04",
                "%H:%M | UTC-3 | 09:34",
                "%H:%M | -0330 | 09:04",
                "%H:%M | Z | 12:34",
                "%A, %e %B %Y, %I:%M %p | Europe/Berlin | Sunday, 30 March 2025, 02:34 PM",
                "%a %b %d %y %j %u %w | UTC | Sun Mar 30 25 089 7 0",
                "%G-W%V | UTC | 2025-W13",
                "%F %T.%f %z %:z %Z | Europe/Berlin | 2025-03-30 14:34:56.789000 +0200 +02:00 CEST",
                "%D %R %s | UTC | 03/30/25 12:34 1743338096",
                "100%% at %h | UTC | 100% at Mar",
                "iso | Europe/Berlin | 2025-03-30T14:34:56.789+02:00",
                "rfc1123 | UTC | Sun, 30 Mar 2025 12:34:56 GMT",
                "${now} {{now}} %Y | UTC | ${now} {{now}} 2025",
            })
    void tellsTheTime(String format, String zone, String expected) {
        Answer answer = Clocks.now(CLOCK, zone, format);

        assertThat(answer.text()).isEqualTo(expected);
        assertThat(member(answer, "timestamp")).isEqualTo(JsonNumber.of(1_743_338_096L));
    }

    static java.util.Set<String> allZones() {
        return ZoneId.getAvailableZoneIds();
    }

    @ParameterizedTest
    @MethodSource("allZones")
    void knowsEveryZone(String zone) {
        if (zone.startsWith("SystemV/")) {
            return;
        }
        assertThat(Zones.zone("timezone", zone).getRules())
                .isEqualTo(ZoneId.of(zone).getRules());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Mars/Olympus | there is no time zone 'Mars/Olympus'; accepted are names of the IANA database such as",
                "Berlin | such as Europe/Berlin",
                "new_york | such as America/New_York",
                "Germany/Berlin | such as Europe/Berlin",
                "CST | Abbreviations such as CST mean several zones",
                "+25:00 | offsets are from -18:00 to +18:00",
                "+05:99 | offsets are from -18:00 to +18:00",
                "'' | there is no time zone ''",
                "${sys:tz} | there is no time zone '${sys:tz}'",
            })
    void saysWhichZonesThereAre(String zone, String message) {
        assertThatThrownBy(() -> Zones.zone("timezone", zone))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("timezone: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "yyyy-MM-dd | has no directive; write it as %Y-%m-%d",
                "%Y %Q | there is no directive '%Q'; there are %Y",
                "%Y %:M | there is no directive '%:'",
                "%Y % | there is no directive '% '",
                "%Y% | ends with a '%' alone",
            })
    void saysWhichDirectivesThereAre(String format, String message) {
        assertThatThrownBy(() -> TimePattern.of("format", format + (message.contains("'% '") ? " " : "")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0} in {1} is {2}")
    @CsvSource({
        "2025-01-01 00:00:00, Asia/Shanghai, 1735660800",
        "2025-01-01T00:00, Asia/Shanghai, 1735660800",
        "2025-01-01, Asia/Shanghai, 1735660800",
        "2025-01-01 00:00:00Z, Asia/Shanghai, 1735689600",
        "2025-01-01T01:00:00.5+01:00, UTC, 1735689600",
        "2025-01-01 01:00 +0100, UTC, 1735689600",
        "1969-12-31 23:59:59, UTC, -1",
        "0001-01-01, UTC, -62135596800",
        "9999-12-31 23:59:59, UTC, 253402300799",
    })
    void countsSecondsOfALocalTime(String local, String zone, String timestamp) {
        Answer answer = Clocks.toTimestamp(local, zone, Choice.EXPLAIN);

        assertThat(answer.text()).isEqualTo(timestamp);
        assertThat(member(answer, "status")).isEqualTo(new JsonString("once"));
    }

    @Test
    void explainsATimeThatTheClockSkips() {
        Answer answer = Clocks.toTimestamp("2025-03-30 02:30:00", "Europe/Berlin", Choice.EXPLAIN);

        assertThat(answer.text())
                .isEqualTo("2025-03-30 02:30:00 does not exist in Europe/Berlin: clocks are put forward from 2025-03-30"
                        + " 02:00:00 to 2025-03-30 03:00:00. By the clock before the change it is 2025-03-30 03:30:00"
                        + " +02:00, by the clock after it 2025-03-30 01:30:00 +01:00");
        assertThat(member(answer, "status")).isEqualTo(new JsonString("skipped"));
        assertThat(answer.json().has("timestamp")).isFalse();
        assertThat(((JsonArray) member(answer, "candidates")).elements()).hasSize(2);
    }

    @Test
    void explainsATimeThatComesTwice() {
        Answer answer = Clocks.toTimestamp("2025-10-26 02:30", "Europe/Berlin", Choice.EXPLAIN);

        assertThat(answer.text())
                .startsWith("2025-10-26 02:30:00 comes twice in Europe/Berlin")
                .contains("The first time is 2025-10-26 02:30:00 +02:00, the second 2025-10-26 02:30:00 +01:00");
    }

    @ParameterizedTest(name = "{0}, the {1}: {2}")
    @CsvSource({
        "2025-10-26 02:30, earlier, 1761438600",
        "2025-10-26 02:30, later, 1761442200",
        "2025-03-30 02:30, earlier, 1743294600",
        "2025-03-30 02:30, later, 1743298200",
        "2025-10-26 02:30+01:00, earlier, 1761442200",
    })
    void takesTheMomentThatIsAskedFor(String local, String choice, String timestamp) {
        Answer answer = Clocks.toTimestamp(local, "Europe/Berlin", Choice.of(choice));

        assertThat(answer.text().lines().findFirst()).contains(timestamp);
        assertThat(member(answer, "timestamp")).isEqualTo(JsonNumber.of(Long.parseLong(timestamp)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tomorrow | is not understood; accepted is YYYY-MM-DD or YYYY-MM-DD HH:MM:SS",
                "2025-02-30 | is no date or time there is (Invalid date 'FEBRUARY 30')",
                "2025-13-01 | is no date or time there is",
                "2025-01-01 25:00 | is no date or time there is",
                "2025-1-1 | is not understood",
                "2025-01-0112:00 | is not understood",
                "01/02/2025 | is not understood",
                "12:30 | is not understood",
                "0000-01-01 | leads to the year 0; years from 1 to 9999 are accepted",
                "2025-01-01 00:00:00 Europe/Berlin | is not understood",
                "'' | is not understood",
            })
    void saysHowTimesAreWritten(String local, String message) {
        assertThatThrownBy(() -> Clocks.toTimestamp(local, "UTC", Choice.EXPLAIN))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("localtime: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0} ({1} ms) in {2} is {3}")
    @CsvSource({
        "0, false, UTC, 1970-01-01 00:00:00",
        "1735660800, false, Asia/Shanghai, 2025-01-01 00:00:00",
        "1735660800000, true, Asia/Shanghai, 2025-01-01 00:00:00",
        "-1, false, UTC, 1969-12-31 23:59:59",
        "-0.5, false, UTC, 1969-12-31 23:59:59",
        "1.735660800E9, false, UTC, 2024-12-31 16:00:00",
        "253402300799.999, false, UTC, 9999-12-31 23:59:59",
    })
    void showsASecondOnTheClock(BigDecimal timestamp, boolean millis, String zone, String expected) {
        assertThat(Clocks.fromTimestamp(timestamp, millis, zone, TimePattern.DEFAULT)
                        .text())
                .isEqualTo(expected);
    }

    @Test
    void saysWhichOfTwoEqualTimesASecondIs() {
        assertThat(Clocks.fromTimestamp(BigDecimal.valueOf(1_761_438_600), false, "Europe/Berlin", TimePattern.DEFAULT)
                        .text())
                .startsWith("2025-10-26 02:30:00\nThis is the first of two such times there: ");
        assertThat(Clocks.fromTimestamp(BigDecimal.valueOf(1_761_442_200), false, "Europe/Berlin", TimePattern.DEFAULT)
                        .text())
                .startsWith("2025-10-26 02:30:00\nThis is the second of two such times there: ");
    }

    @ParameterizedTest
    @DisplayName("PARSE-02: counts beyond all years are refused at once")
    @ValueSource(strings = {"1e400", "-1e400", "1e999999999", "1735660800000", "253402300800", "-99999999999", "1e17"})
    void refusesSecondsBeyondAllYears(String timestamp) {
        assertThatThrownBy(() -> Clocks.fromTimestamp(new BigDecimal(timestamp), false, "UTC", TimePattern.DEFAULT))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("timestamp: ");
    }

    @Test
    void doesNotLeaveTheYearsByAnOffset() {
        assertThatThrownBy(() ->
                        Clocks.fromTimestamp(new BigDecimal("253402300799"), false, "Asia/Tokyo", TimePattern.DEFAULT))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("leads to the year 10000");
    }

    @ParameterizedTest(name = "{0} from {1} to {2}: {3}")
    @CsvSource({
        "2025-07-01 12:00:00, Asia/Shanghai, Asia/Tokyo, 2025-07-01 13:00:00",
        "2025-07-01 12:00, America/New_York, Europe/London, 2025-07-01 17:00:00",
        "2025-01-01 00:30, UTC, America/Los_Angeles, 2024-12-31 16:30:00",
        "2025-07-01 12:00+02:00, UTC, UTC, 2025-07-01 10:00:00",
        "2025-07-01, Pacific/Kiritimati, Pacific/Pago_Pago, 2025-06-29 23:00:00",
    })
    void convertsBetweenZones(String time, String from, String to, String expected) {
        assertThat(Clocks.convert(time, from, to, TimePattern.DEFAULT, Choice.EXPLAIN)
                        .text())
                .isEqualTo(expected);
    }

    @Test
    void convertsBothMeaningsOfATime() {
        Answer answer =
                Clocks.convert("2025-11-02 01:30", "America/New_York", "UTC", TimePattern.DEFAULT, Choice.EXPLAIN);

        assertThat(answer.text())
                .contains("comes twice in America/New_York")
                .endsWith("In Z these are 2025-11-02 05:30:00 +00:00 and 2025-11-02 06:30:00 +00:00");
        assertThat(Clocks.convert("2025-11-02 01:30", "America/New_York", "UTC", TimePattern.DEFAULT, Choice.LATER)
                        .text())
                .startsWith("2025-11-02 06:30:00\n2025-11-02 01:30:00 comes twice");
    }

    @Test
    void refusesAnUnknownChoice() {
        assertThatThrownBy(() -> Choice.of("first")).hasMessage("on_ambiguity: is one of explain, earlier, later");
    }

    @ParameterizedTest
    @CsvSource({
        "2025, 3, 30, 2025-03-30 is a Sunday",
        "2024, 2, 29, 2024-02-29 is a Thursday",
        "1, 1, 1, 0001-01-01 is a Monday",
        "9999, 12, 31, 9999-12-31 is a Friday",
    })
    void namesTheDayOfTheWeek(long year, long month, long day, String expected) {
        assertThat(Calendars.weekday(year, month, day).text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2025, 2, 29, 'day: February 2025 has 28 days; there is no day 29'",
        "2025, 4, 31, 'day: April 2025 has 30 days; there is no day 31'",
        "2025, 13, 1, 'month: is 13; accepted are whole numbers from 1 to 12'",
        "0, 1, 1, 'year: is 0; accepted are whole numbers from 1 to 9999'",
        "2025, 1, 0, 'day: January 2025 has 31 days; there is no day 0'",
        "9223372036854775807, 1, 1, 'year: is 9223372036854775807; accepted are'",
    })
    void refusesDaysThatThereAreNot(long year, long month, long day, String message) {
        assertThatThrownBy(() -> Calendars.weekday(year, month, day))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "2025-01-31, 1 month, 2025-02-28 (Friday)",
        "2024-02-29, P1Y, 2025-02-28 (Friday)",
        "2025-03-01, -1d, 2025-02-28 (Friday)",
        "2025-03-01, P2W3D, 2025-03-18 (Tuesday)",
        "'2025-03-01', '1 year, 2 months and 3 days', 2026-05-04 (Monday)",
        "2025-03-29 12:00, 1 day, 2025-03-30 12:00:00 +02:00 (Sunday)",
        "2025-03-29 12:00, 24 hours, 2025-03-30 13:00:00 +02:00 (Sunday)",
        "2025-03-29 12:00, PT24H, 2025-03-30 13:00:00 +02:00 (Sunday)",
        "2025-03-29 12:00, -PT30M, 2025-03-29 11:30:00 +01:00 (Saturday)",
        "2025-10-26 02:30+02:00, 1h, 2025-10-26 02:30:00 +01:00 (Sunday)",
    })
    void addsLengthsOfTime(String time, String duration, String expected) {
        assertThat(Calendars.add(time, duration, "Europe/Berlin").text()).isEqualTo(expected);
    }

    @Test
    void saysWhenADayLaterTheClockSkipsOrRepeatsTheTime() {
        assertThat(Calendars.add("2025-03-29 02:30", "1 day", "Europe/Berlin").text())
                .startsWith("2025-03-30 03:30:00 +02:00 (Sunday)\n2025-03-30 02:30:00 does not exist in Europe/Berlin")
                .endsWith("Counted on from 2025-03-30 03:30:00 +02:00");
        assertThat(Calendars.add("2025-10-25 02:30", "1 day", "Europe/Berlin").text())
                .startsWith("2025-10-26 02:30:00 +02:00 (Sunday)\n2025-10-26 02:30:00 comes twice");
        assertThat(Calendars.add("2025-10-27 02:30", "-1 day", "Europe/Berlin").text())
                .startsWith("2025-10-26 02:30:00 +01:00 (Sunday)\n2025-10-26 02:30:00 comes twice");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "soon | is not understood; accepted are ISO 8601",
                "1 fortnight | there is no unit 'fortnight'",
                "P | has no part",
                "PT | has no part",
                "1 day 2 | is not understood",
                "1.5 days | is not understood",
                "P1.5D | is not understood",
                "9999 years | is too long; it has to lead to a year from 1 to 9999",
                "P999999999Y | is too long",
                "P999999999W | is too long",
                "-9999 years | leads to the year",
                "9999999999 days | is not understood",
                "'' | is not understood",
            })
    void saysHowLengthsAreWritten(String duration, String message) {
        assertThatThrownBy(() -> Calendars.add("2025-01-01", duration, "UTC"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("duration: ")
                .hasMessageMatching("(?s).*(" + java.util.regex.Pattern.quote(message) + "|leads to the year).*");
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2025-01-01 | 2025-12-31 | 11 months 30 days (in all 364 days; 31449600 seconds)",
                "2024-02-28 | 2024-03-01 | 2 days (in all 2 days; 172800 seconds)",
                "2025-01-02 | 2025-01-01 | minus 1 day (in all 1 day; 86400 seconds)",
                "2025-01-01 | 2025-01-01 | 0 seconds (in all 0 days; 0 seconds)",
                "2025-03-29 12:00 | 2025-03-30 12:00 | 1 day (in all 1 day; 82800 seconds)",
                "2025-03-29 02:30 | 2025-03-30 03:10 | 23 hours 40 minutes (in all 0 days 23 hours 40 minutes; 85200 seconds)",
                "2025-01-01 10:00 | 2026-02-03 11:30:05 | 1 year 1 month 2 days 1 hour 30 minutes 5 seconds (in all 398 days 1 hour 30 minutes 5 seconds; 34392605 seconds)",
                "2025-01-01T00:00Z | 2025-01-01T00:00+01:00 | minus 1 hour (in all 0 days 1 hour; 3600 seconds)",
            })
    void measuresTheTimeBetween(String start, String end, String expected) {
        assertThat(Calendars.difference(start, end, "Europe/Berlin").text()).isEqualTo(expected);
    }

    @Test
    void asksForTheOffsetWhereATimeComesTwice() {
        assertThatThrownBy(() -> Calendars.difference("2025-10-26 02:30", "2025-10-27", "Europe/Berlin"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("start: 2025-10-26 02:30:00 comes twice in Europe/Berlin")
                .hasMessageEndingWith("Write the offset behind the time that is meant");
    }

    @Test
    @DisplayName("PARSE-09: a second becomes a time and the same second again, in every zone")
    void returnsToTheSameSecond() {
        SplittableRandom random = new SplittableRandom(5);
        String[] zones = ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> !zone.startsWith("SystemV/"))
                .sorted()
                .toArray(String[]::new);
        for (int i = 0; i < 5_000; i++) {
            long second = random.nextLong(-62_000_000_000L, 250_000_000_000L);
            String zone = zones[random.nextInt(zones.length)];
            // offsets of old local mean times have seconds, which ISO 8601 cannot write
            Answer shown = Clocks.fromTimestamp(BigDecimal.valueOf(second), false, zone, TimePattern.DEFAULT);
            Answer back = Clocks.toTimestamp(shown.text().lines().findFirst().orElseThrow(), zone, Choice.EXPLAIN);

            JsonValue timestamp = JsonNumber.of(second);
            if (member(back, "status").equals(new JsonString("once"))) {
                assertThat(member(back, "timestamp")).as(zone + " " + second).isEqualTo(timestamp);
            } else {
                assertThat(((JsonArray) member(back, "candidates")).elements()).anySatisfy(candidate -> assertThat(
                                ((io.bactrian.core.json.JsonObject) candidate).find("timestamp"))
                        .contains(timestamp));
            }
        }
    }

    @Test
    @DisplayName("PARSE-01: random text is a time or is refused, never anything else")
    void readsRandomTextOrRefusesIt() {
        SplittableRandom random = new SplittableRandom(8);
        String[] pieces = {
            "2025",
            "-",
            "02",
            "30",
            "T",
            " ",
            ":",
            "12",
            "Z",
            "+",
            "%",
            "Y",
            "m",
            "P",
            "1",
            "D",
            "days",
            "😀",
            "\u0000",
            "Europe/",
            "Berlin",
            "99999999999",
            "."
        };
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(0, 10); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String given = text.toString();
            answersOrRefuses(() -> Clocks.toTimestamp(given, "UTC", Choice.EXPLAIN));
            answersOrRefuses(() -> Clocks.now(CLOCK, "UTC", given));
            answersOrRefuses(() -> Clocks.now(CLOCK, given, TimePattern.DEFAULT));
            answersOrRefuses(() -> Calendars.add("2025-01-01", given, "UTC"));
        }
    }

    private static void answersOrRefuses(java.util.function.Supplier<Answer> call) {
        try {
            assertThat(call.get().text()).isNotNull();
        } catch (BadRequestException refused) {
            assertThat(refused.getMessage()).contains(": ");
        }
    }
}
