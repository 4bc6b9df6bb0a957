package io.bactrian.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever is at the other end, as far as attempts are counted: an IPv4 address, or the first 64 bits of an IPv6 address, of which
 * one customer of a provider has all the rest. IPv4 written as IPv6 is the same as IPv4.
 *
 * @param text the address, or {@code 2001:db8:0:1::/64}
 */
record Peer(String text) {

    private static final int IPV4 = 4;
    private static final int NETWORK = 8;
    private static final int MAPPED = 12;

    /** Somebody without an address, such as on a Unix socket. */
    private static final Peer UNKNOWN = new Peer("unknown");

    /**
     * Who made a request.
     *
     * @param trustedProxies addresses of proxies that are believed in what they say of whom they speak for
     */
    static Peer of(HttpServerRequest request, Set<Peer> trustedProxies) {
        Peer nearest = of(request.connection().remoteAddress(true).hostAddress());
        if (!trustedProxies.contains(nearest)) {
            return nearest;
        }
        // each proxy adds whom it was asked by: the last that is no proxy of ours is as far as anybody is to be
        // believed
        List<String> told = List.of(
                String.join(",", request.headers().getAll("X-Forwarded-For")).split(","));
        for (int i = told.size() - 1; i >= 0; i--) {
            Peer further = of(told.get(i).strip());
            if (further.equals(UNKNOWN)) {
                return nearest;
            }
            nearest = further;
            if (!trustedProxies.contains(further)) {
                return further;
            }
        }
        return nearest;
    }

    /** The peer of an address in text; of none, or of what is no address, nobody known. */
    static Peer of(@Nullable String address) {
        byte[] bytes = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return UNKNOWN;
        }
        if (bytes.length == IPV4) {
            return new Peer(dotted(bytes));
        }
        return mapped(bytes)
                ? new Peer(dotted(Arrays.copyOfRange(bytes, MAPPED, bytes.length)))
                : new Peer(network(bytes));
    }

    private static boolean mapped(byte[] bytes) {
        for (int i = 0; i < MAPPED - 2; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[MAPPED - 2] == (byte) 0xff && bytes[MAPPED - 1] == (byte) 0xff;
    }

    private static String dotted(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    private static String network(byte[] bytes) {
        HexFormat hex = HexFormat.of();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NETWORK; i += 2) {
            text.append(hex.formatHex(bytes, i, i + 2)).append(':');
        }
        return text.append(":/64").toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
