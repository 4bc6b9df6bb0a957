package io.bactrian.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads addresses as text, in their one canonical spelling; never asks a name server. */
final class Literals {

    private Literals() {}

    /** The address that {@code host} spells (without brackets or zone); null if it is a name. */
    static @Nullable InetAddress parse(String host) {
        try {
            if (host.indexOf(':') >= 0) {
                return looksLikeSix(host) ? InetAddress.getByName(host) : null;
            }
            byte[] quad = quad(host);
            return quad == null ? null : InetAddress.getByAddress(quad);
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    /**
     * Whether a resolver might read the host as a number: the last label is digits or hexadecimal. Such a host is a
     * canonical dotted quad or nothing: {@code 127.1}, {@code 0x7f.1} and {@code 2130706433} are loopback to libc, and
     * {@code 0177.0.0.1} is two different addresses to libc and to Java (SSRF-02).
     */
    static boolean endsInNumber(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        if (last.startsWith("0x")) {
            return last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0);
        }
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The decimal number in {@code text} from {@code from} to {@code to}, without leading zeros; -1 if it is none or above {@code max}. */
    static int decimal(String text, int from, int to, int max) {
        int digits = to - from;
        if (digits < 1 || digits > 5 || digits > 1 && text.charAt(from) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > max ? -1 : value;
    }

    private static byte @Nullable [] quad(String host) {
        byte[] bytes = new byte[4];
        int from = 0;
        for (int i = 0; i < 4; i++) {
            int dot = host.indexOf('.', from);
            if (i == 3 ? dot >= 0 : dot < 0) {
                return null;
            }
            int octet = decimal(host, from, i == 3 ? host.length() : dot, 255);
            if (octet < 0) {
                return null;
            }
            bytes[i] = (byte) octet;
            from = dot + 1;
        }
        return bytes;
    }

    // only such text reaches InetAddress.getByName, which then parses and never looks up
    private static boolean looksLikeSix(String host) {
        return host.length() <= 45
                && host.chars().allMatch(c -> c == ':' || c == '.' || c < 128 && Character.digit(c, 16) >= 0);
    }
}
