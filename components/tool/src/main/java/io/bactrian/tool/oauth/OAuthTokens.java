package io.bactrian.tool.oauth;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a provider gave, as a credential: {@code access_token} and {@code refresh_token} are secret, {@code token_type},
 * {@code scope} and {@code token_endpoint} are not. Not a record: it holds secrets.
 */
public final class OAuthTokens {

    /** The value that tools put on their requests. */
    public static final String ACCESS_TOKEN = "access_token";

    static final String REFRESH_TOKEN = "refresh_token";
    static final String TOKEN_TYPE = "token_type";
    static final String SCOPE = "scope";

    /** Where the tokens are from: a refresh token is sent nowhere else (MCP-01). */
    static final String TOKEN_ENDPOINT = "token_endpoint";

    private static final int LONGEST_TOKEN = 32_768;
    private static final int LONGEST_SCOPE = 4_096;
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Credentials values;
    private final @Nullable Instant expiresAt;

    private OAuthTokens(Credentials values, @Nullable Instant expiresAt) {
        this.values = values;
        this.expiresAt = expiresAt;
    }

    /**
     * The tokens in an answer (RFC 6749 §5.1).
     *
     * @param answer the answer
     * @param endpoint where it is from
     * @param before the refresh token that was used, which stays if the answer brings no other (§6); null for none
     * @param now when it came
     * @throws ProtocolException if it is no such answer; the message quotes nothing of it
     */
    static OAuthTokens of(JsonObject answer, String endpoint, @Nullable Secret before, Instant now) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put(
                ACCESS_TOKEN,
                new CredentialValue.Hidden(
                        token(answer, ACCESS_TOKEN).orElseThrow(() -> broken("there is no access_token in it"))));
        Secret refresh = token(answer, REFRESH_TOKEN).orElse(before);
        if (refresh != null) {
            values.put(REFRESH_TOKEN, new CredentialValue.Hidden(refresh));
        }
        String type = answer.findText(TOKEN_TYPE).orElse("Bearer");
        if (!"bearer".equalsIgnoreCase(type)) {
            throw broken("its token_type is none that can be used here, which is Bearer");
        }
        values.put(TOKEN_TYPE, new CredentialValue.Text("Bearer"));
        answer.findText(SCOPE)
                .filter(scope -> !scope.isBlank() && scope.length() <= LONGEST_SCOPE)
                .ifPresent(scope -> values.put(SCOPE, new CredentialValue.Text(scope)));
        values.put(TOKEN_ENDPOINT, new CredentialValue.Text(endpoint));
        return new OAuthTokens(Credentials.of(values), expiry(answer, now).orElse(null));
    }

    /** A token is visible ASCII (RFC 6749, appendix A.12): what else there is would end a header. */
    private static Optional<Secret> token(JsonObject answer, String name) {
        Optional<String> text = answer.findText(name).filter(given -> !given.isEmpty());
        text.ifPresent(given -> {
            boolean visible = given.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
            if (!visible || given.length() > LONGEST_TOKEN || !given.equals(given.strip())) {
                throw broken("its " + name + " is longer than " + LONGEST_TOKEN + " characters, or not visible ASCII");
            }
        });
        return text.map(Secret::of);
    }

    /** Some write the number as text. */
    private static Optional<Instant> expiry(JsonObject answer, Instant now) {
        JsonValue given = answer.find("expires_in").orElse(JsonNull.NULL);
        if (given == JsonNull.NULL) {
            return Optional.empty();
        }
        BigDecimal seconds;
        if (given instanceof JsonNumber number) {
            seconds = number.value();
        } else if (given instanceof JsonString text && text.value().matches("[0-9]{1,12}")) {
            seconds = new BigDecimal(text.value());
        } else {
            throw broken("its expires_in is no number");
        }
        if (seconds.signum() < 0) {
            throw broken("its expires_in is negative");
        }
        BigDecimal most = BigDecimal.valueOf(LONGEST.toSeconds());
        return Optional.of(now.plusSeconds(seconds.min(most).longValue()));
    }

    private static ProtocolException broken(String what) {
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR, "the provider's token endpoint answered with what holds no tokens: " + what);
    }

    Credentials values() {
        return values;
    }

    /** When the access token expires; null if the provider does not say. */
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    @Override
    public String toString() {
        return "OAuthTokens[until " + expiresAt + "]";
    }
}
