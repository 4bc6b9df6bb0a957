package io.bactrian.tool.builtin.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bactrian.core.error.BadRequestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Optional;

/** Text as bytes and back, without a character replaced on the way. */
public final class Utf8 {

    private Utf8() {}

    /** @throws BadRequestException if the text has half a character (a lone surrogate) */
    public static byte[] bytes(String parameter, String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException notText) {
            throw half(parameter);
        }
    }

    /** @throws BadRequestException if the text has half a character (a lone surrogate) */
    public static void checkText(String parameter, String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw half(parameter);
        }
    }

    private static BadRequestException half(String parameter) {
        return ArgumentChecks.refused(parameter, "has half a character (a lone surrogate), which is no text");
    }

    /** The text that the bytes are in UTF-8; empty if they are not. */
    public static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException other) {
            return Optional.empty();
        }
    }
}
