package io.bactrian.model.http;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.egress.EgressResponse;
import io.bactrian.egress.ResponseHeaders;
import io.bactrian.json.OpenAiError;
import io.bactrian.json.OpenAiJson;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a server says of an error into the error that the rest of the house knows. */
final class ServerErrors {

    /** An error page is read to here and no further (UP-10). */
    private static final int MOST_BYTES = 4_096;

    private static final List<String> REQUEST_IDS =
            List.of("x-request-id", "request-id", "apim-request-id", "x-groq-request-id", "cf-ray");

    private final RetryHints hints;

    ServerErrors(Clock clock) {
        this.hints = new RetryHints(clock);
    }

    /** The error of an answer whose status is not success; reads the beginning of its body and ends the call. */
    InvokeException ofStatus(ServerConnection server, EgressResponse response) {
        return classified(server, response.status(), response.status(), body(response), response.headers());
    }

    private static OpenAiError body(EgressResponse response) {
        try {
            byte[] start = response.readAtMost(MOST_BYTES);
            return OpenAiJson.readError(start, 0, start.length);
        } catch (InvokeException unreadable) {
            // the status alone says enough
            return new OpenAiError(null, null, null, null, null, null);
        }
    }

    /** The error that stands in the body, or in an event, of an answer whose status was success. */
    InvokeException inAnswer(ServerConnection server, EgressResponse response, OpenAiError error) {
        return classified(server, ErrorKind.statusIn(error), response.status(), error, response.headers());
    }

    private InvokeException classified(
            ServerConnection server, int status, int httpStatus, OpenAiError error, ResponseHeaders headers) {
        ErrorKind kind = ErrorKind.of(status, error);
        // said of an answer that is an error, and so not in the head of one that began well
        Boolean shouldRetry = httpStatus >= 400 ? RetryHints.shouldRetry(headers) : null;
        boolean mayPass = kind.mayPass() || Boolean.TRUE.equals(shouldRetry);
        Duration retryAfter = mayPass ? hints.find(headers, error) : null;
        Redactor redactor = server.redactor();
        ErrorDetails details = new ErrorDetails(
                retryAfter, httpStatus, upstreamCode(redactor, error), requestId(redactor, headers), shouldRetry);
        String name = server.name();
        String said = said(redactor, error);
        return switch (kind) {
            // what it says of a key often holds a part of the key
            case UNAUTHORIZED ->
                new UnauthorizedException(
                        ErrorCode.AUTHORIZATION_ERROR,
                        name + " does not accept the credential: check api_key, and base_url if it is another server's",
                        details,
                        null);
            case FORBIDDEN ->
                new UnauthorizedException(
                        ErrorCode.PERMISSION_DENIED,
                        name + " does not let this credential do that" + said,
                        details,
                        null);
            case NO_FUNDS ->
                new RateLimitedException(
                        ErrorCode.INSUFFICIENT_QUOTA,
                        name + ": the credential's account has no quota or funds left" + said,
                        details,
                        null);
            case RATE_LIMITED ->
                new RateLimitedException(
                        ErrorCode.RATE_LIMITED, name + " asks to come back later" + said, details, null);
            case CONTENT_FILTERED ->
                new RefusedException(
                        ErrorCode.CONTENT_FILTER, name + " refuses the content of the request" + said, details, null);
            case CONTEXT_TOO_LONG ->
                new BadRequestException(
                        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                        name + ": the request is longer than the model's context window" + said,
                        details,
                        null);
            case TOO_LARGE ->
                new BadRequestException(
                        ErrorCode.REQUEST_TOO_LARGE,
                        name + " takes no request as large as this one" + said,
                        details,
                        null);
            case MODEL_NOT_FOUND ->
                new BadRequestException(
                        ErrorCode.MODEL_NOT_FOUND, name + " does not know the model" + said, details, null);
            case NO_SUCH_PATH ->
                new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        name + " has no such endpoint (status " + status
                                + "): check base_url, which often ends with /v1" + said,
                        details,
                        null);
            case BAD_REQUEST ->
                new BadRequestException(ErrorCode.BAD_REQUEST, name + " refuses the request" + said, details, null);
            case OVERLOADED ->
                new UnavailableException(ErrorCode.OVERLOADED, name + " is overloaded" + said, details, null);
            case UNAVAILABLE ->
                new UnavailableException(
                        ErrorCode.SERVER_UNAVAILABLE,
                        name + " failed" + (status > 0 ? " with status " + status : "") + said,
                        details,
                        null);
            case REDIRECT ->
                new ProtocolException(
                        ErrorCode.PROTOCOL_ERROR,
                        name + " redirects (status " + status + "), which is not followed: set base_url to where it is",
                        details,
                        null);
            case UNEXPECTED ->
                new ProtocolException(
                        ErrorCode.PROTOCOL_ERROR, name + " answered with status " + status, details, null);
        };
    }

    private static String said(Redactor redactor, OpenAiError error) {
        String shown = error.message() == null ? "" : redactor.shown(error.message());
        return shown.isEmpty() ? "" : ": " + shown;
    }

    private static @Nullable String upstreamCode(Redactor redactor, OpenAiError error) {
        String code = error.code() == null ? error.type() : error.code();
        return code == null ? null : bounded(redactor.shown(code), 64);
    }

    private static @Nullable String requestId(Redactor redactor, ResponseHeaders headers) {
        for (String name : REQUEST_IDS) {
            Optional<String> id = headers.first(name).map(String::strip).filter(ServerErrors::isId);
            if (id.isPresent() && !redactor.holdsSecret(id.get())) {
                return id.get();
            }
        }
        return null;
    }

    /** It goes into logs and headers of our own, so it has to look like one. */
    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= 128
                && text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-_.:/".indexOf(c) >= 0));
    }

    private static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }
}
