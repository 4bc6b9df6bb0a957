package io.bactrian.support;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.UnsafeUriCharactersEncoder;
import org.jspecify.annotations.Nullable;

/** URIs that an expression has come to when a message came: {@code toD}, {@code enrich}. */
public final class DynamicUris {

    private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,40}");

    private DynamicUris() {}

    /** The options of a URI, as one text; empty for none. */
    public static String query(String uri) {
        @Nullable String query = StringHelper.after(uri, "?");
        return query == null ? "" : query;
    }

    /**
     * What stands between the scheme and the options of a URI, decoded as Camel does it.
     *
     * @throws IllegalArgumentException if it is no URI
     */
    public static String path(String uri) {
        try {
            return URISupport.extractRemainderPath(new URI(UnsafeUriCharactersEncoder.encode(uri)), false);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it is not a URI", e);
        }
    }

    /**
     * Refuses options that an expression brought along with the name it was to bring (HDR-07).
     *
     * @param scheme the scheme, for the message
     * @param options the names of the options of the URI that the expression came to
     * @param written the URI as the route's author wrote it
     */
    public static void refuseSmuggled(String scheme, Set<String> options, String written) throws URISyntaxException {
        String query = query(written);
        if (query.startsWith("${") || query.contains("&${")) {
            // the route's author lets the expression bring options
            return;
        }
        Set<String> smuggled = new TreeSet<>(options);
        smuggled.removeAll(URISupport.parseQuery(query, true).keySet());
        if (smuggled.isEmpty()) {
            return;
        }
        smuggled.removeIf(name -> !OPTION.matcher(name).matches());
        throw new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "an expression in a " + scheme + ": URI brought the options " + smuggled
                        + ": an expression brings a name; write options into the URI");
    }
}
