package io.bactrian.core.file;

import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs tickets and tells those that hold.
 *
 * <p>{@code /files/upload/TENANT?exp=SECONDS&max=BYTES&name=…&nonce=…&type=…&user=…&kid=KEY&sign=SIGNATURE}, where name, type
 * and user are URL-safe Base64 without padding, and the user is left out where there is none. Signed are the texts as they
 * stand there, so that there is one way to write each, and the methods: neither is a ticket a link, nor a link a ticket
 * (SIGN-04).
 */
final class UploadTickets {

    private static final String PURPOSE = "upload-file";
    private static final String METHODS = "POST,PUT";
    private static final Set<String> ALLOWED_METHODS = Set.of("POST", "PUT");
    private static final Pattern PATH = Pattern.compile(Pattern.quote(FileUrls.UPLOADS) + "([a-z0-9][a-z0-9-]{0,62})");

    private static final String EXPIRY = "exp";
    private static final String MAX_SIZE = "max";
    private static final String NAME = "name";
    private static final String NONCE = "nonce";
    private static final String TYPE = "type";
    private static final String USER = "user";
    private static final String KEY_ID = "kid";
    private static final String SIGNATURE = "sign";
    private static final Set<String> NAMES = Set.of(EXPIRY, MAX_SIZE, NAME, NONCE, TYPE, USER, KEY_ID, SIGNATURE);
    /** In this order they are signed. */
    private static final String[] SIGNED = {EXPIRY, MAX_SIZE, NAME, NONCE, TYPE, USER, KEY_ID};

    private static final int LONGEST_QUERY = 4_096;
    private static final int NONCE_BYTES = 16;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,14}");

    private final SigningKeys keys;
    private final Clock clock;
    private final SecureRandom random;

    UploadTickets(SigningKeys keys, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /** Path and query of a ticket. */
    String issue(Caller caller, NewUpload upload) {
        SigningKey key = keys.current();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Map<String, String> values = new LinkedHashMap<>();
        values.put(EXPIRY, Long.toString(clock.instant().plus(upload.validFor()).getEpochSecond()));
        values.put(MAX_SIZE, Long.toString(upload.maxSize()));
        values.put(NAME, encoded(upload.name()));
        values.put(NONCE, HexFormat.of().formatHex(nonce));
        values.put(TYPE, encoded(upload.mimeType()));
        UserId user = caller.user();
        if (user != null) {
            values.put(USER, encoded(user.value()));
        }
        values.put(KEY_ID, key.id());
        values.put(SIGNATURE, signature(caller.tenant(), values, key));
        return FileUrls.UPLOADS + caller.tenant() + "?"
                + values.entrySet().stream()
                        .map(value -> value.getKey() + "=" + value.getValue())
                        .collect(Collectors.joining("&"));
    }

    /** What a ticket allows; empty if it does not hold. */
    Optional<UploadGrant> verify(String method, String path, @Nullable String query) {
        Matcher place = PATH.matcher(path);
        if (!ALLOWED_METHODS.contains(method) || !place.matches()) {
            return Optional.empty();
        }
        Optional<TenantId> tenant = FileUrls.tenant(place.group(1));
        Map<String, String> values =
                LinkQuery.parse(query, NAMES, LONGEST_QUERY).orElse(Map.of());
        Optional<SigningKey> key = keys.find(values.getOrDefault(KEY_ID, ""));
        if (tenant.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        String signature = signature(tenant.get(), values, key.get());
        if (!LinkQuery.same(signature, values.getOrDefault(SIGNATURE, ""))) {
            return Optional.empty();
        }
        return grant(tenant.get(), values).filter(grant -> inTime(grant.expiresAt()));
    }

    /** What was signed here is well-formed; it is read as if it were not. */
    private static Optional<UploadGrant> grant(TenantId tenant, Map<String, String> values) {
        String expiry = values.getOrDefault(EXPIRY, "");
        String maxSize = values.getOrDefault(MAX_SIZE, "");
        String user = values.get(USER);
        if (!NUMBER.matcher(expiry).matches() || !NUMBER.matcher(maxSize).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new UploadGrant(
                    tenant,
                    user == null ? null : new UserId(decoded(user)),
                    decoded(values.getOrDefault(NAME, "")),
                    decoded(values.getOrDefault(TYPE, "")),
                    Long.parseLong(maxSize),
                    Instant.ofEpochSecond(Long.parseLong(expiry)),
                    values.getOrDefault(NONCE, "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean inTime(Instant end) {
        Instant now = clock.instant();
        return end.isAfter(now) && !end.isAfter(now.plus(NewUpload.LONGEST).plus(FileUrls.SKEW));
    }

    private static String signature(TenantId tenant, Map<String, String> values, SigningKey key) {
        String[] fields = new String[3 + SIGNED.length];
        fields[0] = PURPOSE;
        fields[1] = METHODS;
        fields[2] = tenant.value();
        for (int i = 0; i < SIGNED.length; i++) {
            // no user's name is empty: it stands for none
            fields[3 + i] = values.getOrDefault(SIGNED[i], "");
        }
        return LinkQuery.signature(key, fields);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
