package io.bactrian.support;

import io.bactrian.core.rule.DurationText;
import java.time.Duration;

/** Durations as text, as Camel writes them ({@code 30s}, {@code 1m30s}, {@code 500} for milliseconds) or ISO 8601 does ({@code PT30S}). */
public final class Durations {

    private Durations() {}

    /**
     * The duration of a text.
     *
     * @throws IllegalArgumentException if it is none, or negative
     */
    public static Duration of(String text) {
        // not Camel's own reader, which takes a number with an unknown unit, such as 12x, for no time at all
        return DurationText.of(text);
    }
}
