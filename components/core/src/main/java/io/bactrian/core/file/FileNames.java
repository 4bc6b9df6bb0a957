package io.bactrian.core.file;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What files are called. A name from outside is for people to read and for browsers to save under, never a place on a disk;
 * what could make it one, break a header or turn the direction of writing is replaced all the same (SIGN-06).
 */
final class FileNames {

    /** The longest name. */
    static final int LONGEST = 255;

    private static final int LONGEST_FROM_OUTSIDE = 4 * LONGEST;
    private static final Pattern EXTENSION = Pattern.compile(".(\\.[a-z0-9]{1,10})$", Pattern.DOTALL);
    private static final Pattern DOTS = Pattern.compile("^\\.+|\\.{2,}");
    private static final String RESERVED = "/\\:*?\"<>|";
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private FileNames() {}

    /**
     * The name of a file.
     *
     * @param given as it came; null for none
     * @param id names it if nothing else does
     * @param mimeType gives it an ending if it has none
     */
    static String of(@Nullable String given, FileId id, String mimeType) {
        Optional<String> ending = MimeTypes.extension(mimeType);
        String name = given == null ? "" : harmless(given);
        if (name.isEmpty()) {
            return id + ending.orElse(".bin");
        }
        String whole = extension(name).isPresent() ? name : name + ending.orElse("");
        return shortened(whole);
    }

    /** The ending of a name, with its dot, in lower case; empty if it has none. */
    static Optional<String> extension(String name) {
        Matcher matcher = EXTENSION.matcher(name.toLowerCase(Locale.ROOT));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String harmless(String given) {
        String bounded = given.substring(0, Math.min(given.length(), LONGEST_FROM_OUTSIDE));
        StringBuilder name = new StringBuilder(bounded.length());
        Normalizer.normalize(bounded, Normalizer.Form.NFC).codePoints().forEach(c -> name.appendCodePoint(harmless(c)));
        // no hidden file, no way up
        String undotted = DOTS.matcher(name.toString().strip()).replaceAll("_");
        return undotted.endsWith(".") ? undotted.substring(0, undotted.length() - 1) : undotted;
    }

    private static int harmless(int c) {
        if (RESERVED.indexOf(c) >= 0) {
            return '_';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> '_';
            // scripts and emoji need these two; all others of their kind turn or hide what stands around them
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER ? c : '_';
            case Character.SPACE_SEPARATOR -> ' ';
            default -> c;
        };
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        String ending = extension(name).orElse("");
        int end = LONGEST - ending.length();
        // not in the middle of a character
        int whole = Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end;
        return name.substring(0, whole) + ending;
    }
}
