package io.bactrian.support;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/** Durations as text, as Camel writes them ({@code 30s}, {@code 1m30s}, {@code 500} for milliseconds) or ISO 8601 does ({@code PT30S}). */
public final class Durations {

    private static final Pattern CAMEL_DURATION = Pattern.compile("\\d+|(\\d+(ms|[dhms]))+");

    private Durations() {}

    /**
     * The duration of a text.
     *
     * @throws IllegalArgumentException if it is none, or negative
     */
    public static Duration of(String text) {
        Duration left;
        try {
            left = text.startsWith("P") ? Duration.parse(text) : camelDuration(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("it is a duration such as 30s or PT30S", e);
        }
        if (left.isNegative()) {
            throw new IllegalArgumentException("the time left is not negative");
        }
        return left;
    }

    // Camel reads a number with an unknown unit, such as 12x, as no time at all
    private static Duration camelDuration(String text) {
        if (!CAMEL_DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException("no duration");
        }
        return Duration.ofMillis(TimeUtils.toMilliSeconds(text));
    }
}
