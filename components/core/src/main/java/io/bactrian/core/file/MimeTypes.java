package io.bactrian.core.file;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Media types (RFC 9110, section 8.3.1): in lower case and without parameters, such as {@code image/png}. */
public final class MimeTypes {

    /** Of what nothing is known. */
    public static final String UNKNOWN = "application/octet-stream";

    private static final int LONGEST = 127;
    private static final String TOKEN = "[a-z0-9][a-z0-9!#$&^_.+-]*";
    private static final Pattern FORM = Pattern.compile(TOKEN + "/" + TOKEN);
    private static final Pattern WITH_PARAMETERS = Pattern.compile("(" + TOKEN + "/" + TOKEN + ")\\s*(;.*)?");
    private static final Set<String> GENERAL = Set.of(
            UNKNOWN,
            "binary/octet-stream",
            "application/binary",
            "application/x-download",
            "application/force-download");

    /** By media type; the first type of an ending is what that ending means. */
    private static final Map<String, String> EXTENSIONS = extensions();

    private MimeTypes() {}

    private static Map<String, String> extensions() {
        String table = """
                image/png .png
                image/jpeg .jpg
                image/gif .gif
                image/webp .webp
                image/avif .avif
                image/heic .heic
                image/bmp .bmp
                image/tiff .tiff
                image/x-icon .ico
                image/svg+xml .svg
                audio/mpeg .mp3
                audio/mp3 .mp3
                audio/mp4 .m4a
                audio/x-m4a .m4a
                audio/wav .wav
                audio/x-wav .wav
                audio/ogg .ogg
                audio/opus .opus
                audio/flac .flac
                audio/aac .aac
                audio/webm .weba
                video/mp4 .mp4
                video/quicktime .mov
                video/webm .webm
                video/x-matroska .mkv
                video/mpeg .mpeg
                text/plain .txt
                text/markdown .md
                text/csv .csv
                text/html .html
                text/css .css
                text/javascript .js
                text/calendar .ics
                application/json .json
                application/x-ndjson .ndjson
                application/yaml .yaml
                application/xml .xml
                text/xml .xml
                application/xhtml+xml .xhtml
                application/pdf .pdf
                application/rtf .rtf
                application/epub+zip .epub
                application/zip .zip
                application/gzip .gz
                application/x-tar .tar
                application/x-7z-compressed .7z
                application/msword .doc
                application/vnd.ms-excel .xls
                application/vnd.ms-powerpoint .ppt
                application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx
                application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx
                application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx
                application/vnd.oasis.opendocument.text .odt
                application/vnd.oasis.opendocument.spreadsheet .ods
                """;
        Map<String, String> extensions = new LinkedHashMap<>();
        table.lines().map(line -> line.split(" ")).forEach(pair -> extensions.put(pair[0], pair[1]));
        return extensions;
    }

    /** Whether a text is a media type in lower case, without parameters. */
    static boolean isOne(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }

    /** The media type in a text as it stands in a header, with or without parameters; empty if there is none. */
    public static Optional<String> parse(@Nullable String text) {
        if (text == null || text.length() > 4 * LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = WITH_PARAMETERS.matcher(text.strip().toLowerCase(Locale.ROOT));
        return matcher.matches() ? Optional.of(matcher.group(1)).filter(MimeTypes::isOne) : Optional.empty();
    }

    /** The ending of files of that type, with its dot. */
    public static Optional<String> extension(String mimeType) {
        return Optional.ofNullable(EXTENSIONS.get(mimeType));
    }

    /** The type that the ending of a name tells; empty if the name has none, or none that is known. */
    public static Optional<String> ofName(String name) {
        return FileNames.extension(name)
                .map(ending -> ending.equals(".jpeg") ? ".jpg" : ending.equals(".htm") ? ".html" : ending)
                .flatMap(ending -> EXTENSIONS.entrySet().stream()
                        .filter(known -> known.getValue().equals(ending))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    /** Whether a type says nothing of what a file is. */
    static boolean isGeneral(String type) {
        return GENERAL.contains(type);
    }

    /**
     * The type of a file.
     *
     * @param given as whoever made it says; null, malformed or general for none
     * @param content its beginning
     */
    static String of(@Nullable String given, FileBeginning content) {
        return parse(given)
                .filter(type -> !isGeneral(type))
                .or(() -> MimeSniffer.sniff(content))
                .orElse(UNKNOWN);
    }
}
