package io.bactrian.tool.builtin.hash;

import io.bactrian.core.file.MimeTypes;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Choices;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;

/** The tools of the provider {@code hash}. */
public final class HashTools {

    private static final String TEXT = "text";
    private static final String ENCODING = "encoding";

    private HashTools() {}

    /** The provider. */
    public static ToolProviderController provider(JsonCodec codec) {
        Toolkit kit = new Toolkit("hash", "Digests, checksums and encodings of text", codec, ToolLabel.UTILITIES);
        digests(kit);
        encodings(kit);
        return kit.provider();
    }

    private static void digests(Toolkit kit) {
        kit.add(
                kit.declare(
                                "digest",
                                "Computes the digest (hash) of a text in UTF-8. md5 and sha-1 are checksums for old systems only, not for security.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .parameter(Parameters.choice(
                                "algorithm",
                                DigestAlgorithm.class,
                                DigestAlgorithm.SHA_256,
                                "the algorithm; md5 and sha-1 are not for security"))
                        .parameter(ToolParameter.llm(ENCODING, ToolParameterType.SELECT, "how to write the digest")
                                .options(Encoding.HEX.text(), Encoding.BASE64.text(), Encoding.BASE64URL.text())
                                .defaultValue(Encoding.HEX.text()))
                        .outputSchema(Outputs.object(
                                "digest string", "algorithm string", "encoding string", "secure boolean")),
                arguments -> Hashes.digest(
                        arguments.text(TEXT),
                        Choices.of(DigestAlgorithm.class, "algorithm", arguments.text("algorithm")),
                        encoding(arguments)));
        kit.add(
                kit.declare(
                                "crc32",
                                "Computes the CRC-32 checksum of a text in UTF-8. It finds accidents, not manipulation.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .outputSchema(Outputs.object("crc32 string", "number integer")),
                arguments -> Hashes.crc32(arguments.text(TEXT)));
    }

    private static void encodings(Toolkit kit) {
        kit.add(
                kit.declare(
                                "encode",
                                "Encodes a text in UTF-8 as base64, base64url, hex, or for a part of a URL (percent codes).")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .parameter(Parameters.choice(ENCODING, Encoding.class, "how to encode it"))
                        .outputSchema(Outputs.object("encoded string", "encoding string")),
                arguments -> Hashes.encode(arguments.text(TEXT), encoding(arguments)));
        kit.addFunction(
                kit.declare(
                                "decode",
                                "Decodes base64, base64url, hex, or percent codes of a URL. What is no text in UTF-8 becomes a file.")
                        .parameter(Parameters.text(TEXT, "what is encoded"))
                        .parameter(Parameters.choice(ENCODING, Encoding.class, "how it is encoded"))
                        .outputSchema(Outputs.object("text string|null", "bytes integer")),
                (arguments, runtime) -> decode(arguments));
    }

    private static ToolStream decode(ToolArguments arguments) {
        Hashes.Decoded decoded = Hashes.decode(arguments.text(TEXT), encoding(arguments));
        int bytes = decoded.bytes().length;
        JsonObject json = JsonObject.of("text", decoded.text().orElse(null), "bytes", bytes);
        return decoded.text().map(text -> new Answer(text, json).stream()).orElseGet(() -> new Answer(
                        bytes + " bytes that are no text in UTF-8; they are in the file", json)
                .stream(new ToolInvokeMessage.Blob(
                        decoded.bytes(), new ToolInvokeMessage.Meta(MimeTypes.UNKNOWN, null))));
    }

    private static Encoding encoding(ToolArguments arguments) {
        return Choices.of(Encoding.class, ENCODING, arguments.text(ENCODING));
    }
}
