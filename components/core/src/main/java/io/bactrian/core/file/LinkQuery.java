package io.bactrian.core.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the queries of signed links have in common: how they are read, and how they are signed. */
final class LinkQuery {

    private static final String[] NONE = {};

    private LinkQuery() {}

    /**
     * The parameters of a query as they stand there, not decoded.
     *
     * @param query the query; null for none
     * @param names those that there may be
     * @param longest how many characters it may have; a longer one is read as an empty one
     * @return empty if one of them is there twice, or another one is
     */
    static Optional<Map<String, String>> parse(@Nullable String query, Set<String> names, int longest) {
        Map<String, String> values = new HashMap<>();
        for (String pair : query == null || query.length() > longest ? NONE : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(0, equals));
            if (!names.contains(name) || values.put(name, pair.substring(equals + 1)) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** The signature of fields, as links carry it. */
    static String signature(SigningKey key, String... fields) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(CanonicalForm.of(fields)));
    }

    /** Compares the texts, not what they decode to: just one encoding is the right one (SIGN-11). In constant time. */
    static boolean same(String signature, String given) {
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
