package io.bactrian.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells whether a request may have been made by another site's page, in somebody's browser. Keys are sent in a header alone, which
 * no page can add for another site; this keeps pages away even so, before a key is looked up.
 */
final class OwnSite {

    private static final Set<String> HARMLESS = Set.of("same-origin", "none");

    private OwnSite() {}

    /** Whether no header says that the request is another site's. */
    static boolean is(HttpServerRequest request) {
        return ownOrigin(request) && ownSite(request.headers().getAll("Sec-Fetch-Site"));
    }

    /** Whether it says of itself to be of the same origin or of no page; also if it says nothing. */
    static boolean ownSite(List<String> sites) {
        return sites.isEmpty() || sites.size() == 1 && HARMLESS.contains(sites.get(0));
    }

    // the scheme is not compared: a proxy in front may have taken TLS off
    private static boolean ownOrigin(HttpServerRequest request) {
        List<String> origins = request.headers().getAll("Origin");
        if (origins.isEmpty()) {
            return true;
        }
        String origin = origins.get(0).toLowerCase(Locale.ROOT);
        String host = request.getHeader("Host");
        return origins.size() == 1
                && host != null
                && (origin.equals("http://" + host.toLowerCase(Locale.ROOT))
                        || origin.equals("https://" + host.toLowerCase(Locale.ROOT)));
    }
}
