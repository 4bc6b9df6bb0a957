package io.bactrian.tool.builtin.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bactrian.tool.builtin.support.Utf8;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as characters, in the order in which browsers look: byte order mark, header, the page's own word; then UTF-8 if it is,
 * and else windows-1252 (WHATWG HTML §13.2.3.2).
 */
final class TextDecoder {

    private static final int LOOKED_AT = 4_096;

    /** In meta elements of HTML and declarations of XML. */
    private static final Pattern DECLARED = Pattern.compile(
            "<(?:meta\\b|\\?xml\\b)[^>]{0,500}?\\b(?:charset|encoding)\\s*=\\s*[\"']?\\s*([A-Za-z0-9][A-Za-z0-9_:.+-]{0,39})",
            Pattern.CASE_INSENSITIVE);

    private TextDecoder() {}

    /**
     * Text, and the character set it was in.
     *
     * @param text without its byte order mark
     * @param charset what it was read as
     */
    record Decoded(String text, Charset charset) {}

    /**
     * Decodes.
     *
     * @param bytes what came
     * @param header what the header named; empty if nothing
     * @param cut whether the end is missing, and with it perhaps half of the last character
     */
    static Decoded decode(byte[] bytes, Optional<String> header, boolean cut) {
        Charset marked = marked(bytes);
        if (marked != null) {
            int mark = marked == UTF_8 ? 3 : 2;
            return new Decoded(new String(bytes, mark, bytes.length - mark, marked), marked);
        }
        Charset charset = header.flatMap(TextDecoder::charset)
                .or(() -> declared(bytes))
                .orElseGet(() -> isUtf8(bytes, cut) ? UTF_8 : windows1252());
        return new Decoded(new String(bytes, charset), charset);
    }

    private static @Nullable Charset marked(byte[] bytes) {
        if (starts(bytes, 0xef, 0xbb, 0xbf)) {
            return UTF_8;
        }
        if (starts(bytes, 0xfe, 0xff)) {
            return UTF_16BE;
        }
        return starts(bytes, 0xff, 0xfe) ? UTF_16LE : null;
    }

    private static boolean starts(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Charset> declared(byte[] bytes) {
        String beginning = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), ISO_8859_1);
        Matcher declared = DECLARED.matcher(beginning);
        // what can be read in ASCII is not in UTF-16, whatever it says
        return declared.find()
                ? charset(declared.group(1)).map(charset -> charset.name().startsWith("UTF-16") ? UTF_8 : charset)
                : Optional.empty();
    }

    private static Optional<Charset> charset(String label) {
        String name = label.toLowerCase(Locale.ROOT);
        // whoever says one of these means the set that has them and more (WHATWG Encoding §4.2)
        switch (name) {
            case "iso-8859-1", "latin1", "us-ascii", "ascii" -> {
                return Optional.of(windows1252());
            }
            case "gb2312", "gbk" -> name = "gb18030";
            case "ks_c_5601-1987", "euc-kr" -> name = "x-windows-949";
            case "shift_jis", "shift-jis", "sjis" -> name = "windows-31j";
            default -> {
                // its own name
            }
        }
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
    }

    private static boolean isUtf8(byte[] bytes, boolean cut) {
        int end = bytes.length;
        // half a character at the end of what was cut off says nothing
        while (cut && end > 0 && end > bytes.length - 4 && bytes[end - 1] < 0) {
            end--;
        }
        return Utf8.text(end == bytes.length ? bytes : Arrays.copyOf(bytes, end))
                .isPresent();
    }

    private static Charset windows1252() {
        return Charset.forName("windows-1252");
    }
}
