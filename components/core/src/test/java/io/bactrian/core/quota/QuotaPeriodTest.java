package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaPeriodTest {

    @ParameterizedTest
    @CsvSource({
        "HOUR, UTC, 2026-03-02T10:59:59.999Z, 2026-03-02T10:00:00Z, 2026-03-02T11:00:00Z",
        "HOUR, Asia/Kolkata, 2026-03-02T10:10:00Z, 2026-03-02T09:30:00Z, 2026-03-02T10:30:00Z",
        "DAY, UTC, 2026-03-02T23:59:59.999Z, 2026-03-02T00:00:00Z, 2026-03-03T00:00:00Z",
        "DAY, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "DAY, Europe/Berlin, 2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        // midnight is left out there that day
        "DAY, America/Asuncion, 2023-10-01T12:00:00Z, 2023-10-01T04:00:00Z, 2023-10-02T03:00:00Z",
        "WEEK, UTC, 2026-03-01T23:00:00Z, 2026-02-23T00:00:00Z, 2026-03-02T00:00:00Z",
        "WEEK, UTC, 2026-03-02T00:00:00Z, 2026-03-02T00:00:00Z, 2026-03-09T00:00:00Z",
        "MONTH, America/New_York, 2026-03-01T04:59:59Z, 2026-02-01T05:00:00Z, 2026-03-01T05:00:00Z",
        "MONTH, UTC, 2028-02-29T12:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
    })
    void knowsWhereACalendarsPeriodsBeginAndEnd(
            QuotaPeriod.Calendar.Unit unit, String zone, Instant now, Instant start, Instant end) {
        QuotaPeriod period = new QuotaPeriod.Calendar(unit, ZoneId.of(zone));

        assertThat(period.window(now)).isEqualTo(new QuotaPeriod.Window(start, end));
        assertThat(period.window(start).start()).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin, 2026-10-25T00:00:00Z", "Australia/Lord_Howe, 2026-04-04T14:00:00Z"})
    void hasEveryMomentInItsHourAlsoWhereTheClockIsSetBack(String zone, Instant from) {
        QuotaPeriod period = new QuotaPeriod.Calendar(QuotaPeriod.Calendar.Unit.HOUR, ZoneId.of(zone));
        for (Instant now = from; now.isBefore(from.plus(Duration.ofHours(3))); now = now.plusSeconds(60)) {
            QuotaPeriod.Window window = period.window(now);
            assertThat(now).isBetween(window.start(), window.end());
        }
    }

    @Test
    void countsARollingPeriodForItsLengthAndOnePartAtMost() {
        QuotaPeriod.Rolling period = new QuotaPeriod.Rolling(Duration.ofHours(1));
        long now = Instant.parse("2026-03-02T10:00:30Z").toEpochMilli();

        long expiry = period.expiry(period.part(now));

        assertThat(expiry - now).isBetween(3_600_000L, 3_660_000L);
        assertThat(period.partMillis()).isEqualTo(60_000);
        assertThatThrownBy(() -> new QuotaPeriod.Rolling(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuotaPeriod.Rolling(Duration.ofDays(367)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
