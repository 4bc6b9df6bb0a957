package io.bactrian.egress;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form of host names (RFC 1123 §2.1), and the names that are never called. */
final class HostNames {

    /** Names under which clouds serve credentials to whoever asks from inside (SSRF-01). */
    private static final Set<String> METADATA = Set.of(
            "metadata.google.internal",
            "metadata.goog",
            "metadata",
            "instance-data",
            "instance-data.ec2.internal",
            "metadata.azure.internal",
            "metadata.oraclecloud.com",
            "metadata.tencentyun.com");

    private HostNames() {}

    static boolean isMetadata(String host) {
        return METADATA.contains(host) || host.endsWith(".metadata.google.internal");
    }

    /** Whether the text is labels of letters, digits and inner hyphens, 63 at most each, 253 in all. */
    static boolean wellFormed(String host) {
        if (host.isEmpty() || host.length() > 253) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (label == 0 || host.charAt(i - 1) == '-') {
                    return false;
                }
                label = 0;
                continue;
            }
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && !(c == '-' && label > 0) || ++label > 63) {
                return false;
            }
        }
        return label > 0 && host.charAt(host.length() - 1) != '-';
    }

    /**
     * The ASCII form of a host with other letters (RFC 3490); null if it has none. A host that normalising would change is
     * refused: full-width digits and dots turn into an address that way (SSRF-02).
     */
    static @Nullable String toAscii(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        boolean stable = Normalizer.isNormalized(lower, Normalizer.Form.NFKC)
                && lower.chars().noneMatch(c -> c == '\u3002' || c == '\uff0e' || c == '\uff61');
        if (!stable) {
            return null;
        }
        try {
            return IDN.toASCII(lower, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            return null;
        }
    }
}
