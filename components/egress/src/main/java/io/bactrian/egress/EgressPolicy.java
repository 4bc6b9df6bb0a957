package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What may be called from here. Without settings: https to public addresses on the ports 80 and 443. The operator names
 * hosts that may be local or private, on the port named, by http too; everything else stays as it is, so a port opened
 * for one host is open for that host alone (SSRF-17). Immutable.
 */
public final class EgressPolicy {

    /** The operator's setting: a list of {@link AllowedHost}. */
    public static final String SETTING = "bactrian.egress.allow";

    private final boolean allowHttp;
    private final Set<Integer> ports;
    private final List<HostRule> allowed;
    private final List<HostRule> denied;
    private final OwnAddresses own;
    private final @Nullable EgressProxy proxy;
    private final String shown;

    private EgressPolicy(Builder builder) {
        this.allowHttp = builder.allowHttp;
        this.ports = Set.copyOf(builder.ports);
        this.allowed = builder.allowed.stream().map(HostRule::of).toList();
        this.denied = builder.denied.stream().map(HostRule::of).toList();
        this.own = new OwnAddresses(List.copyOf(builder.own));
        this.proxy = builder.proxy;
        this.shown = "EgressPolicy[allowHttp=" + allowHttp + ", ports=" + new TreeSet<>(ports) + ", allow="
                + builder.allowed + ", deny=" + builder.denied + "]";
    }

    /** The policy without settings. */
    public static EgressPolicy strict() {
        return builder().build();
    }

    /**
     * The policy that allows the hosts of the setting {@value #SETTING}, such as {@code localhost:11434} or
     * {@code 10.1.2.3:8443}.
     *
     * @throws MisconfiguredException if an entry has no such form
     */
    public static EgressPolicy parse(List<String> allow) {
        Builder builder = builder();
        allow.forEach(builder::allow);
        return builder.build();
    }

    /** A policy to be set up. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks what can be told of the target without resolving its name: denied and metadata names, scheme, port, and the
     * address if it is spelled out. Each call does this again, and checks the resolved addresses too.
     *
     * @throws RefusedException {@code EGRESS_DENIED}, naming the rule
     */
    public void check(EgressTarget target) {
        InetAddress literal = target.literal();
        checkName(target.host(), target.port(), target.https(), literal);
        if (literal != null) {
            checkAddresses(target.host(), target.port(), target.https(), List.of(literal));
        }
    }

    /** The operator's proxy for a host that the allow-list does not name. */
    Optional<EgressProxy> proxyFor(String host, int port, @Nullable InetAddress literal) {
        return proxy == null || mayBeAllowed(host, port, literal) ? Optional.empty() : Optional.of(proxy);
    }

    /** Checks all but the addresses of a name. */
    void checkName(String host, int port, boolean https, @Nullable InetAddress literal) {
        if (HostNames.isMetadata(host)) {
            throw Refusals.of(Refusals.METADATA, host + " is a metadata service");
        }
        byte[] address = literal == null ? null : literal.getAddress();
        for (HostRule rule : denied) {
            if (rule.onPort(port) && (rule.names(host) || address != null && rule.covers(address))) {
                throw Refusals.of(Refusals.DENIED_HOST, host + " is on the operator's deny-list");
            }
        }
        own.checkName(host, port);
        if (!mayBeAllowed(host, port, literal)) {
            checkGeneral(host, port, https);
        }
    }

    /**
     * Checks every address that a name resolved to; one bad address denies them all, since which one is connected to is
     * chance (SSRF-04).
     */
    void checkAddresses(String host, int port, boolean https, List<InetAddress> addresses) {
        for (InetAddress each : addresses) {
            byte[] address = each.getAddress();
            for (HostRule rule : denied) {
                if (rule.onPort(port) && rule.covers(address)) {
                    throw Refusals.of(Refusals.DENIED_HOST, host + " is on the operator's deny-list");
                }
            }
            own.checkAddress(host, each, port);
            if (!allows(host, port, address)) {
                checkGeneral(host, port, https);
                if (AddressTable.denied(address)) {
                    throw Refusals.liftable(
                            Refusals.PRIVATE_ADDRESS, host + " is a local, private or reserved address", host, port);
                }
            }
        }
    }

