package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.Locale;

/**
 * A host that the operator named: {@code localhost:11434}, {@code 10.1.2.3:8443}, {@code 10.0.0.0/8},
 * {@code [fd00::1]:443}, {@code *.svc.cluster.local:8080}. A name means that name, whatever local address it resolves to;
 * an address or a block means whatever resolves into it.
 *
 * @param host a name in lower case, {@code *.} and a name's end, an address without brackets, or a block
 * @param port the port; 0 is any
 */
public record AllowedHost(String host, int port) {

    /** Checks the form and lowers the case. */
    public AllowedHost {
        host = host.toLowerCase(Locale.ROOT);
        if (port < 0 || port > 65535 || !wellFormed(host)) {
            throw malformed(host);
        }
    }

    /**
     * Reads an entry: a host, and a colon and a port or {@code *} if not any port is meant.
     *
     * @throws MisconfiguredException naming the setting, if the entry has another form
     */
    public static AllowedHost parse(String entry) {
        String text = entry.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || end + 1 < text.length() && text.charAt(end + 1) != ':') {
                throw malformed(entry);
            }
            return of(entry, text.substring(1, end), end + 1 == text.length() ? "*" : text.substring(end + 2));
        }
        int colon = text.indexOf(':');
        // more than one colon without brackets: an IPv6 address or block, with no port
        return colon < 0 || text.indexOf(':', colon + 1) >= 0
                ? of(entry, text, "*")
                : of(entry, text.substring(0, colon), text.substring(colon + 1));
    }

    private static AllowedHost of(String entry, String host, String port) {
        int number = "*".equals(port) ? 0 : Literals.decimal(port, 0, port.length(), 65535);
        if (number < 0 || number == 0 && !"*".equals(port)) {
            throw malformed(entry);
        }
        return new AllowedHost(host, number);
    }

    private static boolean wellFormed(String host) {
        if (Cidr.parse(host) != null) {
            return true;
        }
        String name = host.startsWith("*.") ? host.substring(2) : host;
        return HostNames.wellFormed(name) && !Literals.endsInNumber(name);
    }

    private static MisconfiguredException malformed(String entry) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "The entry '" + entry + "' of " + EgressPolicy.SETTING
                        + " is not HOST, HOST:PORT, ADDRESS:PORT or BLOCK/PREFIX:PORT");
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == 0 ? shown : shown + ':' + port;
    }
}
