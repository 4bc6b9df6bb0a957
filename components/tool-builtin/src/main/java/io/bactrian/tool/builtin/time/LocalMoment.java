package io.bactrian.tool.builtin.time;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;

/** The moments at which a clock in a zone shows a time: one, none when it is put forward, two when it is put back. */
sealed interface LocalMoment {

    DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ENGLISH);

    /** The moments that can be meant, in order of time. */
    List<ZonedDateTime> candidates();

    /** How many there are, as a word: {@code once}, {@code skipped}, {@code twice}. */
    String status();

    /** Why there is not just one; empty if there is. */
    String explanation();

    /**
     * The usual case.
     *
     * @param time the moment
     */
    record Once(ZonedDateTime time) implements LocalMoment {
        @Override
        public List<ZonedDateTime> candidates() {
            return List.of(time);
        }

        @Override
        public String status() {
            return "once";
        }

        @Override
        public String explanation() {
            return "";
        }
    }

    /**
     * A time that the clock jumps over.
     *
     * @param local the time
     * @param zone where
     * @param jump when the clock is put forward
     */
    record Skipped(LocalDateTime local, ZoneId zone, ZoneOffsetTransition jump) implements LocalMoment {
        @Override
        public List<ZonedDateTime> candidates() {
            return List.of(
                    ZonedDateTime.ofInstant(local, jump.getOffsetAfter(), zone),
                    ZonedDateTime.ofInstant(local, jump.getOffsetBefore(), zone));
        }

        @Override
        public String status() {
            return "skipped";
        }

        @Override
        public String explanation() {
            return local.format(SHOWN) + " does not exist in " + zone + ": clocks are put forward from "
                    + jump.getDateTimeBefore().format(SHOWN) + " to "
                    + jump.getDateTimeAfter().format(SHOWN) + ". By the clock before the change it is "
                    + shown(candidates().get(1)) + ", by the clock after it "
                    + shown(candidates().get(0));
        }
    }

    /**
     * A time that the clock shows twice.
     *
     * @param local the time
     * @param zone where
     * @param jump when the clock is put back
     */
    record Twice(LocalDateTime local, ZoneId zone, ZoneOffsetTransition jump) implements LocalMoment {
        @Override
        public List<ZonedDateTime> candidates() {
            return List.of(
                    ZonedDateTime.ofInstant(local, jump.getOffsetBefore(), zone),
                    ZonedDateTime.ofInstant(local, jump.getOffsetAfter(), zone));
        }

        @Override
        public String status() {
            return "twice";
        }

        @Override
        public String explanation() {
            return local.format(SHOWN) + " comes twice in " + zone + ": clocks are put back from "
                    + jump.getDateTimeBefore().format(SHOWN) + " to "
                    + jump.getDateTimeAfter().format(SHOWN) + ". The first time is "
                    + shown(candidates().get(0)) + ", the second "
                    + shown(candidates().get(1));
        }
    }

    static String shown(ZonedDateTime time) {
        return time.format(SHOWN) + " " + offset(time.getOffset());
    }

    static String offset(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }

    /** What the clock of a zone makes of a time. */
    static LocalMoment of(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition jump = zone.getRules().getTransition(local);
        if (jump == null) {
            return new Once(local.atZone(zone));
        }
        return jump.isGap() ? new Skipped(local, zone, jump) : new Twice(local, zone, jump);
    }
}
