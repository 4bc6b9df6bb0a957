package io.bactrian.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A small authorization server (RFC 6749, RFC 7636) over {@link FaultServer}. It checks all that it is given: client, code, code
 * verifier, redirect URI. Refresh tokens rotate: each is good once, and one that is used again ends all that came of its consent
 * (RFC 9700 §4.14.2), as strict servers do.
 */
public final class ScriptedAuthorizationServer implements AutoCloseable {

    private final FaultServer server = FaultServer.start();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Consent> codes = new HashMap<>();
    private final Map<String, Integer> refreshTokens = new HashMap<>();
    private final Map<String, Integer> usedUp = new HashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger reuses = new AtomicInteger();
    private final String clientId;
    private final @Nullable String clientSecret;
    private volatile int expiresIn = 3600;
    private volatile boolean rotating = true;
    private volatile Function<RecordedRequest, @Nullable Reply> before = request -> null;

    private record Consent(int grant, String redirectUri, String challenge) {}

    /**
     * A server that knows one client.
     *
     * @param clientId the client's id
     * @param clientSecret its secret; null for a public client
     */
    public ScriptedAuthorizationServer(String clientId, @Nullable String clientSecret) {
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        server.handle(this::answer);
    }

    /** Where a person says yes. */
    public String authorizationEndpoint() {
        return server.url("/authorize");
    }

    /** Where tokens are given. */
    public String tokenEndpoint() {
        return server.url("/token");
    }

    /** The port listened on. */
    public int port() {
        return server.port();
    }

    /** The server below. */
    public FaultServer server() {
        return server;
    }

    /** How many seconds tokens are good for from now on. */
    public ScriptedAuthorizationServer expiresIn(int seconds) {
        expiresIn = seconds;
        return this;
    }

    /** Whether a refresh gives a new refresh token; by default it does. */
    public ScriptedAuthorizationServer rotating(boolean rotate) {
        rotating = rotate;
        return this;
    }

    /** What is answered instead; null for what the server itself answers. Called before anything is used up. */
    public ScriptedAuthorizationServer before(Function<RecordedRequest, @Nullable Reply> decision) {
        before = decision;
        return this;
    }

    /** How many refresh tokens were exchanged. */
    public int refreshes() {
        return refreshes.get();
    }

    /** How often a refresh token was sent that had been used up. */
    public int reuses() {
        return reuses.get();
    }

    /** A refresh token of a new consent. */
    public String newRefreshToken() {
        return locked(() -> refreshToken(numbers.incrementAndGet()));
    }

    /** Says yes to an authorization request, and gives the query that the person is sent back with. */
    public String consent(String authorizationUrl) {
        Map<String, String> request = form(authorizationUrl.substring(authorizationUrl.indexOf('?') + 1));
        require("code".equals(request.get("response_type")), "response_type");
        require(clientId.equals(request.get("client_id")), "client_id");
        require("S256".equals(request.get("code_challenge_method")), "code_challenge_method");
        String challenge = request.getOrDefault("code_challenge", "");
        require(challenge.length() == 43, "code_challenge");
        String state = request.getOrDefault("state", "");
        require(state.length() >= 43, "state");
        String redirectUri = request.getOrDefault("redirect_uri", "");
        return locked(() -> {
            int grant = numbers.incrementAndGet();
            String code = "code-" + grant + "+/= \u00fc";
            codes.put(code, new Consent(grant, redirectUri, challenge));
            return "state=" + encode(state) + "&code=" + encode(code);
        });
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("the authorization request has a wrong " + what);
        }
    }

    private Reply answer(RecordedRequest request) {
        Reply instead = before.apply(request);
        if (instead != null) {
            return instead;
        }
        if (!"/token".equals(request.target()) || !"POST".equals(request.method())) {
            return Reply.status(404);
        }
        Map<String, String> form = form(request.bodyText());
        if (!isKnown(request, form)) {
            return error("invalid_client", 401);
        }
        return locked(() -> switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> exchanged(form);
            case "refresh_token" -> refreshed(form);
            default -> error("unsupported_grant_type", 400);
        });
    }

    private boolean isKnown(RecordedRequest request, Map<String, String> form) {
        if (clientSecret == null) {
            return clientId.equals(form.get("client_id"))
                    && request.header("Authorization").isEmpty();
        }
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (encode(clientId) + ":" + encode(clientSecret)).getBytes(StandardCharsets.US_ASCII));
        boolean inHeader = request.header("Authorization").filter(basic::equals).isPresent();
        boolean inBody = clientId.equals(form.get("client_id")) && clientSecret.equals(form.get("client_secret"));
        return inHeader != inBody;
    }

    private Reply exchanged(Map<String, String> form) {
        Consent consent = codes.remove(form.getOrDefault("code", ""));
        boolean right = consent != null
                && consent.redirectUri().equals(form.get("redirect_uri"))
                && consent.challenge().equals(challenge(form.getOrDefault("code_verifier", "")));
        return right ? tokens(consent.grant(), refreshToken(consent.grant())) : error("invalid_grant", 400);
    }

    private Reply refreshed(Map<String, String> form) {
        String token = form.getOrDefault("refresh_token", "");
        Integer stolen = usedUp.get(token);
        if (stolen != null) {
            reuses.incrementAndGet();
            refreshTokens.values().removeIf(stolen::equals);
        }
        Integer grant = refreshTokens.get(token);
        if (grant == null) {
            return error("invalid_grant", 400);
        }
        refreshes.incrementAndGet();
        if (!rotating) {
            return tokens(grant, null);
        }
        refreshTokens.remove(token);
        usedUp.put(token, grant);
        return tokens(grant, refreshToken(grant));
    }

    private String refreshToken(int grant) {
        String token = "refresh-" + grant + "-" + numbers.incrementAndGet();
        refreshTokens.put(token, grant);
        return token;
    }

    private Reply tokens(int grant, @Nullable String refreshToken) {
        String access = "access-" + grant + "-" + numbers.incrementAndGet();
        return Reply.json(
                200,
                "{\"access_token\":\"" + access + "\",\"token_type\":\"bearer\",\"expires_in\":" + expiresIn
                        + (refreshToken == null ? "" : ",\"refresh_token\":\"" + refreshToken + "\"")
                        + ",\"scope\":\"read\"}");
    }

    private static Reply error(String code, int status) {
        return Reply.json(status, "{\"error\":\"" + code + "\",\"error_description\":\"canary-description\"}");
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
