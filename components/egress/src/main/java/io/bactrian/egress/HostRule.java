package io.bactrian.egress;

import org.jspecify.annotations.Nullable;

/** One entry of an allow- or deny-list, compiled: by name, by the end of a name, or by address. */
sealed interface HostRule {

    static HostRule of(AllowedHost entry) {
        Cidr block = Cidr.parse(entry.host());
        if (block != null) {
            return new Block(block, entry.port());
        }
        return entry.host().startsWith("*.")
                ? new NameEnd(entry.host().substring(1), entry.port())
                : new Name(entry.host(), entry.port());
    }

    /** The port; 0 is any. */
    int port();

    /** Whether the name itself is meant, whatever it resolves to. */
    boolean names(String host);

    /** Whether the address is meant. */
    boolean covers(byte[] address);

    /** Whether one address is spelled out, which opens even a metadata service. */
    default boolean exact() {
        return false;
    }

    default boolean onPort(int other) {
        return port() == 0 || port() == other;
    }

    /** Whether the rule may meet the target, as far as can be told before the name is resolved. */
    default boolean mayMeet(String host, byte @Nullable [] literal) {
        return literal != null ? covers(literal) : names(host);
    }

    record Name(String name, int port) implements HostRule {
        @Override
        public boolean names(String host) {
            return name.equals(host);
        }

        @Override
        public boolean covers(byte[] address) {
            return false;
        }
    }

    record NameEnd(String end, int port) implements HostRule {
        @Override
        public boolean names(String host) {
            return host.endsWith(end);
        }

        @Override
        public boolean covers(byte[] address) {
            return false;
        }
    }

    record Block(Cidr block, int port) implements HostRule {
        @Override
        public boolean names(String host) {
            return false;
        }

        @Override
        public boolean covers(byte[] address) {
            return block.contains(address);
        }

        @Override
        public boolean exact() {
            return block.single();
        }

        @Override
        public boolean mayMeet(String host, byte @Nullable [] literal) {
            return literal == null || block.contains(literal);
        }
    }
}
