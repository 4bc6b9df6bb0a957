package io.bactrian.core.error;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a failure says of who failed, and so what balancing does about it. The classes and what they cool down follow what
 * gateways for models have come to: a credential that is refused or used up is out for all its models, a server in trouble
 * for one; a mistake of the caller's cools nothing.
 */
public enum FailureClass {
    /** The credential is refused, or its account is out of funds. */
    CREDENTIAL_DEAD,
    /** The credential is used faster than its provider allows. */
    RATE_LIMITED,
    /** The provider has more to do than it can. */
    OVERLOADED,
    /** The provider or the way to it failed in a manner that may pass: an error of its own, a lost connection, silence. */
    TRANSIENT,
    /** The request is longer than the model's context window. */
    CONTEXT_LENGTH,
    /** The provider refuses the content. */
    CONTENT_REFUSED,
    /** The provider does not know the model. */
    MODEL_NOT_FOUND,
    /** The request is at fault, or this side is: nobody else would do better. */
    CLIENT;

    /** The classes after which a model's fallbacks are asked unless they say otherwise. */
    public static final Set<FailureClass> USUAL_FALLBACK =
            Set.copyOf(EnumSet.of(CREDENTIAL_DEAD, RATE_LIMITED, OVERLOADED, TRANSIENT));

    private final String text;

    FailureClass() {
        this.text = name().toLowerCase(Locale.ROOT);
    }

    /** The value as written, such as {@code rate_limited}. */
    public String text() {
        return text;
    }

    /** The class of that text, if it is one. */
    public static Optional<FailureClass> of(String text) {
        return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
    }

    /** The class of a failure by its code. */
    public static FailureClass of(ErrorCode code) {
        return switch (code) {
            case AUTHORIZATION_ERROR, PERMISSION_DENIED, INSUFFICIENT_QUOTA -> CREDENTIAL_DEAD;
            case RATE_LIMITED -> RATE_LIMITED;
            case OVERLOADED -> OVERLOADED;
            case SERVER_UNAVAILABLE,
                    CONNECTION_FAILED,
                    CONNECTION_LOST,
                    NAME_NOT_RESOLVED,
                    TLS_FAILED,
                    TIMEOUT_CONNECT,
                    TIMEOUT_FIRST_BYTE,
                    TIMEOUT_FIRST_TOKEN,
                    TIMEOUT_IDLE,
                    PROTOCOL_ERROR,
                    STREAM_TRUNCATED -> TRANSIENT;
            case CONTEXT_LENGTH_EXCEEDED -> CONTEXT_LENGTH;
            case CONTENT_FILTER -> CONTENT_REFUSED;
            case MODEL_NOT_FOUND -> MODEL_NOT_FOUND;
            default -> CLIENT;
        };
    }

    /** Whether another credential for the same model may do better. */
    public boolean passesToNext() {
        return this == CREDENTIAL_DEAD || this == RATE_LIMITED || this == OVERLOADED || this == TRANSIENT;
    }

    @Override
    public String toString() {
        return text;
    }
}
