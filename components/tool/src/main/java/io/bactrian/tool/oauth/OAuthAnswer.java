package io.bactrian.tool.oauth;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person brings along when they come back from a provider (RFC 6749 §4.1.2, RFC 9207). Not a record: it holds a secret.
 */
public final class OAuthAnswer {

    private static final int LONGEST_QUERY = 16_384;
    private static final Set<String> KNOWN = Set.of("state", "code", "error", "iss");

    private final String state;
    private final @Nullable Secret code;
    private final @Nullable String error;
    private final @Nullable String issuer;

    private OAuthAnswer(String state, @Nullable Secret code, @Nullable String error, @Nullable String issuer) {
        this.state = state;
        this.code = code;
        this.error = error;
        this.issuer = issuer;
    }

    /**
     * The answer in the query of a URL.
     *
     * @param query as it came, without the question mark; null for none
     * @throws BadRequestException with {@code invalid_param} if it is none: what it needs is missing, or there twice
     */
    public static OAuthAnswer parse(@Nullable String query) {
        if (query == null || query.isEmpty() || query.length() > LONGEST_QUERY) {
            throw wrong("it has no state and no code");
        }
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            // what is there twice could be read in two ways (RFC 6749 §3.1); what nobody knows is passed over
            if (KNOWN.contains(name)
                    && parameters.put(name, decoded(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
                throw wrong(name + " is there twice");
            }
        }
        String state = parameters.getOrDefault("state", "");
        String code = parameters.getOrDefault("code", "");
        String error = parameters.get("error");
        if (state.isEmpty()) {
            throw wrong("it has no state");
        }
        if (code.isEmpty() == (error == null)) {
            throw wrong("it has neither a code nor an error, or both");
        }
        return new OAuthAnswer(state, code.isEmpty() ? null : Secret.of(code), error, parameters.get("iss"));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong("it has a % that encodes nothing");
        }
    }

    private static BadRequestException wrong(String what) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM, "this is no answer of a provider that somebody was sent to: " + what);
    }

    String state() {
        return state;
    }

    Optional<Secret> code() {
        return Optional.ofNullable(code);
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    @Override
    public String toString() {
        return "OAuthAnswer[" + (code == null ? "an error" : "a code") + "]";
    }
}
