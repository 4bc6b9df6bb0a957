package io.bactrian.admin;

import io.bactrian.http.AdminCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags, and the conditions of a request on them (RFC 9110, 8.8.3 and 13.1). */
final class Conditions {

    static final String IF_MATCH = "if-match";
    static final String IF_NONE_MATCH = "if-none-match";

    private static final String ANY = "*";
    private static final Pattern LIST = Pattern.compile("\\s*(?:(?:W/)?\"[\\x21\\x23-\\x7e]*\"\\s*(?:,\\s*|$))+");
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e]*\")");

    private Conditions() {}

    /** The strong tag of a representation: another one for whatever differs in it. */
    static String tag(String representation) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(representation.getBytes(StandardCharsets.UTF_8));
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a request is made on a condition. */
    static boolean any(AdminCall call) {
        return call.condition(IF_MATCH).isPresent()
                || call.condition(IF_NONE_MATCH).isPresent();
    }

    /**
     * Refuses a change of something else than what its condition names.
     *
     * @param tag the tag of what is there; null for nothing
     * @throws io.bactrian.core.error.BadRequestException with {@code precondition_failed}, or {@code invalid_param} for what is
     *     no condition
     */
    static void check(AdminCall call, @Nullable String tag) {
        checkMatch(call, tag);
        Optional<String> noneMatch = call.condition(IF_NONE_MATCH);
        if (noneMatch.isPresent() && holds(noneMatch.get(), tag, true)) {
            throw Problems.changed();
        }
    }

    /** Refuses to show something else than what {@code If-Match} names. */
    static void checkMatch(AdminCall call, @Nullable String tag) {
        Optional<String> match = call.condition(IF_MATCH);
        if (match.isPresent() && !holds(match.get(), tag, false)) {
            throw Problems.changed();
        }
    }

    /** Whether whoever reads has what is there already. */
    static boolean known(AdminCall call, String tag) {
        return call.condition(IF_NONE_MATCH)
                .filter(list -> holds(list, tag, true))
                .isPresent();
    }

    private static boolean holds(String list, @Nullable String tag, boolean weakly) {
        if (ANY.equals(list.strip())) {
            return tag != null;
        }
        Set<String> tags = tags(list, weakly);
        return tag != null && tags.contains(tag);
    }

    /** The tags of a list; weak ones only where they are compared weakly. */
    private static Set<String> tags(String list, boolean weakly) {
        if (!LIST.matcher(list).matches()) {
            throw Problems.invalid("a condition is * or a list of tags in double quotes, as ETag gave them");
        }
        Set<String> tags = new LinkedHashSet<>();
        Matcher tag = TAG.matcher(list);
        while (tag.find()) {
            if (weakly || tag.group(1) == null) {
                tags.add(tag.group(2));
            }
        }
        return tags;
    }
}
