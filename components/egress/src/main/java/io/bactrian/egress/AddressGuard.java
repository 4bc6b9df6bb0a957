package io.bactrian.egress;

import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnavailableException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The check at the door: what it returns is what is connected to, so that a name server that answers differently the second
 * time is never asked a second time (SSRF-05).
 */
final class AddressGuard {

    /** More addresses than any honest name has (SSRF-18). */
    private static final int MAX_ADDRESSES = 64;

    private final EgressPolicy policy;
    private final NameService names;

    AddressGuard(EgressPolicy policy, NameService names) {
        this.policy = policy;
        this.names = names;
    }

    /** Where to connect to: checked addresses, or the proxy's with what to ask it for. */
    record Route(
            List<InetAddress> addresses, int port, @Nullable String tunnelTo) {}

    /**
     * The way to a host.
     *
     * @param nanos how long names may take
     * @throws RefusedException {@code EGRESS_DENIED}, if the host or any address of it may not be called
     * @throws UnavailableException {@code NAME_NOT_RESOLVED}
     */
    Route route(String host, int port, boolean https, long nanos, BooleanSupplier givenUp) {
        InetAddress literal = Literals.parse(host);
        policy.checkName(host, port, https, literal);
        Optional<EgressProxy> proxy = policy.proxyFor(host, port, literal);
        if (proxy.isPresent() && proxy.get().resolvesNames() && literal == null) {
            return tunnel(proxy.get(), Refusals.authority(host, port), nanos, givenUp);
        }
        List<InetAddress> addresses = literal != null ? List.of(literal) : names.lookUp(host, nanos, givenUp);
        if (addresses.size() > MAX_ADDRESSES) {
            throw Refusals.of(Refusals.ADDRESS_COUNT, host + " has more than " + MAX_ADDRESSES + " addresses");
        }
        policy.checkAddresses(host, port, https, addresses);
        return proxy.isEmpty()
                ? new Route(addresses, port, null)
                : tunnel(proxy.get(), Refusals.authority(addresses.get(0).getHostAddress(), port), nanos, givenUp);
    }

    private Route tunnel(EgressProxy proxy, String authority, long nanos, BooleanSupplier givenUp) {
        InetAddress literal = Literals.parse(proxy.host());
        List<InetAddress> addresses = literal != null ? List.of(literal) : names.lookUp(proxy.host(), nanos, givenUp);
        return new Route(addresses, proxy.port(), authority);
    }
}
