package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.RequestId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as it is answered: {@code {"error":{"code","message","type","request_id"}}}, the shape that OpenAI's clients
 * understand. Nothing of an exception goes out unless it is one of ours, whose messages are made to be shown (HDR-14).
 *
 * @param status the HTTP status
 * @param code the stable code
 * @param message what is wrong and what to do
 * @param requestId under which the log knows the request; null in answers that are to be all the same
 * @param retryAfter when to come back; null for no hint
 */
record ErrorAnswer(
        int status,
        String code,
        String message,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {

    private static final long LINGER_MILLIS = 500;
    private static final String NO_KEY = "an API key that is in force is needed: 'Authorization: Bearer KEY', made by"
            + " ./bactrian apikey create; only callers on this machine that name it 127.0.0.1 or localhost need none";

    /** The answer to a request that did not get as far as a route. */
    static ErrorAnswer of(int status) {
        return switch (status) {
            case 400 -> plain(status, ErrorCode.BAD_REQUEST.text(), "the request is malformed");
            case 401 -> plain(status, ErrorCode.UNAUTHENTICATED.text(), NO_KEY);
            case 403 ->
                plain(
                        status,
                        ErrorCode.ACCESS_DENIED.text(),
                        "pages of other sites are not served here: send no Origin of another host");
            case 404 -> plain(status, "not_found", "nothing is served here; routes are in routes/*.yaml");
            case 405 -> plain(status, "method_not_allowed", "this path is served, but not with this method");
            case 406 -> plain(status, "not_acceptable", "what is served here is of none of the types in Accept");
            case 408 -> plain(status, "request_timeout", "the request took too long to arrive");
            case 411 -> plain(status, "length_required", "send the body with a Content-Length");
            case 413 ->
                plain(status, ErrorCode.REQUEST_TOO_LARGE.text(), "the body is larger than bactrian.http.maxBody");
            case 415 -> plain(status, "unsupported_media_type", "this path takes bodies of another Content-Type");
            case 503 ->
                plain(
                        status,
                        ErrorCode.OVERLOADED.text(),
                        "all workers are busy, or the server starts or stops: come back soon");
            default -> plain(status, "internal_error", "the request failed");
        };
    }

    /** The answer to somebody who has presented too many wrong keys. */
    static ErrorAnswer tooManyAttempts(Duration comeBackIn) {
        return new ErrorAnswer(
                429,
                ErrorCode.RATE_LIMITED.text(),
                "too many keys from this address were not in force: come back later, with one that is",
                null,
                comeBackIn);
    }

    /** The answer to a request whose route failed. */
    static ErrorAnswer of(Throwable failure, RequestId requestId) {
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known == null) {
            return new ErrorAnswer(
                    500,
                    "internal_error",
                    "the request failed; the log tells more under its request id",
                    requestId.value(),
                    null);
        }
        return new ErrorAnswer(
                known.code().httpStatus(),
                known.code().text(),
                known.getMessage(),
                requestId.value(),
                known.retryAfter().orElse(null));
    }

    private static ErrorAnswer plain(int status, String code, String message) {
        return new ErrorAnswer(status, code, message, null, null);
    }

    /** The answer as JSON text. */
    String json() {
        JsonObject error =
                new JsonObject().put("code", code).put("message", message).put("type", type());
        if (requestId != null) {
            error.put("request_id", requestId);
        }
        return new JsonObject().put("error", error).encode();
    }

    void send(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.isEnded()) {
            send(context.response());
            return;
        }
        // the rest of the request is not waited for; a moment, so that the answer is read before the connection is cut
        context.response().putHeader("Connection", "close");
        send(context.response());
        context.vertx().setTimer(LINGER_MILLIS, timer -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
    }

    /** Writes the answer, unless one is on its way already. */
    void send(HttpServerResponse response) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (retryAfter != null) {
            response.putHeader(
                    "Retry-After",
                    Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json());
    }

    private String type() {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
