package io.bactrian.egress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses. Addresses are 16 bytes; an IPv4 one is held in its mapped form (RFC 4291 §2.5.5.2), so that
 * {@code ::ffff:10.0.0.1} and {@code 10.0.0.1} are one address everywhere in this room (SSRF-02).
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 * @param prefix how many leading bits count, of 128
 */
record Cidr(long high, long low, int prefix) {

    private static final long MAPPED = 0xffff_0000_0000L;

    /** The block that {@code text} spells: an address, or an address and {@code /} and a prefix length; null if it is none. */
    static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = Literals.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        boolean four = address.getAddress().length == 4;
        int bits = four ? 32 : 128;
        int prefix = slash < 0 ? bits : Literals.decimal(text, slash + 1, text.length(), bits);
        return prefix < 0 ? null : of(address.getAddress(), four ? prefix + 96 : prefix);
    }

    private static Cidr of(byte[] address, int prefix) {
        return new Cidr(high(address) & highMask(prefix), low(address) & lowMask(prefix), prefix);
    }

    /** Whether the block is one address only. */
    boolean single() {
        return prefix == 128;
    }

    boolean contains(byte[] address) {
        return contains(high(address), low(address));
    }

    boolean contains(long otherHigh, long otherLow) {
        return (otherHigh & highMask(prefix)) == high && (otherLow & lowMask(prefix)) == low;
    }

    static long high(byte[] address) {
        return address.length == 4 ? 0 : ByteBuffer.wrap(address).getLong(0);
    }

    static long low(byte[] address) {
        return address.length == 4
                ? MAPPED | Integer.toUnsignedLong(ByteBuffer.wrap(address).getInt())
                : ByteBuffer.wrap(address).getLong(8);
    }

    /** Whether the lower half, under an upper half of zero, is an IPv4 address in mapped form. */
    static boolean mapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    private static long highMask(int prefix) {
        return prefix == 0 ? 0 : prefix >= 64 ? -1 : -1L << (64 - prefix);
    }

    private static long lowMask(int prefix) {
        return prefix <= 64 ? 0 : -1L << (128 - prefix);
    }
}
