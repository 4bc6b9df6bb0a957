package io.bactrian.tool.builtin.time;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.Choices;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** What becomes of a time that the clock skips or shows twice. */
enum Choice implements Choices.Word {
    /** Both moments are told, none is chosen. */
    EXPLAIN("explain"),
    /** The first of the two moments. */
    EARLIER("earlier"),
    /** The second of the two moments. */
    LATER("later");

    static final String PARAMETER = "on_ambiguity";

    private final String text;

    Choice(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }

    /** @throws BadRequestException naming the choices */
    static Choice of(String text) {
        return Choices.of(Choice.class, PARAMETER, text);
    }

    /** The moment chosen; empty if there are two and none is to be chosen. */
    Optional<ZonedDateTime> from(LocalMoment moment) {
        List<ZonedDateTime> candidates = moment.candidates();
        if (candidates.size() == 1) {
            return Optional.of(candidates.get(0));
        }
        return switch (this) {
            case EXPLAIN -> Optional.empty();
            case EARLIER -> Optional.of(candidates.get(0));
            case LATER -> Optional.of(candidates.get(1));
        };
    }
}
