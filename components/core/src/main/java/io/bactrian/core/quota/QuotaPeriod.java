package io.bactrian.core.quota;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Over which time a limit holds. */
public sealed interface QuotaPeriod {

    /** How it is written, without the time zone, which says when it begins and not how long it is. */
    String text();

    /** The stretch of time that a moment falls into. */
    Window window(Instant now);

    /**
     * A stretch of time.
     *
     * @param start its first moment
     * @param end the first moment after it; null if there is none
     */
    record Window(Instant start, @Nullable Instant end) {

        /** All time there is. */
        static final Window ALWAYS = new Window(Instant.EPOCH, null);
    }

    /** For ever: what is used up does not come back. */
    record Unbounded() implements QuotaPeriod {

        @Override
        public String text() {
            return "total";
        }

        @Override
        public Window window(Instant now) {
            return Window.ALWAYS;
        }
    }

    /**
     * Hours, days, weeks or months of a calendar. At the end of each the count begins anew. A call belongs to the period in
     * which it was reserved, however long it takes.
     *
     * @param unit which
     * @param zone where
     */
    record Calendar(Unit unit, ZoneId zone) implements QuotaPeriod {

        /** What a calendar is divided into. Weeks begin on Monday (ISO 8601). */
        public enum Unit {
            HOUR,
            DAY,
            WEEK,
            MONTH;

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String text() {
            return unit.toString();
        }

        @Override
        public Window window(Instant now) {
            ZonedDateTime local = now.atZone(zone);
            LocalDate day = local.toLocalDate();
            return switch (unit) {
                case HOUR -> hour(now, local.getOffset().getTotalSeconds());
                case DAY -> window(day, day.plusDays(1));
                case WEEK -> {
                    LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                    yield window(monday, monday.plusWeeks(1));
                }
                case MONTH -> {
                    LocalDate first = day.withDayOfMonth(1);
                    yield window(first, first.plusMonths(1));
                }
            };
        }

        // by the offset in force: the hour that a clock strikes twice is two
        private static Window hour(Instant now, int offset) {
            long start = Math.floorDiv(now.getEpochSecond() + offset, 3_600L) * 3_600L - offset;
            return new Window(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + 3_600));
        }

        private Window window(LocalDate from, LocalDate to) {
            return new Window(
                    from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
        }
    }

    /**
     * The time just past, of a fixed length. Kept in {@link #PARTS} parts: what was used counts for the length and for up to
     * one part longer, never shorter.
     *
     * @param length how long, from one second to 366 days
     */
    record Rolling(Duration length) implements QuotaPeriod {

        /** How many parts the time is kept in. */
        public static final int PARTS = 60;

        private static final Duration LONGEST = Duration.ofDays(366);

        /** @throws IllegalArgumentException if the length is out of range */
        public Rolling {
            if (length.compareTo(Duration.ofSeconds(1)) < 0 || length.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a rolling period lasts from 1 second to 366 days");
            }
        }

        /** How long a part is, in milliseconds. */
        public long partMillis() {
            return (length.toMillis() + PARTS - 1) / PARTS;
        }

        /** The number of the part that a moment falls into, by the milliseconds since the epoch. */
        public long part(long millis) {
            return Math.floorDiv(millis, partMillis());
        }

        /** The moment, in milliseconds, from which what was used in a part counts no more. */
        public long expiry(long part) {
            return (part + 1) * partMillis() + length.toMillis();
        }

        @Override
        public String text() {
            return "rolling:" + length;
        }

        /** There is one window, in which everything comes and goes. */
        @Override
        public Window window(Instant now) {
            return Window.ALWAYS;
        }
    }
}
