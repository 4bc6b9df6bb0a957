package io.bactrian.core.file;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The bytes that are signed: no two lists of fields give the same. */
final class CanonicalForm {

    /** Goes up when the fields or their order change. */
    private static final int FORMAT = 1;

    private CanonicalForm() {}

    /** The format, then each field behind its length in UTF-8 bytes. */
    static byte[] of(String... fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(192);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            for (String field : fields) {
                byte[] text = field.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
