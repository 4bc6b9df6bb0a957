package io.bactrian.egress;

import io.bactrian.core.error.RefusedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The strict reading of a URL. What two parsers could read in two ways is refused rather than repaired: white space,
 * backslashes, user info, unusual spellings of addresses (SSRF-02, SSRF-08). The JDK's parser has to agree at the end.
 */
final class TargetParser {

    private static final int MAX_LENGTH = 8_192;

    private TargetParser() {}

    static EgressTarget parse(String url) {
        checkCharacters(url);
        boolean https = https(url);
        int from = https ? 8 : 7;
        int end = endOfAuthority(url, from);
        String authority = url.substring(from, end);
        if (authority.indexOf('@') >= 0) {
            throw Refusals.of(Refusals.USER_INFO, "a URL with user info before the host");
        }
        int colon = portColon(authority);
        int port = colon < 0 ? EgressTarget.defaultPort(https) : port(authority, colon + 1);
        String host = host(colon < 0 ? authority : authority.substring(0, colon));
        String rest = url.substring(end);
        String path = path(rest.startsWith("/") ? rest : '/' + rest);
        InetAddress literal = Literals.parse(host);
        agree(https, host, port, path);
        return new EgressTarget(https, host, port, path, literal);
    }

    static String path(String text) {
        if (text.isEmpty() || text.charAt(0) != '/' || text.length() > MAX_LENGTH) {
            throw form("a path that does not begin with a slash, or is too long");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}#".indexOf(c) >= 0) {
                throw form("a path or query with characters that are not encoded");
            }
            if (c == '%' && !(hex(text, i + 1) && hex(text, i + 2))) {
                throw form("a path or query with an incomplete percent code");
            }
        }
        return text;
    }

    private static boolean hex(String text, int at) {
        return at < text.length() && text.charAt(at) < 128 && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static void checkCharacters(String url) {
        if (url.length() > MAX_LENGTH) {
            throw form("a URL longer than " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '\\') {
                throw form("a URL with white space, control characters or backslashes");
            }
            if (c == '#') {
                throw form("a URL with a fragment");
            }
        }
    }

    private static boolean https(String url) {
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean https = "https".equals(scheme);
        if (!https && !"http".equals(scheme)) {
            throw Refusals.of(Refusals.SCHEME, "only https URLs, and http ones where allowed, are called");
        }
        if (!url.startsWith("//", colon + 1)) {
            throw form("a URL without // after the scheme");
        }
        return https;
    }

    private static int endOfAuthority(String url, int from) {
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return url.length();
    }

    private static int portColon(String authority) {
        int bracket = authority.lastIndexOf(']');
        return authority.indexOf(':', Math.max(bracket, 0));
    }

    private static int port(String authority, int from) {
        int port = Literals.decimal(authority, from, authority.length(), 65535);
        if (port < 1) {
            throw Refusals.of(Refusals.PORT, "a port is a number from 1 to 65535");
        }
        return port;
    }

    private static String host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return six(text.substring(1, text.length() - 1));
        }
        boolean ascii = text.chars().allMatch(c -> c < 128);
        String host = ascii ? text.toLowerCase(Locale.ROOT) : HostNames.toAscii(text);
        if (host == null) {
            throw hostForm();
        }
        boolean rooted = host.endsWith(".");
        String name = rooted ? host.substring(0, host.length() - 1) : host;
        if (!HostNames.wellFormed(name)) {
            throw hostForm();
        }
        if (Literals.endsInNumber(name) && (rooted || Literals.parse(name) == null)) {
            throw hostForm();
        }
        return name;
    }

    /** One spelling per address, so that a mapped IPv4 address is the IPv4 address. */
    private static String six(String text) {
        InetAddress address = text.indexOf(':') < 0 ? null : Literals.parse(text.toLowerCase(Locale.ROOT));
        if (address == null) {
            throw hostForm();
        }
        return address.getHostAddress();
    }

    private static void agree(boolean https, String host, int port, String path) {
        String shown = (https ? "https://" : "http://") + Refusals.authority(host, port) + path;
        @Nullable String other;
        try {
            URI uri = new URI(shown).parseServerAuthority();
            other = uri.getPort() == port && uri.getUserInfo() == null ? uri.getHost() : null;
        } catch (URISyntaxException differs) {
            throw form("a URL that is not well formed");
        }
        if (other == null || !other.equals(host.indexOf(':') >= 0 ? '[' + host + ']' : host)) {
            throw hostForm();
        }
    }

    private static RefusedException form(String what) {
        return Refusals.of(Refusals.URL_FORM, what);
    }

    private static RefusedException hostForm() {
        return Refusals.of(
                Refusals.HOST_FORM, "a host is a name, a dotted IPv4 address or an IPv6 address in brackets");
    }
}
