package io.bactrian.tool.builtin.hash;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Utf8;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/** Digests, checksums and encodings of text in UTF-8. */
final class Hashes {

    static final int LONGEST = 1_000_000;

    private static final String TEXT = "text";

    private Hashes() {}

    static Answer digest(String text, DigestAlgorithm algorithm, Encoding encoding) {
        checkLength(TEXT, text, LONGEST);
        String digest = encoding.encode(messageDigest(algorithm).digest(Utf8.bytes(TEXT, text)));
        String note = algorithm.secure()
                ? ""
                : "\n" + algorithm.jcaName()
                        + " is a checksum only: it is not for security, since collisions can be made";
        return new Answer(
                digest + note,
                JsonObject.builder()
                        .put("digest", digest)
                        .put("algorithm", algorithm.text())
                        .put("encoding", encoding.text())
                        .put("secure", algorithm.secure())
                        .build());
    }

    private static MessageDigest messageDigest(DigestAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jcaName());
        } catch (NoSuchAlgorithmException removed) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED, "This JVM has no " + algorithm.jcaName() + " (java.security)");
        }
    }

    static Answer crc32(String text) {
        checkLength(TEXT, text, LONGEST);
        CRC32 crc = new CRC32();
        crc.update(Utf8.bytes(TEXT, text));
        String hex = String.format(Locale.ROOT, "%08x", crc.getValue());
        return new Answer(hex, JsonObject.of("crc32", hex, "number", crc.getValue()));
    }

    static Answer encode(String text, Encoding encoding) {
        checkLength(TEXT, text, LONGEST);
        String encoded = encoding.encode(Utf8.bytes(TEXT, text));
        return new Answer(encoded, JsonObject.of("encoded", encoded, "encoding", encoding.text()));
    }

    static Decoded decode(String text, Encoding encoding) {
        checkLength(TEXT, text, LONGEST);
        Utf8.checkText(TEXT, text);
        byte[] bytes = encoding.decode(TEXT, text);
        return new Decoded(bytes, Utf8.text(bytes));
    }

    /** What was decoded. A class of its own: bytes are not compared or printed. */
    static final class Decoded {

        private final byte[] bytes;
        private final Optional<String> text;

        Decoded(byte[] bytes, Optional<String> text) {
            this.bytes = bytes;
            this.text = text;
        }

        byte[] bytes() {
            return bytes;
        }

        /** The text, if the bytes are text in UTF-8. */
        Optional<String> text() {
            return text;
        }
    }
}
