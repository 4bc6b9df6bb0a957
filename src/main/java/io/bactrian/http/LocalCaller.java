package io.bactrian.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells whether a request comes from this machine and is meant for it. The peer's address alone does not tell: a web page
 * can make the user's browser call a name that it has re-bound to 127.0.0.1, or send a form across origins.
 */
final class LocalCaller {

    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    private LocalCaller() {}

    static boolean is(HttpServerRequest request) {
        return loopback(request.connection().remoteAddress(true))
                && !forwarded(request)
                && ownHost(request)
                && ownOrigin(request)
                && ownSite(request);
    }

    private static boolean loopback(SocketAddress peer) {
        String address = peer.hostAddress();
        if (address == null) {
            return false;
        }
        return address.startsWith("127.")
                || "::1".equals(address)
                || "0:0:0:0:0:0:0:1".equals(address)
                || address.toLowerCase(Locale.ROOT).startsWith("::ffff:127.");
    }

    // a proxy on this machine passes on what may come from anywhere
    private static boolean forwarded(HttpServerRequest request) {
        return request.headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.startsWith("x-forwarded-")
                        || "forwarded".equals(name)
                        || "via".equals(name)
                        || "x-real-ip".equals(name));
    }

    private static boolean ownHost(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        return hosts.size() == 1 && ownAuthority(hosts.get(0), request, 80);
    }

    private static boolean ownOrigin(HttpServerRequest request) {
        List<String> origins = request.headers().getAll("Origin");
        if (origins.isEmpty()) {
            return true;
        }
        String scheme = "http://";
        String origin = origins.get(0).toLowerCase(Locale.ROOT);
        return origins.size() == 1
                && origin.startsWith(scheme)
                && ownAuthority(origin.substring(scheme.length()), request, 80);
    }

    // browsers say so of requests that carry no Origin, such as images
    private static boolean ownSite(HttpServerRequest request) {
        return OwnSite.ownSite(request.headers().getAll("Sec-Fetch-Site"));
    }

    private static boolean ownAuthority(String authority, HttpServerRequest request, int defaultPort) {
        String lower = authority.toLowerCase(Locale.ROOT);
        int port = request.connection().localAddress(true).port();
        return LOOPBACK_NAMES.stream()
                .anyMatch(name -> lower.equals(name + ":" + port) || port == defaultPort && lower.equals(name));
    }
}
