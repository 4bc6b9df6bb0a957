package io.bactrian.tool.oauth;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressRequest;
import io.bactrian.egress.EgressResponse;
import io.bactrian.egress.EgressTarget;
import io.bactrian.egress.OutboundHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where codes and refresh tokens are exchanged for access tokens (RFC 6749 §3.2). It is asked once: an answer that did not come
 * may have used the code or token up. Redirects are not followed: they would take it elsewhere.
 */
final class TokenEndpoint {

    /** How long an exchange may take. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int LARGEST_ANSWER = 256 << 10;
    private static final EgressLimits LIMITS = EgressLimits.DEFAULT
            .withConnect(Duration.ofSeconds(5))
            .withFirstByte(PATIENCE)
            .withIdle(Duration.ofSeconds(10))
            .withMaxResponseBytes(LARGEST_ANSWER);
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final EgressClient egress;
    private final JsonCodec json;
    private final Clock clock;

    TokenEndpoint(EgressClient egress, JsonCodec json, Clock clock) {
        this.egress = egress;
        this.json = json;
        this.clock = clock;
    }

    /** Exchanges an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
    OAuthTokens exchange(
            OAuthProvider provider,
            OAuthClient client,
            Secret code,
            Secret verifier,
            String redirectUri,
            Deadline deadline) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code.reveal());
        form.put("redirect_uri", redirectUri);
        form.put("code_verifier", verifier.reveal());
        return tokens(provider, client, form, null, deadline);
    }

    /** Exchanges a refresh token (RFC 6749 §6). */
    OAuthTokens refresh(OAuthProvider provider, OAuthClient client, Secret refreshToken, Deadline deadline) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken.reveal());
        return tokens(provider, client, form, refreshToken, deadline);
    }

    private OAuthTokens tokens(
            OAuthProvider provider,
            OAuthClient client,
            Map<String, String> form,
            @Nullable Secret before,
            Deadline deadline) {
        OutboundHeaders.Builder headers =
                OutboundHeaders.builder().with("Accept", "application/json").with("User-Agent", "Bactrian");
        identify(client, form, headers);
        EgressRequest request = EgressRequest.post(
                        EgressTarget.parse(provider.tokenEndpoint()), deadline.within(PATIENCE))
                .headers(headers.build())
                .body(encoded(form).getBytes(StandardCharsets.US_ASCII), "application/x-www-form-urlencoded")
                .limits(LIMITS)
                .build();
        try (EgressResponse response = egress.send(request)) {
            String body = new String(response.readAll(), StandardCharsets.UTF_8);
            Optional<JsonObject> answer = parsed(body);
            // some answer an error with 200
            Optional<String> error = answer.flatMap(object -> object.findText("error"));
            if (response.status() != 200 || error.isPresent()) {
                throw refused(provider, response, error.filter(text -> ERROR.matcher(text)
                        .matches()));
            }
            return OAuthTokens.of(
                    answer.orElseThrow(() -> new ProtocolException(
                            ErrorCode.PROTOCOL_ERROR,
                            "the token endpoint of " + provider.name() + " answered with what is no JSON object")),
                    provider.tokenEndpoint(),
                    before,
                    clock.instant());
        }
    }

    /** A confidential client proves itself; a public one only says who it is. */
    private static void identify(OAuthClient client, Map<String, String> form, OutboundHeaders.Builder headers) {
        Optional<Secret> secret = client.secret();
        if (secret.isEmpty() || client.inBody()) {
            form.put("client_id", client.id());
            secret.ifPresent(value -> form.put("client_secret", value.reveal()));
            return;
        }
        // encoded before they are joined, so that a colon in either is none between them (RFC 6749 §2.3.1)
        String joined = encode(client.id()) + ":" + encode(secret.get().reveal());
        String basic = Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.US_ASCII));
        headers.secret("Authorization", "Basic ", Secret.of(basic));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Optional<JsonObject> parsed(String body) {
        try {
            return json.parse(body) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (BadRequestException e) {
            return Optional.empty();
        }
    }

    /** The error's own description stays out: it may quote what was sent. */
    private static InvokeException refused(OAuthProvider provider, EgressResponse response, Optional<String> error) {
        int status = response.status();
        ErrorDetails details = new ErrorDetails(wait(response), status, error.orElse(null), null);
        String said = "the token endpoint of " + provider.name() + " answered with "
                + error.map(code -> "'" + code + "'").orElse("status " + status);
        if (status == 429) {
            return new RateLimitedException(
                    ErrorCode.RATE_LIMITED, said + ": it has been asked too often", details, null);
        }
        if (status >= 500) {
            return new UnavailableException(ErrorCode.SERVER_UNAVAILABLE, said + ": try again", details, null);
        }
        String code = error.orElse("");
        if ("invalid_client".equals(code) || "unauthorized_client".equals(code)) {
            return new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    said
                            + ": it does not know the client id and secret that are set for it; set them with ./bactrian tool"
                            + " oauth-client set " + provider.name(),
                    details,
                    null);
        }
        if ("invalid_grant".equals(code)) {
            return new UnauthorizedException(
                    ErrorCode.AUTHORIZATION_ERROR,
                    said + ": the consent was withdrawn, has expired or was used before; have it given again with"
                            + " ./bactrian tool authorize " + provider.name(),
                    details,
                    null);
        }
        if (status == 200 || status >= 400) {
            return new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, said, details, null);
        }
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR, said + ", which is no answer of a token endpoint", details, null);
    }

    private static @Nullable Duration wait(EgressResponse response) {
        return response.header("Retry-After")
                .map(String::strip)
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked)
                .orElse(null);
    }
}
