package io.bactrian.core.file;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the kind of a file from its first bytes. Knows what models and tools commonly make, and no more. */
final class MimeSniffer {

    /** Bytes that stand at a place, and perhaps others that stand at another. */
    private record Magic(String type, int place, String bytes, int secondPlace, String secondBytes) {

        static Magic at(String type, int place, String bytes) {
            return new Magic(type, place, bytes, 0, "");
        }

        boolean in(FileBeginning content) {
            return content.has(place, bytes) && content.has(secondPlace, secondBytes);
        }
    }

    /** The narrower before the wider. */
    private static final List<Magic> MAGIC = List.of(
            Magic.at("image/png", 0, "\u0089PNG\r\n\u001a\n"),
            Magic.at("image/jpeg", 0, "\u00ff\u00d8\u00ff"),
            Magic.at("image/gif", 0, "GIF87a"),
            Magic.at("image/gif", 0, "GIF89a"),
            new Magic("image/webp", 0, "RIFF", 8, "WEBP"),
            new Magic("audio/wav", 0, "RIFF", 8, "WAVE"),
            Magic.at("application/pdf", 0, "%PDF-"),
            Magic.at("application/zip", 0, "PK\u0003\u0004"),
            Magic.at("application/zip", 0, "PK\u0005\u0006"),
            Magic.at("application/gzip", 0, "\u001f\u008b\u0008"),
            Magic.at("audio/ogg", 0, "OggS"),
            Magic.at("audio/flac", 0, "fLaC"),
            Magic.at("image/avif", 4, "ftypavif"),
            Magic.at("image/heic", 4, "ftypheic"),
            Magic.at("audio/mp4", 4, "ftypM4A"),
            Magic.at("video/quicktime", 4, "ftypqt"),
            Magic.at("video/mp4", 4, "ftyp"),
            Magic.at("video/webm", 0, "\u001aE\u00df\u00a3"),
            Magic.at("audio/mpeg", 0, "ID3"),
            // MPEG audio, layer III, without a tag before it
            Magic.at("audio/mpeg", 0, "\u00ff\u00fb"),
            Magic.at("audio/mpeg", 0, "\u00ff\u00f3"),
            Magic.at("audio/mpeg", 0, "\u00ff\u00f2"));

    private static final Pattern JSON =
            Pattern.compile("(\\{\\s*[\"}]|\\[\\s*[\\[{\"\\]\\d-]|\\[\\s*(true|false|null)).*", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<[!a-z].*", Pattern.DOTALL);
    private static final Set<String> XML = Set.of("<?xml", "<!--");

    private MimeSniffer() {}

    /** The type; empty if it is none that is known. */
    static Optional<String> sniff(FileBeginning content) {
        return MAGIC.stream()
                .filter(magic -> magic.in(content))
                .map(Magic::type)
                .findFirst()
                .or(() -> content.text().map(text -> ofText(text, content.whole())));
    }

    private static String ofText(String text, boolean whole) {
        String start = text.startsWith("\ufeff") ? text.substring(1) : text;
        String stripped = start.strip();
        if (JSON.matcher(stripped).matches() && (!whole || stripped.endsWith("}") || stripped.endsWith("]"))) {
            return "application/json";
        }
        String lower = stripped.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<svg") || xml(lower) && lower.contains("<svg")) {
            return "image/svg+xml";
        }
        if (lower.startsWith("<?xml")) {
            return "application/xml";
        }
        // whatever a browser might take for a page is one
        return TAG.matcher(lower).matches() ? "text/html" : "text/plain";
    }

    private static boolean xml(String lower) {
        return XML.stream().anyMatch(lower::startsWith);
    }
}
