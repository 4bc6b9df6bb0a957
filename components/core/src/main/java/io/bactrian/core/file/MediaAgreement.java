package io.bactrian.core.file;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the beginning of a file can be that of a file of a media type. Says no only where it is sure: of types that cannot be
 * told from their first bytes, anything can be one.
 */
final class MediaAgreement {

    /** Types that share a format, so that the first bytes of one can be those of another. */
    private static final List<Set<String>> FORMATS = List.of(
            Set.of("image/png"),
            Set.of("image/jpeg", "image/jpg"),
            Set.of("image/gif"),
            Set.of("image/webp"),
            Set.of("image/avif", "image/heic"),
            Set.of("audio/wav", "audio/x-wav"),
            Set.of("audio/mpeg", "audio/mp3"),
            Set.of("audio/flac"),
            Set.of("audio/ogg", "audio/opus", "video/ogg"),
            Set.of("audio/mp4", "audio/x-m4a", "video/mp4", "video/quicktime"),
            Set.of("video/webm", "audio/webm", "video/x-matroska"),
            Set.of("application/pdf"),
            Set.of("application/zip"),
            Set.of("application/gzip"));

    private static final Set<String> MARKUP = Set.of("text/html", "application/xml", "image/svg+xml");
    private static final Set<String> TEXTS = Set.of(
            "application/json",
            "application/x-ndjson",
            "application/yaml",
            "application/xml",
            "application/xhtml+xml",
            "application/javascript",
            "image/svg+xml");
    private static final List<String> PICTURES_AND_SOUND = List.of("image/", "audio/", "video/");

    private MediaAgreement() {}

    /**
     * Whether the content is none of that type.
     *
     * @param declared the type that it is said to be
     * @param content its beginning
     */
    static boolean contradicts(String declared, FileBeginning content) {
        if (MimeTypes.isGeneral(declared)) {
            return false;
        }
        Optional<String> sniffed = MimeSniffer.sniff(content);
        if (sniffed.isEmpty()) {
            // bytes of no known kind; none at all are an empty text
            return isText(declared) ? content.at(0) >= 0 : format(declared).isPresent();
        }
        String found = sniffed.get();
        return isText(found) ? noText(declared, found) : noBytes(declared, found);
    }

    /** The content is text. */
    private static boolean noText(String declared, String found) {
        if (declared.endsWith("json")) {
            return MARKUP.contains(found);
        }
        if (declared.equals("image/svg+xml")) {
            return !MARKUP.contains(found);
        }
        return !isText(declared) && (format(declared).isPresent() || isPictureOrSound(declared));
    }

    /** The content is of a format that is no text. */
    private static boolean noBytes(String declared, String found) {
        if (isText(declared)) {
            return true;
        }
        Optional<Set<String>> format = format(declared);
        if (format.isPresent()) {
            return !format.get().contains(found);
        }
        // a document may be a zip, and a picture of a kind that is not known is none of those that are
        return isPictureOrSound(declared);
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || TEXTS.contains(type) || type.endsWith("+json") || type.endsWith("+xml");
    }

    private static boolean isPictureOrSound(String type) {
        return PICTURES_AND_SOUND.stream().anyMatch(type::startsWith);
    }

    private static Optional<Set<String>> format(String type) {
        return FORMATS.stream().filter(format -> format.contains(type)).findFirst();
    }
}
