package io.bactrian.core.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The first bytes of a file, which tell its kind. */
final class FileBeginning {

    /** How many bytes are looked at. */
    static final int BYTES = 4_096;

    private final byte[] bytes;
    private final boolean whole;

    /**
     * @param bytes the first {@link #BYTES}, or all if there are fewer
     * @param whole whether there are no more
     */
    FileBeginning(byte[] bytes, boolean whole) {
        this.bytes = bytes.clone();
        this.whole = whole;
    }

    /** Whether it is all of the file. */
    boolean whole() {
        return whole;
    }

    /** The byte at a place; -1 behind the end. */
    int at(int place) {
        return place < bytes.length ? bytes[place] & 0xff : -1;
    }

    /** Whether those characters stand at a place. */
    boolean has(int place, String latin1) {
        byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < wanted.length; i++) {
            if (at(place + i) != (wanted[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** It as text; empty if it is none in UTF-8, or holds characters that no text does. */
    Optional<String> text() {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        // a character that the end cuts in two is no fault where there is more to come
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes), text, whole);
        if (result.isError() || bytes.length == 0) {
            return Optional.empty();
        }
        String decoded = text.flip().toString();
        boolean readable = decoded.chars().allMatch(c -> !Character.isISOControl(c) || "\t\n\r\f".indexOf(c) >= 0);
        return readable ? Optional.of(decoded) : Optional.empty();
    }
}
