package io.bactrian.egress;

import io.bactrian.core.error.RefusedException;
import java.net.InetAddress;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes: a URL that was parsed once, strictly, and is used again and again without building text. Immutable.
 * Its form is checked here; whether it may be called, the {@link EgressPolicy} says at each call.
 */
public final class EgressTarget {

    private final boolean https;
    private final String host;
    private final int port;
    private final String path;
    private final @Nullable InetAddress literal;
    private final HttpRoute route;
    private final Header hostHeader;

    EgressTarget(boolean https, String host, int port, String path, @Nullable InetAddress literal) {
        this.https = https;
        this.host = host;
        this.port = port;
        this.path = path;
        this.literal = literal;
        this.route = new HttpRoute(new HttpHost(scheme(), host, port), null, https);
        this.hostHeader = new BasicHeader("Host", port == defaultPort(https) ? bracketed(host) : authority());
    }

    private EgressTarget(EgressTarget origin, String path) {
        this.https = origin.https;
        this.host = origin.host;
        this.port = origin.port;
        this.path = path;
        this.literal = origin.literal;
        this.route = origin.route;
        this.hostHeader = origin.hostHeader;
    }

    /**
     * Parses an absolute http or https URL.
     *
     * @throws RefusedException {@code EGRESS_DENIED} by the rules {@code scheme}, {@code user_info}, {@code host_form},
     *     {@code port} or {@code url_form}
     */
    public static EgressTarget parse(String url) {
        return TargetParser.parse(url);
    }

    /**
     * The same host and port with another path.
     *
     * @param pathAndQuery begins with {@code /}; already encoded
     * @throws RefusedException {@code EGRESS_DENIED} by the rule {@code url_form}
     */
    public EgressTarget withPath(String pathAndQuery) {
        return new EgressTarget(this, TargetParser.path(pathAndQuery));
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return https ? "https" : "http";
    }

    /** The name in lower case and ASCII, or the address without brackets. */
    public String host() {
        return host;
    }

    /** The port. */
    public int port() {
        return port;
    }

    /** The path and the query, as they go on the wire. */
    public String pathAndQuery() {
        return path;
    }

    /** Whether both are the same scheme, host and port. */
    public boolean sameAuthority(EgressTarget other) {
        return https == other.https && port == other.port && host.equals(other.host);
    }

    boolean https() {
        return https;
    }

    @Nullable
    InetAddress literal() {
        return literal;
    }

    HttpRoute route() {
        return route;
    }

    Header hostHeader() {
        return hostHeader;
    }

    String authority() {
        return Refusals.authority(host, port);
    }

    static int defaultPort(boolean https) {
        return https ? 443 : 80;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    }

    /** Without path and query, which may hold what is nobody's business. */
    @Override
    public String toString() {
        return scheme() + "://" + authority();
    }
}
