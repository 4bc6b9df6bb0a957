package io.bactrian.core.file;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id of a stored file: 128 random bits, which nobody guesses. Lower-case hexadecimal, so that it is the same in a URL,
 * in a database and as the name of a file wherever case does not count.
 *
 * @param value 32 characters of {@code 0-9} and {@code a-f}
 */
public record FileId(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final int BYTES = 16;

    /** @throws IllegalArgumentException if the value is not of that form */
    public FileId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a file id has 32 characters of 0-9 and a-f");
        }
    }

    /** A new id. */
    public static FileId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new FileId(HexFormat.of().formatHex(bytes));
    }

    /** The id of that text; empty if it is none. */
    public static Optional<FileId> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new FileId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
