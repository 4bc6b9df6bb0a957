package io.bactrian.support;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;

/**
 * Refusals of options in which somebody may have tried to hand in a key (HDR-15). Camel puts the whole URI into what it
 * throws when an endpoint cannot be made, with only the values hidden whose names it knows for secret.
 */
public final class OptionErrors {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,40}");

    private OptionErrors() {}

    /** The refusal of options that there are not. Says their names, where they are names, and never their values. */
    public static RuntimeException unknown(String uri, Map<String, Object> options) {
        MisconfiguredException refusal = new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "unknown options " + names(uri, options)
                        + ": see the option table; keys are never options, a credential is named by credential=");
        return shown(uri, options) ? withoutOptions(uri, refusal) : refusal;
    }

    /** The refusal as the one exception that Camel passes on as it is, with the URI up to its options. */
    public static NoSuchEndpointException withoutOptions(String uri, MisconfiguredException refusal) {
        NoSuchEndpointException thrown = new NoSuchEndpointException(
                StringHelper.before(uri, "?", uri), "check its options: " + refusal.getMessage());
        thrown.initCause(refusal);
        return thrown;
    }

    /** What follows RAW( may be a piece of the value that was taken for a name: {@code RAW(a)b&c)}. */
    private static TreeSet<String> names(String uri, Map<String, Object> options) {
        String beforeRaw = Objects.requireNonNull(StringHelper.before(uri, "RAW(", uri));
        TreeSet<String> names = new TreeSet<>(options.keySet());
        names.removeIf(name -> !NAME.matcher(name).matches() || !beforeRaw.contains(name + "="));
        return names;
    }

    private static boolean shown(String uri, Map<String, Object> options) {
        String sanitized = URISupport.sanitizeUri(uri);
        return uri.contains("RAW(")
                || options.values().stream().anyMatch(value -> value != null && sanitized.contains(value.toString()));
    }
}
