package io.bactrian.model.http;

import io.bactrian.egress.ResponseHeaders;
import io.bactrian.json.OpenAiError;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of another try: {@code x-should-retry}, as the official clients of OpenAI and Anthropic obey it;
 * and how long to wait, from the first of: {@code retry-after-ms}, {@code x-ms-retry-after-ms}, {@code
 * retry-after} (seconds or a date, RFC 9110 §10.2.3), the body's retry delay, the reset of a counter that is used up,
 * the sentence "try again in …". A hint that cannot be read is passed over.
 */
final class RetryHints {

    /** No hint makes anybody wait longer than this: a server may ask for thirty years (UP-01). */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern AGAIN = Pattern.compile(
            "(?i)(?:again|retry)\\s+(?:in|after)\\s+(?:about\\s+)?((?:\\d+(?:\\.\\d+)?\\s*[a-z]+\\s*)+)");
    private static final Pattern PART = Pattern.compile(
            "(\\d{1,12}(?:\\.\\d{1,9})?)\\s*(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)\\b");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,9})?");

    private final Clock clock;

    RetryHints(Clock clock) {
        this.clock = clock;
    }

    /** Whether the server wants the call once more, or wants it no more, whatever the status is; null if it does not say. */
    static @Nullable Boolean shouldRetry(ResponseHeaders headers) {
        return switch (headers.first("x-should-retry").map(String::strip).orElse("")) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }

    @Nullable
    Duration find(ResponseHeaders headers, OpenAiError error) {
        return first(headers, error).map(RetryHints::capped).orElse(null);
    }

    private Optional<Duration> first(ResponseHeaders headers, OpenAiError error) {
        return header(headers, "retry-after-ms", text -> number(text, "0.001"))
                .or(() -> header(headers, "x-ms-retry-after-ms", text -> number(text, "0.001")))
                .or(() -> header(headers, "retry-after", text -> number(text, "1")))
                .or(() -> header(headers, "retry-after", this::date))
                .or(() -> Optional.ofNullable(error.retryDelay()).flatMap(RetryHints::span))
                .or(() -> resets(headers))
                .or(() -> Optional.ofNullable(error.message()).flatMap(RetryHints::sentence));
    }

    private static Optional<Duration> header(
            ResponseHeaders headers, String name, Function<String, Optional<Duration>> reader) {
        return headers.first(name).map(String::strip).flatMap(reader);
    }

    private static Optional<Duration> number(String text, String secondsEach) {
        return NUMBER.matcher(text).matches()
                ? Optional.of(seconds(new BigDecimal(text).multiply(new BigDecimal(secondsEach))))
                : Optional.empty();
    }

    private Optional<Duration> date(String text) {
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    /** The later reset of the counters that are used up; with any other counter waiting would help nothing. */
    private static Optional<Duration> resets(ResponseHeaders headers) {
        Optional<Duration> latest = Optional.empty();
        for (String counter : new String[] {"requests", "tokens"}) {
            boolean usedUp = headers.first("x-ratelimit-remaining-" + counter)
                    .map(String::strip)
                    .filter(left -> left.matches("-\\d{1,12}|0+"))
                    .isPresent();
            Optional<Duration> reset = usedUp
                    ? header(headers, "x-ratelimit-reset-" + counter, RetryHints::spanOrSeconds)
                    : Optional.empty();
            if (reset.isPresent() && (latest.isEmpty() || reset.get().compareTo(latest.get()) > 0)) {
                latest = reset;
            }
        }
        return latest;
    }

    /** OpenAI gives a span such as {@code 6m0s}, Azure seconds. */
    private static Optional<Duration> spanOrSeconds(String text) {
        Optional<Duration> plain = number(text, "1");
        return plain.isPresent() ? plain : span(text);
    }

    private static Optional<Duration> sentence(String text) {
        Matcher matcher = AGAIN.matcher(text);
        return matcher.find() ? span(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Duration> span(String text) {
        // 6m0s has no word boundary between its parts
        String parted = text.toLowerCase(Locale.ROOT).replaceAll("([a-z])(\\d)", "$1 $2");
        Matcher matcher = PART.matcher(parted);
        Duration sum = Duration.ZERO;
        boolean any = false;
        while (matcher.find()) {
            any = true;
            sum = sum.plus(seconds(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2)))));
        }
        return any ? Optional.of(sum) : Optional.empty();
    }

    private static BigDecimal unit(String unit) {
        if (unit.startsWith("ms") || unit.startsWith("milli")) {
            return new BigDecimal("0.001");
        }
        return switch (unit.charAt(0)) {
            case 'm' -> BigDecimal.valueOf(60);
            case 'h' -> BigDecimal.valueOf(3_600);
            case 'd' -> BigDecimal.valueOf(86_400);
            default -> BigDecimal.ONE;
        };
    }

    private static Duration seconds(BigDecimal seconds) {
        return seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) >= 0
                ? LONGEST
                : Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private static Duration capped(Duration wait) {
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
