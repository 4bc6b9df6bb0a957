package io.bactrian.model.http;

import io.bactrian.json.OpenAiError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error is, judged by its status and by its body together: the same status means different things, such as 429
 * for "too fast" and for "no money", and so does the same thing under different statuses.
 */
enum ErrorKind {
    UNAUTHORIZED,
    FORBIDDEN,
    NO_FUNDS,
    RATE_LIMITED,
    CONTENT_FILTERED,
    CONTEXT_TOO_LONG,
    TOO_LARGE,
    MODEL_NOT_FOUND,
    NO_SUCH_PATH,
    BAD_REQUEST,
    OVERLOADED,
    UNAVAILABLE,
    REDIRECT,
    UNEXPECTED;

    private static final Set<String> NO_FUNDS_CODES = Set.of(
            "insufficient_quota",
            "insufficient_user_quota",
            "insufficient_balance",
            "billing_hard_limit_reached",
            "billing_not_active",
            "billing_error",
            "exceeded_current_quota_error",
            "arrearage");
    private static final Set<String> UNAUTHORIZED_CODES = Set.of(
            "invalid_api_key",
            "invalid_authentication",
            "invalid_authentication_error",
            "authentication_error",
            "authenticationerror",
            "invalidapikey",
            "incorrect_api_key_provided",
            "account_deactivated",
            "unauthenticated",
            "api_key_invalid",
            "unauthorized");
    private static final Set<String> FORBIDDEN_CODES =
            Set.of("permission_denied", "permission_error", "unsupported_country_region_territory", "forbidden");
    private static final Set<String> RATE_CODES = Set.of(
            "rate_limit_exceeded",
            "rate_limit_error",
            "rate_limit_reached_error",
            "ratelimiterror",
            "resource_exhausted",
            "throttling",
            "too_many_requests",
            "requests",
            "tokens");
    private static final Set<String> FILTER_CODES = Set.of(
            "content_filter",
            "content_filtered",
            "content_policy_violation",
            "responsibleaipolicyviolation",
            "data_inspection_failed",
            "datainspectionfailed",
            "moderation_blocked",
            "sensitive_content");
    private static final Set<String> CONTEXT_CODES = Set.of(
            "context_length_exceeded",
            "context_window_exceeded",
            "exceed_context_size_error",
            "string_above_max_length");
    private static final Set<String> MODEL_CODES = Set.of(
            "model_not_found",
            "deploymentnotfound",
            "model_not_exist",
            "modelnotfound",
            "unknown_model",
            "model_not_available");
    private static final Set<String> OVERLOAD_CODES = Set.of(
            "overloaded_error",
            "overloaded",
            "engine_overloaded",
            "engine_overloaded_error",
            "capacity_exceeded",
            "unavailable");
    private static final Set<String> REQUEST_CODES = Set.of(
            "invalid_request_error",
            "invalid_request",
            "badrequesterror",
            "bad_request",
            "invalid_argument",
            "validation_error");

    private static final List<String> CONTEXT_WORDS = List.of(
            "maximum context length",
            "context length",
            "context window",
            "context size",
            "maximum prompt length",
            "prompt is too long",
            "input is too long",
            "too many input tokens");
    private static final List<String> FUNDS_WORDS =
            List.of("insufficient balance", "insufficient quota", "insufficient credits", "credit balance is too low");

    private static final Pattern NO_MODEL = Pattern.compile(
            "\\bmodel\\b.{0,120}?\\b(does not exist|not exist|not found)|\\b(no such|unknown|invalid) model\\b");

    /** Whether waiting may help, so that a hint how long is worth reading. */
    boolean mayPass() {
        return this == RATE_LIMITED || this == OVERLOADED || this == UNAVAILABLE;
    }

    /** The HTTP status that an error inside a successful answer names as its code; 0 if none. */
    static int statusIn(OpenAiError error) {
        String code = error.code();
        return code != null && code.matches("[45]\\d\\d") ? Integer.parseInt(code) : 0;
    }

    /**
     * @param status the HTTP status, or the one named in the body of a successful answer; 0 for none
     */
    static ErrorKind of(int status, OpenAiError error) {
        ErrorKind said = saidInBody(status, error);
        return said == null ? ofStatus(status, error) : said;
    }

    private static @Nullable ErrorKind saidInBody(int status, OpenAiError error) {
        String message = lower(error.message());
        boolean request = status == 0 || status >= 400 && status < 500;
        if (status == 402 || has(error, NO_FUNDS_CODES) || request && containsAny(message, FUNDS_WORDS)) {
            return NO_FUNDS;
        }
        if (status == 401 || has(error, UNAUTHORIZED_CODES) || status == 400 && message.contains("api key not valid")) {
            return UNAUTHORIZED;
        }
        if (has(error, FILTER_CODES)) {
            return CONTENT_FILTERED;
        }
        if (has(error, CONTEXT_CODES) || status != 429 && status < 500 && containsAny(message, CONTEXT_WORDS)) {
            return CONTEXT_TOO_LONG;
        }
        if (has(error, MODEL_CODES) || request && status != 403 && status != 429 && deniesModel(message)) {
            return MODEL_NOT_FOUND;
        }
        if (status == 403 || status == 0 && has(error, FORBIDDEN_CODES)) {
            return FORBIDDEN;
        }
        if (has(error, OVERLOAD_CODES)) {
            return OVERLOADED;
        }
        // types such as "requests" tell which counter a 429 is about, and mean nothing elsewhere
        return status == 429 || status == 0 && has(error, RATE_CODES) ? RATE_LIMITED : null;
    }

    private static ErrorKind ofStatus(int status, OpenAiError error) {
        return switch (status) {
            case 0 -> has(error, REQUEST_CODES) ? BAD_REQUEST : UNAVAILABLE;
            case 404 -> lower(error.message()).contains("model") ? MODEL_NOT_FOUND : NO_SUCH_PATH;
            case 405, 410 -> NO_SUCH_PATH;
            case 408, 409, 425 -> UNAVAILABLE;
            case 413 -> TOO_LARGE;
            // 498 is Groq's word for no capacity, 529 Anthropic's
            case 498, 503, 529 -> OVERLOADED;
            default -> {
                if (status >= 500) {
                    yield UNAVAILABLE;
                }
                yield status >= 400 ? BAD_REQUEST : status >= 300 ? REDIRECT : UNEXPECTED;
            }
        };
    }

    private static boolean deniesModel(String message) {
        return NO_MODEL.matcher(message).find();
    }

    private static boolean has(OpenAiError error, Set<String> codes) {
        return codes.contains(lower(error.code()))
                || codes.contains(lower(error.type()))
                || codes.contains(lower(error.innerCode()));
    }

    private static boolean containsAny(String message, List<String> words) {
        return words.stream().anyMatch(message::contains);
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
