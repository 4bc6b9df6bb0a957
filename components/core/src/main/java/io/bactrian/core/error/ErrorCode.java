package io.bactrian.core.error;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every error by its stable code. Codes that Dify has too are spelled as there ({@code provider_not_initialize},
 * {@code model_currently_not_support}, {@code provider_quota_exceeded}, {@code invalid_param}, {@code rate_limit_error}).
 * The HTTP status is the one a surface answers with.
 */
public enum ErrorCode {
    // who asks
    TENANT_REQUIRED("tenant_required", 401, false),
    TENANT_NOT_FOUND("tenant_not_found", 401, false),
    UNAUTHENTICATED("unauthenticated", 401, false),
    ACCESS_DENIED("access_denied", 403, false),
    DEPTH_EXCEEDED("depth_exceeded", 400, false),
    // what was asked for
    PROVIDER_NOT_FOUND("provider_not_found", 404, false),
    MODEL_NOT_FOUND("model_not_found", 404, false),
    MODEL_DISABLED("model_disabled", 403, false),
    MODEL_TYPE_UNSUPPORTED("model_type_unsupported", 400, false),
    DEFAULT_MODEL_NOT_SET("default_model_not_set", 400, false),
    INVALID_PARAM("invalid_param", 400, false),
    FILE_NOT_FOUND("file_not_found", 404, false),
    NOT_FOUND("not_found", 404, false),
    PRECONDITION_FAILED("precondition_failed", 412, false),
    // tools and agents
    TOOL_NOT_FOUND("tool_not_found", 404, false),
    TOOL_PARAMETERS_INVALID("tool_parameters_invalid", 422, false),
    TOOL_INVOKE_ERROR("tool_invoke_error", 502, false),
    TOOL_DENIED("tool_denied", 403, false),
    TOOL_APPROVAL_REQUIRED("tool_approval_required", 409, false),
    AGENT_LIMIT_REACHED("agent_limit_reached", 422, false),
    // which credential pays
    PROVIDER_NOT_INITIALIZE("provider_not_initialize", 400, false),
    PROVIDER_DISABLED("provider_disabled", 403, false),
    CREDENTIAL_NOT_FOUND("credential_not_found", 404, false),
    CREDENTIAL_REMOVED("credential_removed", 400, false),
    CREDENTIAL_UNREADABLE("credential_unreadable", 500, false),
    CREDENTIAL_POLICY_VIOLATION("credential_policy_violation", 403, false),
    MODEL_CURRENTLY_NOT_SUPPORT("model_currently_not_support", 403, false),
    PROVIDER_QUOTA_EXCEEDED("provider_quota_exceeded", 429, false),
    QUOTA_NOT_ENFORCED("quota_not_enforced", 501, false),
    // what the other side did
    RATE_LIMITED("rate_limit_error", 429, true),
    INSUFFICIENT_QUOTA("insufficient_quota", 402, false),
    SERVER_UNAVAILABLE("server_unavailable", 502, true),
    OVERLOADED("overloaded", 503, true),
    CONNECTION_FAILED("connection_error", 502, true),
    CONNECTION_LOST("connection_lost", 502, false),
    NAME_NOT_RESOLVED("name_not_resolved", 502, true),
    TLS_FAILED("tls_error", 502, false),
    TIMEOUT_CONNECT("connect_timeout", 504, true),
    TIMEOUT_FIRST_BYTE("first_byte_timeout", 504, true),
    TIMEOUT_FIRST_TOKEN("first_token_timeout", 504, true),
    TIMEOUT_IDLE("idle_timeout", 504, true),
    DEADLINE_EXCEEDED("deadline_exceeded", 504, false),
    AUTHORIZATION_ERROR("authorization_error", 502, false),
    PERMISSION_DENIED("permission_denied", 502, false),
    BAD_REQUEST("bad_request", 400, false),
    CONTEXT_LENGTH_EXCEEDED("context_length_exceeded", 400, false),
    REQUEST_TOO_LARGE("request_too_large", 413, false),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, false),
    CONTENT_FILTER("content_filter", 400, false),
    PROTOCOL_ERROR("protocol_error", 502, false),
    STREAM_TRUNCATED("stream_truncated", 502, false),
    RESPONSE_TOO_LARGE("response_too_large", 502, false),
    CANCELLED("cancelled", 499, false),
    // this side
    EGRESS_DENIED("egress_denied", 403, false),
    STORE_UNAVAILABLE("store_unavailable", 503, true),
    STORE_OUTCOME_UNKNOWN("store_outcome_unknown", 503, false),
    MISCONFIGURED("misconfigured", 500, false);

    private final String text;
    private final int httpStatus;
    private final boolean retriable;

    ErrorCode(String text, int httpStatus, boolean retriable) {
        this.text = text;
        this.httpStatus = httpStatus;
        this.retriable = retriable;
    }

    /** The code as shown and documented. */
    public String text() {
        return text;
    }

    /** The status that an HTTP surface answers with. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same call may succeed when it is tried again, with this or another credential. */
    public boolean retriable() {
        return retriable;
    }

    /** Whether a provider may have done its work and bill it, though nothing came of it here. */
    public boolean mayBeBilled() {
        return switch (this) {
            case TIMEOUT_FIRST_BYTE,
                    TIMEOUT_FIRST_TOKEN,
                    TIMEOUT_IDLE,
                    DEADLINE_EXCEEDED,
                    CONNECTION_LOST,
                    PROTOCOL_ERROR,
                    STREAM_TRUNCATED,
                    RESPONSE_TOO_LARGE,
                    CANCELLED -> true;
            default -> false;
        };
    }

    /** The code of that text, if it is one. */
    public static Optional<ErrorCode> of(String text) {
        return Arrays.stream(values()).filter(code -> code.text.equals(text)).findFirst();
    }
}
