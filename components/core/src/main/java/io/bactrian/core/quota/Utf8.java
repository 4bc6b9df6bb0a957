package io.bactrian.core.quota;

import org.jspecify.annotations.Nullable;

/** How long texts are in UTF-8, without encoding them. */
public final class Utf8 {

    private Utf8() {}

    /** The bytes of a text; none for null. */
    public static long bytes(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // half of a pair counts two: four for both
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
