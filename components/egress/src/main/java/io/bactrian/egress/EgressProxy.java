package io.bactrian.egress;

/**
 * The operator's own HTTP proxy. Every call that the allow-list does not name goes through a tunnel ({@code CONNECT})
 * to it; the checks stay on.
 *
 * @param host the proxy's name or address
 * @param port the proxy's port
 * @param resolvesNames false: names are resolved and checked here and the tunnel is asked for the checked address. True:
 *     the proxy is asked for the name, and it alone answers for the address behind
 */
public record EgressProxy(String host, int port, boolean resolvesNames) {

    /** Checks the port. */
    public EgressProxy {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("a proxy has a host and a port from 1 to 65535");
        }
    }
}
