package io.bactrian.tool.builtin.web;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.egress.EgressTarget;
import io.bactrian.tool.builtin.support.Utf8;
import java.util.HexFormat;
import java.util.Locale;

/**
 * URLs as people and models write them, made into what egress reads: without the fragment, which no server sees, and with what
 * a browser encodes in path and query encoded. The authority is left as it is.
 */
final class PageAddress {

    static final String PARAMETER = "url";

    private static final int LONGEST = 8_192;
    private static final String ENCODED = "\"<>^`{|}";

    private PageAddress() {}

    /**
     * Where a URL leads.
     *
     * @throws BadRequestException if it is no absolute http or https URL
     * @throws RefusedException {@code EGRESS_DENIED} if its form is one that two readers may read in two ways
     */
    static EgressTarget target(String url) {
        checkLength(PARAMETER, url, LONGEST);
        Utf8.checkText(PARAMETER, url);
        String stripped = url.strip();
        String lower = stripped.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("https://") && !lower.startsWith("http://")) {
            throw refused(PARAMETER, "is an absolute URL that begins with https:// or http://");
        }
        int fragment = stripped.indexOf('#');
        String sent = fragment < 0 ? stripped : stripped.substring(0, fragment);
        int path = endOfAuthority(sent);
        return EgressTarget.parse(sent.substring(0, path) + encoded(sent.substring(path)));
    }

    private static int endOfAuthority(String url) {
        int at = url.indexOf("://") + 3;
        while (at < url.length() && url.charAt(at) != '/' && url.charAt(at) != '?') {
            at++;
        }
        return at;
    }

    private static String encoded(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i += Character.charCount(path.codePointAt(i))) {
            int c = path.codePointAt(i);
            if (c == ' ' || c > 0x7f || ENCODED.indexOf(c) >= 0) {
                appendEncoded(out, c);
            } else {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private static void appendEncoded(StringBuilder out, int c) {
        HexFormat hex = HexFormat.of().withUpperCase();
        for (byte each : Character.toString(c).getBytes(UTF_8)) {
            out.append('%').append(hex.toHexDigits(each));
        }
    }
}