    private void checkGeneral(String host, int port, boolean https) {
        if (!https && !allowHttp) {
            throw Refusals.liftable(Refusals.SCHEME, "plain http to " + host, host, port);
        }
        if (!ports.contains(port)) {
            throw Refusals.liftable(Refusals.PORT, "port " + port + " of " + host, host, port);
        }
    }

    private boolean mayBeAllowed(String host, int port, @Nullable InetAddress literal) {
        byte[] address = literal == null ? null : literal.getAddress();
        for (HostRule rule : allowed) {
            if (rule.onPort(port) && rule.mayMeet(host, address)) {
                return true;
            }
        }
        return false;
    }

    private boolean allows(String host, int port, byte[] address) {
        boolean hard = AddressTable.hard(address);
        for (HostRule rule : allowed) {
            if (rule.onPort(port) && (rule.names(host) || rule.covers(address)) && (!hard || rule.exact())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return shown;
    }

    /** A policy being set up. */
    public static final class Builder {

        private boolean allowHttp;
        private final Set<Integer> ports = new TreeSet<>(List.of(80, 443));
        private final List<AllowedHost> allowed = new ArrayList<>();
        private final List<AllowedHost> denied = new ArrayList<>();
        private final List<InetSocketAddress> own = new ArrayList<>();
        private @Nullable EgressProxy proxy;

        private Builder() {}

        /** Whether plain http may leave to any public host. */
        public Builder allowHttp(boolean allow) {
            this.allowHttp = allow;
            return this;
        }

        /** A further port that is open to every public host. */
        public Builder port(int port) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("a port is from 1 to 65535");
            }
            ports.add(port);
            return this;
        }

        /** A host that may be local or private, and reached by http. */
        public Builder allow(AllowedHost host) {
            allowed.add(host);
            return this;
        }

        /** A host that may be local or private, and reached by http, as an entry of the setting. */
        public Builder allow(String entry) {
            return allow(AllowedHost.parse(entry));
        }

        /** A host that is never called, allowed or not. */
        public Builder deny(String entry) {
            denied.add(AllowedHost.parse(entry));
            return this;
        }

        /**
         * An address this process listens on, which is never called, allowed or not (SSRF-19): resolved, or a name that leads
         * here from outside; the wildcard address stands for all of this machine's.
         */
        public Builder ownAddress(InetSocketAddress address) {
            own.add(address);
            return this;
        }

        /**
         * As {@link #ownAddress(InetSocketAddress)}, from text such as {@code 127.0.0.1:8080} or {@code [::1]:8080}.
         *
         * @throws MisconfiguredException if it has another form
         */
        public Builder ownAddress(String hostAndPort) {
            int colon = hostAndPort.lastIndexOf(':');
            int port = colon < 1 ? -1 : Literals.decimal(hostAndPort, colon + 1, hostAndPort.length(), 65535);
            if (port < 1) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "An address of this process is ADDRESS:PORT, not '" + hostAndPort + "'");
            }
            String host = hostAndPort.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return ownAddress(new InetSocketAddress(bracketed ? host.substring(1, host.length() - 1) : host, port));
        }

        /** The operator's proxy, for all hosts that are not on the allow-list. The environment's are ignored (SSRF-16). */
        public Builder proxy(EgressProxy through) {
            this.proxy = through;
            return this;
        }

        /** The policy. */
        public EgressPolicy build() {
            return new EgressPolicy(this);
        }
    }

    /** The addresses that this process listens on. */
    private record OwnAddresses(List<InetSocketAddress> listeners) {

        void checkName(String host, int port) {
            for (InetSocketAddress own : listeners) {
                if (own.getPort() == port
                        && own.isUnresolved()
                        && own.getHostString().toLowerCase(Locale.ROOT).equals(host)) {
                    throw refusal(host);
                }
            }
        }

        void checkAddress(String host, InetAddress address, int port) {
            for (InetSocketAddress own : listeners) {
                if (own.getPort() == port && !own.isUnresolved() && meets(own.getAddress(), address)) {
                    throw refusal(host);
                }
            }
        }

        private static boolean meets(InetAddress listening, InetAddress called) {
            return listening.equals(called)
                    || called.isAnyLocalAddress()
                    || listening.isAnyLocalAddress() && LocalAddresses.contains(called);
        }

        private static RefusedException refusal(String host) {
            return Refusals.of(Refusals.SELF, host + " is this process itself");
        }
    }
}
