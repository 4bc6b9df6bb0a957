package io.bactrian.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * The addresses that are nobody's business from here: everything local, private, reserved or embedding another address.
 * {@link InetAddress}'s own predicates miss most of these (shared address space, other clouds' metadata services, IPv4
 * inside IPv6), so the table is written out: RFC 6890 and successors.
 */
final class AddressTable {

    private static final List<Cidr> DENIED_FOUR = cidrs(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's wire server: a public address that answers guests only
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    private static final List<Cidr> DENIED_SIX = cidrs("2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20");

    /** All that is routed on the IPv6 Internet; the loopback, unique local, link-local, multicast and embedding blocks lie outside. */
    private static final Cidr GLOBAL_UNICAST = cidr("2000::/3");

    /** What an operator's allow-list of names and blocks does not open: only the address spelled out does. */
    private static final List<Cidr> HARD = cidrs(
            "0.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.192/32",
            "100.100.100.200/32",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "fd00:ec2::254/128",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8");

    private static final Cidr NAT64 = cidr("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = cidr("2002::/16");
    private static final Cidr TEREDO = cidr("2001::/32");
    private static final Cidr COMPATIBLE = cidr("::/96");

    private AddressTable() {}

    /** Whether the address is denied unless the operator allowed it. */
    static boolean denied(byte[] address) {
        long high = Cidr.high(address);
        long low = Cidr.low(address);
        if (Cidr.mapped(high, low)) {
            return any(DENIED_FOUR, high, low);
        }
        return !GLOBAL_UNICAST.contains(high, low) || any(DENIED_SIX, high, low);
    }

    /** Whether not even an allowed name or block opens the address: metadata services, link-local, multicast, broadcast. */
    static boolean hard(byte[] address) {
        long high = Cidr.high(address);
        long low = Cidr.low(address);
        return any(HARD, high, low) || any(HARD, 0, embedded(high, low));
    }

    /** The lower half of the mapped form of an IPv4 address inside this IPv6 one; that of 1.1.1.1 if there is none. */
    private static long embedded(long high, long low) {
        if (NAT64.contains(high, low) || COMPATIBLE.contains(high, low) && low > 1) {
            return mappedLow(low);
        }
        if (SIX_TO_FOUR.contains(high, low)) {
            return mappedLow(high >>> 16);
        }
        // RFC 4380 §4: the client's address, every bit flipped
        return mappedLow(TEREDO.contains(high, low) ? ~low : 0x01010101L);
    }

    private static long mappedLow(long four) {
        return 0xffff_0000_0000L | four & 0xffff_ffffL;
    }

    private static boolean any(List<Cidr> blocks, long high, long low) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(high, low)) {
                return true;
            }
        }
        return false;
    }

    private static List<Cidr> cidrs(String... blocks) {
        return List.of(blocks).stream().map(AddressTable::cidr).toList();
    }

    private static Cidr cidr(String block) {
        return Objects.requireNonNull(Cidr.parse(block), block);
    }
}
