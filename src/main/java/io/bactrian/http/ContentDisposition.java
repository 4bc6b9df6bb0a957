package io.bactrian.http;

import java.nio.charset.StandardCharsets;

/**
 * The header that tells a browser whether to show or to save, and under which name (RFC 6266). The name is there twice: as
 * it is, in the encoding of RFC 8187, and in ASCII for whoever does not read that. Neither can end the header (SIGN-06).
 */
final class ContentDisposition {

    // attr-char of RFC 8187, 3.2.1
    private static final String PLAIN = "!#$&+-.^_`|~";

    private ContentDisposition() {}

    /**
     * The value of the header.
     *
     * @param inline whether to show it
     * @param name the name of the file
     */
    static String of(boolean inline, String name) {
        return (inline ? "inline" : "attachment") + "; filename=\"" + ascii(name) + "\"; filename*=UTF-8''"
                + encoded(name);
    }

    private static String ascii(String name) {
        StringBuilder ascii = new StringBuilder(name.length());
        // some clients decode a percent sign here too
        name.codePoints().forEach(c -> ascii.append(c >= ' ' && c < 0x7f && "\"\\%".indexOf(c) < 0 ? (char) c : '_'));
        return ascii.toString();
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder(name.length() * 2);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (letter || PLAIN.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
