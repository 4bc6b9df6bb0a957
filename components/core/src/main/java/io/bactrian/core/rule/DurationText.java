package io.bactrian.core.rule;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: {@code 30s}, {@code 1m30s}, {@code 500} for milliseconds, {@code PT30S} (ISO 8601). */
public final class DurationText {

    private static final Pattern PART = Pattern.compile("(\\d{1,15})(ms|[dhms])");
    private static final Pattern PARTS = Pattern.compile("(\\d{1,15}(ms|[dhms]))+");
    private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");

    private static final String RULE = "a duration is written as 30s or PT30S";

    private DurationText() {}

    /**
     * The duration of a text.
     *
     * @throws IllegalArgumentException if it is none, or negative
     */
    public static Duration of(String text) {
        Duration duration = read(text);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration is not negative");
        }
        return duration;
    }

    private static Duration read(String text) {
        try {
            if (text.startsWith("P")) {
                return Duration.parse(text);
            }
            if (MILLIS.matcher(text).matches()) {
                return Duration.ofMillis(Long.parseLong(text));
            }
            if (PARTS.matcher(text).matches()) {
                return sum(text);
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(RULE, e);
        }
        // without the text, which may come from anywhere
        throw new IllegalArgumentException(RULE);
    }

    private static Duration sum(String text) {
        Duration sum = Duration.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            long amount = Long.parseLong(parts.group(1));
            sum = sum.plus(
                    switch (parts.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        }
        return sum;
    }
}
