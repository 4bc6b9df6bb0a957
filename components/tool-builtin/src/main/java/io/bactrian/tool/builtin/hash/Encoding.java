package io.bactrian.tool.builtin.hash;

import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.Choices;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Ways to write bytes as plain characters. */
enum Encoding implements Choices.Word {
    /** RFC 4648 §4. */
    BASE64("base64"),
    /** RFC 4648 §5, without padding. */
    BASE64URL("base64url"),
    /** RFC 4648 §8, in lower case. */
    HEX("hex"),
    /** RFC 3986 §2.1: all but letters, digits and {@code -._~} as {@code %XX}. */
    URL("url");

    private static final String UNRESERVED = "-._~";

    private final String text;

    Encoding(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }

    String encode(byte[] bytes) {
        return switch (this) {
            case BASE64 -> Base64.getEncoder().encodeToString(bytes);
            case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case HEX -> HexFormat.of().formatHex(bytes);
            case URL -> percent(bytes);
        };
    }

    private static String percent(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 2);
        HexFormat hex = HexFormat.of().withUpperCase();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(hex.toHexDigits(each));
            }
        }
        return out.toString();
    }

    /** @throws BadRequestException if the text is not written so */
    byte[] decode(String parameter, String text) {
        return switch (this) {
            case BASE64, BASE64URL -> base64(parameter, text);
            case HEX -> hex(parameter, text);
            case URL -> unpercent(parameter, text);
        };
    }

    private byte[] base64(String parameter, String text) {
        Base64.Decoder decoder = this == BASE64 ? Base64.getDecoder() : Base64.getUrlDecoder();
        try {
            // mails and certificates break the lines
            return decoder.decode(withoutBlanks(text));
        } catch (IllegalArgumentException wrong) {
            String other = this == BASE64 ? "'-' and '_' belong to base64url" : "'+' and '/' belong to base64";
            throw refused(parameter, "is no " + this.text + ": it has another character or wrong padding; " + other);
        }
    }

    private static byte[] hex(String parameter, String text) {
        try {
            return HexFormat.of().parseHex(withoutBlanks(text).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException wrong) {
            throw refused(parameter, "is no hex: it takes an even number of digits 0-9 and a-f");
        }
    }

    private static String withoutBlanks(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars()
                .filter(c -> c != ' ' && c != '\n' && c != '\r' && c != '\t')
                .forEach(c -> out.append((char) c));
        return out.toString();
    }

    private static byte[] unpercent(String parameter, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            int next = text.indexOf('%', at);
            int end = next < 0 ? text.length() : next;
            out.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
            at = end;
            if (next >= 0) {
                out.write(escape(parameter, text, next));
                at = next + 3;
            }
        }
        return out.toByteArray();
    }

    private static int escape(String parameter, String text, int at) {
        boolean complete = at + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
        if (!complete) {
            throw refused(parameter, "two hexadecimal digits are expected after the '%' at character " + (at + 1));
        }
        return HexFormat.fromHexDigits(text, at + 1, at + 3);
    }
}
