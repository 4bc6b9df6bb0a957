package io.bactrian.tool.builtin.web;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.egress.EgressResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** What becomes of an answer that is no page: an error, never a text that reads like one. */
final class HttpErrors {

    private static final int TOO_MANY_REQUESTS = 429;

    /** Statuses of 4xx after which another try may succeed: 408 and 425 say that it came at the wrong time. */
    private static final Set<Integer> PASSING = Set.of(408, 425, TOO_MANY_REQUESTS);

    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    private HttpErrors() {}

    static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /** The error of a status that is not success. */
    static InvokeException of(String host, EgressResponse response, Clock clock) {
        int status = response.status();
        Optional<Duration> wait = response.header("Retry-After").flatMap(value -> retryAfter(value, clock));
        // what is not there, or not for us, is not there the next time either
        Boolean again = status >= 500 || PASSING.contains(status) ? null : false;
        ErrorDetails details = new ErrorDetails(wait.orElse(null), status, null, null, again);
        String message = host + " answered with status " + status + meaning(status);
        if (status == TOO_MANY_REQUESTS) {
            return new RateLimitedException(ErrorCode.RATE_LIMITED, message, details, null);
        }
        return status >= 500
                ? new UnavailableException(ErrorCode.SERVER_UNAVAILABLE, message, details, null)
                : new ProtocolException(ErrorCode.TOOL_INVOKE_ERROR, message, details, null);
    }

    private static String meaning(int status) {
        return switch (status) {
            case 304 -> " (not modified, though nothing was asked about it)";
            case 300, 301, 302, 303, 307, 308 -> " (a redirect without a place to go)";
            case 400 -> " (bad request)";
            case 401 -> " (it wants to know who asks)";
            case 402 -> " (payment required)";
            case 403 -> " (forbidden)";
            case 404 -> " (not found)";
            case 405 -> " (method not allowed)";
            case 406 -> " (not to be had in this form)";
            case 410 -> " (gone for good)";
            case 429 -> " (too many requests)";
            case 451 -> " (withheld for legal reasons)";
            default -> status >= 500 ? " (the server failed)" : "";
        };
    }

    private static Optional<Duration> retryAfter(String value, Clock clock) {
        String given = value.strip();
        if (!given.isEmpty() && given.length() <= 9 && given.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(shorter(Duration.ofSeconds(Long.parseLong(given))));
        }
        try {
            Instant until = ZonedDateTime.parse(given, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(clock), until);
            return wait.isNegative() ? Optional.empty() : Optional.of(shorter(wait));
        } catch (DateTimeParseException unknown) {
            return Optional.empty();
        }
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
